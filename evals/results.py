"""What a run found, case by case, and its sums."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from statistics import mean, median

from pydantic import BaseModel, ConfigDict, Field

from evals.model import Suite


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Measured(_Model):
    """One property of one answer."""

    name: str
    turn: int
    """Counted from 1."""
    value: bool
    reason: str = ""


class Evidence(_Model):
    """What was answered, for whoever looks into a failure."""

    question: str
    kind: str
    text: str
    citations: list[str]
    """``policy:clause`` with the quotation."""
    wanted: str
    """The gold, as it stands in the case."""


class CaseResult(_Model):
    """One case of a run."""

    id: str
    suite: Suite
    policies: list[str]
    held_out: bool
    source: str
    measures: list[Measured] = Field(default_factory=list[Measured])
    scores: dict[str, float] = Field(default_factory=dict)
    """Recall, reciprocal rank and nDCG, from 0 to 1."""
    deeds: list[tuple[str, str]] = Field(default_factory=list[tuple[str, str]])
    """For each turn what should have been done, and what was: answer, refuse, ask."""
    elapsed_ms: list[float] = Field(default_factory=list[float])
    evidence: list[Evidence] = Field(default_factory=list[Evidence])

    @property
    def wrong(self) -> list[Measured]:
        """The measures that fall short."""
        return [one for one in self.measures if not one.value]

    def unnamed(self, name: str) -> CaseResult:
        """The same sums under another name, with nothing that tells which case it was."""
        measures = [one.model_copy(update={"reason": ""}) for one in self.measures]
        return self.model_copy(update={"id": name, "source": "", "measures": measures, "evidence": []})


class Row(_Model):
    """One measure of one group of cases."""

    group: str
    """A suite or a policy."""
    measure: str
    value: float
    """From 0 to 1."""
    count: int
    """How many were measured."""


class RunResult(_Model):
    """A whole run."""

    started: datetime
    seconds: float
    cases: list[CaseResult]
    stability: list[str] = Field(default_factory=list)
    """Ids of cases that did not answer the same each time."""
    stability_asked: int = 0
    """How many cases were asked again and again."""

    def part(self, held_out: bool) -> list[CaseResult]:
        """The cases that are held out, or those that are not."""
        return [case for case in self.cases if case.held_out == held_out]

    def save(self, path: Path) -> None:
        """Writes the run as JSON; of a case held out only its measures, without name, question or reason."""
        hidden = {case.id: f"held-out-{number}" for number, case in enumerate(self.part(held_out=True), 1)}
        cases = [case.unnamed(hidden[case.id]) if case.held_out else case for case in self.cases]
        stability = [hidden.get(name, name) for name in self.stability]
        shown = self.model_copy(update={"cases": cases, "stability": stability})
        path.write_text(shown.model_dump_json(indent=1) + "\n", encoding="utf-8")


def rows(cases: Iterable[CaseResult], by_policy: bool = False) -> list[Row]:
    """Shares and mean scores of each suite and measure, in the order of their names.

    Args:
        cases: What is summed up.
        by_policy: Group by the policies that the cases name instead of by suite.
    """
    values: dict[tuple[str, str], list[float]] = defaultdict(list)
    for case in cases:
        for group in case.policies if by_policy else [case.suite]:
            for one in case.measures:
                values[group, one.name].append(float(one.value))
            for name, score in case.scores.items():
                values[group, name].append(score)
            if case.suite == "multiturn":
                # A dialogue that broke off has no measure of its turns.
                decisive = [m.value for m in case.measures if m.name in ("turn", "answered", "measured")]
                values[group, "whole dialogue"].append(float(all(decisive)))
    return [
        Row(group=group, measure=measure, value=mean(found), count=len(found))
        for (group, measure), found in sorted(values.items())
    ]


def confusion(cases: Iterable[CaseResult]) -> Counter[tuple[str, str]]:
    """How often each deed was wanted and done."""
    return Counter(deed for case in cases for deed in case.deeds)


def latency(cases: Iterable[CaseResult]) -> tuple[float, float]:
    """Milliseconds from question to answer: median, and what 95 of 100 stay under; zeros when nothing was asked."""
    spent = sorted(value for case in cases for value in case.elapsed_ms)
    return (median(spent), spent[max(0, int(len(spent) * 0.95) - 1)]) if spent else (0.0, 0.0)
