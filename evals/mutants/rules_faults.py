"""Faults of the rules: single slips that somebody might make in a rule file, generated from the rules themselves.

Every one still loads: what the loader refuses needs no case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import Any, cast

from evals.mutants.slips import Slip, replaced, slips, value_at
from rules.loader import RuleBook
from rules.model import Place, PolicyRules


@dataclass(frozen=True)
class RuleFault:
    """One wrong value in the rules of one policy."""

    id: str
    kind: str
    policy: str
    where: str
    """Award, cap or field."""
    description: str
    """What stands there, and what is written instead."""
    build: Callable[[], RuleBook] = field(repr=False, compare=False)

    @property
    def book(self) -> RuleBook:
        """All rules with the wrong value, built anew each time."""
        return self.build()


def generate(book: RuleBook) -> list[RuleFault]:
    """Every slip of the kinds known here, in the order of the rules.

    Args:
        book: The rules as they should be.
    """
    faults: list[RuleFault] = []
    for rules in book.policies.values():
        count: dict[tuple[str, str], int] = defaultdict(int)
        for slip in slips(book, rules):
            count[slip.where, slip.kind] += 1
            faults.append(
                RuleFault(
                    id=f"{rules.policy}/{slip.where}/{slip.kind}/{count[slip.where, slip.kind]}",
                    kind=slip.kind,
                    policy=rules.policy,
                    where=slip.where,
                    description=_described(slip, value_at(rules, slip.path)),
                    build=partial(_book_with, book, rules, slip),
                )
            )
    return faults


def draw(faults: list[RuleFault], count: int, seed: int) -> list[RuleFault]:
    """A sample in which every kind has as many faults as any other, as far as it has them.

    Args:
        faults: What is drawn from.
        count: How many; below the number of kinds, so many kinds have one each.
        seed: The same seed draws the same faults.
    """
    random = Random(seed)
    kinds: dict[str, list[RuleFault]] = defaultdict(list)
    for fault in faults:
        kinds[fault.kind].append(fault)
    for members in kinds.values():
        random.shuffle(members)
    order = sorted(kinds)
    random.shuffle(order)
    drawn: list[RuleFault] = []
    while len(drawn) < count and any(kinds.values()):
        drawn += [kinds[kind].pop() for kind in order if kinds[kind]]
    chosen = {fault.id for fault in drawn[:count]}
    return [fault for fault in faults if fault.id in chosen]


def _book_with(book: RuleBook, rules: PolicyRules, slip: Slip) -> RuleBook:
    changed = replaced(rules, slip.path, slip.new)
    # Read as from a file: a slip that the loader refuses must not count as one that was noticed.
    fresh = PolicyRules.model_validate(changed.model_dump())
    return replace(book, policies={**book.policies, rules.policy: fresh})


def _described(slip: Slip, old: Any) -> str:
    if slip.path in (("provisions",), ("repeals",)):
        return "没有写进规则"
    if slip.kind == "quotation":
        at = next(at for at, (a, b) in enumerate(zip(old, slip.new, strict=True)) if a != b)
        old, new = old[max(0, at - 4) : at + 5], slip.new[max(0, at - 4) : at + 5]
        return f"“{old}”写成“{new}”"
    if slip.kind == "facet":
        new = cast("dict[str, str]", slip.new)
        return "；".join(f"{facet} {old[facet]} 写成 {value}" for facet, value in new.items() if value != old[facet])
    return f"{_shown(old)} 写成 {_shown(slip.new)}"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "、".join(map(str, cast("tuple[object, ...]", value))) or "（空）"
    return value.name if isinstance(value, Place) else "（空）" if value is None else str(value)
