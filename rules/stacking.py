"""What is not paid twice: one project with several awards, several awards of one year, and caps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, product

from rules.assessment import Adjustment, Alternative, Applicant, Claim, TraceStep
from rules.loader import RuleBook
from rules.model import Award, NonStacking, PolicyRules, Quotation

_MOST_ORDERS = 64
"""Orders of filing that are worked out; nobody reads more."""


@dataclass(frozen=True, slots=True)
class Payable:
    """An eligible line with what the rules of non-duplication need to know of it."""

    policy: str
    clause: str
    award: Award
    claim: Claim
    quantity: int
    unit_yuan: int | None
    amount_yuan: int

    @property
    def year(self) -> int | None:
        """The year in which it was obtained; None when no day is known."""
        return self.claim.obtained.first.year if self.claim.obtained else None

    @property
    def name(self) -> str:
        """The award as it is called in a list of what is not paid."""
        award = self.award
        quoted = award.name if "“" in award.name else f"“{award.name}”"
        return f"{quoted}（{award.level}）" if award.level else quoted


@dataclass(frozen=True, slots=True)
class Reduced:
    """What non-duplication and caps leave."""

    adjustments: tuple[Adjustment, ...] = ()
    steps: tuple[TraceStep, ...] = ()
    """The adjustments with the sentence behind each."""
    alternatives: tuple[Alternative, ...] = ()
    depends: bool = False
    """The order of filing decides and is not known; the alternatives say what each gives."""


@dataclass
class _Ledger:
    """The lines of one policy and what is left of each, in yuan."""

    policy: str
    lines: list[Payable]
    left: list[int]
    adjustments: list[Adjustment] = field(default_factory=list[Adjustment])
    steps: list[TraceStep] = field(default_factory=list[TraceStep])

    def forgo(self, amount: int, reason: str, source: Quotation, line: int | None = None) -> None:
        """Takes an amount off a line, or off a group of them, with the sentence that says so."""
        if line is not None:
            self.left[line] -= amount
        self.adjustments.append(Adjustment(rule=reason, clause=source.clause, amount_yuan=-amount))
        self.steps.append(
            TraceStep(step=reason, clause=source.clause, quote=source.quote, amount_yuan=-amount, policy=self.policy)
        )


def reduce(book: RuleBook, applicant: Applicant, lines: Sequence[Payable]) -> Reduced:
    """Applies non-duplication, then caps, policy by policy.

    Args:
        book: All rules.
        applicant: For the amounts already received under each cap, in yuan.
        lines: Every eligible line, amounts in yuan before any reduction.

    Returns:
        Negative adjustments; alternatives where the text can be read otherwise or the order of
        filing is not known (their totals are totals of all lines, in yuan).

    Source: 台政发〔2021〕4号 五; 台政发〔2017〕13号 六; 长乐若干意见 三/（二）/末段.
    """
    undecided = _undecided(book, lines)
    if undecided:
        orders = _orders(book, applicant, lines, undecided)
        if len({order.total_yuan for order in orders}) > 1:
            return Reduced(alternatives=tuple(orders), depends=True)
        return reduce(book, applicant, _filed_first(lines, [members[0] for members in undecided]))
    ledgers: list[_Ledger] = []
    alternatives: list[Alternative] = []
    gross = sum(line.amount_yuan for line in lines)
    for policy in dict.fromkeys(line.policy for line in lines):
        rules = book.policies[policy]
        own = [line for line in lines if line.policy == policy]
        ledger = _Ledger(policy, own, [line.amount_yuan for line in own])
        rule = rules.non_stacking
        if rule is not None and rule.rule == "highest_of_year":
            alternatives += _highest_of_year(rule, ledger, gross)
        elif rule is not None:
            _one_of_project(rule, ledger)
        _apply_caps(rules, applicant, ledger)
        ledgers.append(ledger)
    return Reduced(
        adjustments=tuple(a for ledger in ledgers for a in ledger.adjustments),
        steps=tuple(s for ledger in ledgers for s in ledger.steps),
        alternatives=tuple(alternatives),
    )


def _undecided(book: RuleBook, lines: Sequence[Payable]) -> list[list[int]]:
    """The lines of each project under 最先申报一项 of which nobody said what was filed first."""
    found: list[list[int]] = []
    for policy, project in dict.fromkeys((line.policy, line.claim.project) for line in lines if line.claim.project):
        rule = book.policies[policy].non_stacking
        members = [i for i, line in enumerate(lines) if (line.policy, line.claim.project) == (policy, project)]
        unknown = all(lines[index].claim.filed != 1 for index in members)
        if rule is not None and rule.rule == "first_filed" and unknown and len(members) > 1:
            found.append(members)
    return found


def _orders(
    book: RuleBook, applicant: Applicant, lines: Sequence[Payable], undecided: list[list[int]]
) -> list[Alternative]:
    """What each possible first filing gives, everything else applied."""
    found: list[Alternative] = []
    for chosen in islice(product(*undecided), _MOST_ORDERS):
        reduced = reduce(book, applicant, _filed_first(lines, chosen))
        total = sum(line.amount_yuan for line in lines) + sum(a.amount_yuan for a in reduced.adjustments)
        reading = "，".join(f"最先申报{lines[index].name}" for index in chosen)
        order = Alternative(reading=reading, total_yuan=total)
        if order not in found:
            found.append(order)
    return found


def _filed_first(lines: Sequence[Payable], chosen: Sequence[int]) -> list[Payable]:
    """The lines, with those chosen filed first."""
    return [
        replace(line, claim=line.claim.model_copy(update={"filed": 1})) if index in chosen else line
        for index, line in enumerate(lines)
    ]


def _one_of_project(rule: NonStacking, ledger: _Ledger) -> None:
    """最先申报一项 and 最优一项: of one project one award is paid; different projects add up."""
    lines, left = ledger.lines, ledger.left
    for project in dict.fromkeys(line.claim.project for line in lines if line.claim.project):
        members = [index for index, line in enumerate(lines) if line.claim.project == project]
        if len(members) < 2:
            continue
        if rule.rule == "best":
            kept = max(members, key=lambda index: left[index])
        else:
            kept = next(index for index in members if lines[index].claim.filed == 1)
        for index in members:
            if index != kept:
                ledger.forgo(left[index], f"{rule.text}：不再享受{lines[index].name}", rule, line=index)


def _highest_of_year(rule: NonStacking, ledger: _Ledger, gross: int) -> list[Alternative]:
    """就高不重复, by year: the strictest reading counts, the others are named.

    Whether the two items are pooled, and whether different standards of one year repeat each
    other, the text does not say.
    """
    lines, left = ledger.lines, ledger.left
    strict = by_item = by_honour = 0
    for year in dict.fromkeys(line.year for line in lines):
        groups = [
            [index for index, line in enumerate(lines) if line.year == year and _is_under(line.clause, item)]
            for item in rule.items
        ]
        pooled = [index for group in groups for index in group]
        if not pooled or (len(pooled) == 1 and lines[pooled[0]].quantity == 1):
            continue
        units = {index: lines[index].unit_yuan or left[index] for index in pooled}
        kept = max(pooled, key=lambda index: units[index])
        total = sum(left[index] for index in pooled)
        strict += total - units[kept]
        by_item += total - sum(max((units[index] for index in group), default=0) for group in groups)
        # Quality awards of several levels repeat each other; standards, each its own work, may not.
        honours = groups[0]
        by_honour += sum(left[i] for i in honours) - max((units[i] for i in honours), default=0)
        for index in pooled:
            cut = left[index] - (units[index] if index == kept else 0)
            if cut:
                ledger.forgo(cut, f"{rule.text}：{lines[index].name}不再重复享受", rule, line=index)
    readings = {by_item: "两项分别就高，互不合并", by_honour: "不同的标准、项目不算重复，只有第1项内部就高"}
    return [Alternative(reading=reading, total_yuan=gross - cut) for cut, reading in readings.items() if cut != strict]


def _is_under(clause: str, prefixes: Sequence[str]) -> bool:
    return any(clause == prefix or clause.startswith(prefix + "/") for prefix in prefixes)


def _apply_caps(rules: PolicyRules, applicant: Applicant, ledger: _Ledger) -> None:
    """Cumulative caps count what was received before; yearly caps count each year for itself."""
    for cap in rules.caps:
        members = [index for index, line in enumerate(ledger.lines) if line.award.cap == cap.id]
        received = applicant.received_yuan.get(cap.id, 0)
        years = dict.fromkeys(ledger.lines[index].year if cap.per == "year" else None for index in members)
        for year in years:
            inside = [index for index in members if cap.per == "lifetime" or ledger.lines[index].year == year]
            excess = sum(ledger.left[index] for index in inside) - max(cap.yuan - received, 0)
            if excess > 0:
                before = f"（此前已领 {_wan(received)}）" if received else ""
                ledger.forgo(excess, f"{cap.text}{before}", cap)


def _wan(yuan: int) -> str:
    return f"{yuan // 10_000} 万元" if yuan % 10_000 == 0 else f"{yuan:,} 元"
