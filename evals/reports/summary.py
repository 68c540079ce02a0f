"""The sums that every report shows, and the failures that may be looked at."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from evals.baseline import Difference
from evals.reports.wording import TUNED, measure_rank, percent, suite_rank
from evals.results import CaseResult, Measured, Row, RunResult, rows

DECISIVE = "recall@5"
"""The score that a query fails by, as in the accepted run."""


@dataclass(frozen=True)
class Pair:
    """One measure of the cases tuned on and of those held out."""

    measure: str
    tuned: Row | None
    held_out: Row | None


@dataclass(frozen=True)
class Unsteady:
    """Cases that did not answer the same each time."""

    named: list[str]
    """Ids of cases that may be looked at."""
    held_out: int
    """How many others."""


def side_by_side(result: RunResult, by_policy: bool = False) -> dict[str, list[Pair]]:
    """Measures of each suite, or of each policy, tuned and held out beside each other."""
    found: dict[str, dict[str, dict[bool, Row]]] = defaultdict(lambda: defaultdict(dict))
    for held_out in (False, True):
        for row in rows(result.part(held_out), by_policy):
            found[row.group][row.measure][held_out] = row
    return {
        group: [Pair(name, found[group][name].get(False), found[group][name].get(True)) for name in names]
        for group in sorted(found, key=suite_rank)
        for names in [sorted(found[group], key=measure_rank)]
    }


def shortfalls(case: CaseResult) -> list[Measured]:
    """What a case is wrong in; a query also where a wanted clause is not among the first five."""
    found = list(case.wrong)
    score = case.scores.get(DECISIVE, 1.0)
    if score < 1:
        found.append(Measured(name=DECISIVE, turn=1, value=False, reason=f"前 5 条里有应引条款的 {percent(score)}"))
    return found


def failures(result: RunResult) -> list[CaseResult]:
    """Cases with a shortfall that may be looked at, in the order of the run."""
    return [case for case in result.part(held_out=False) if shortfalls(case)]


def held_out_failures(result: RunResult) -> Counter[str]:
    """How many of the cases held out have a shortfall, by suite."""
    return Counter(case.suite for case in result.part(held_out=True) if shortfalls(case))


def unsteady(result: RunResult) -> Unsteady:
    """What of the cases asked again and again may be named."""
    visible = {case.id for case in result.part(held_out=False)}
    named = [name for name in result.stability if name in visible]
    return Unsteady(named, len(result.stability) - len(named))


def not_run(result: RunResult) -> int:
    """How many cases broke off, so that their measures are in no sum."""
    return sum(any(one.name in ("answered", "measured") for one in case.wrong) for case in result.cases)


def changed_sums(difference: Difference) -> list[tuple[str, Row, float]]:
    """The sums that changed, in the order in which measures are shown."""
    return sorted(
        difference.measures, key=lambda one: (one[0] != TUNED, suite_rank(one[1].group), measure_rank(one[1].measure))
    )
