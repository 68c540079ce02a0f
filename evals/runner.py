"""Asks the assistant every case and tallies the measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from assistant.conversation import Conversation
from assistant.pipeline import Assistant
from evals.measures import measure
from evals.model import Case, Measure
from knowledge.library import load_policies

TODAY = date(2026, 11, 21)
"""What relative dates in the cases are counted from."""


@dataclass(frozen=True)
class Failure:
    """A turn that falls short."""

    case: str
    question: str
    measures: list[Measure]


@dataclass
class Report:
    """Measures of a run: for each suite and measure, how many of how many."""

    tally: dict[tuple[str, str], list[bool]] = field(
        default_factory=lambda: defaultdict[tuple[str, str], list[bool]](list)
    )
    failures: list[Failure] = field(default_factory=list[Failure])
    elapsed_ms: list[float] = field(default_factory=list[float])

    def rows(self) -> list[tuple[str, int, int]]:
        """``suite: measure``, right, asked."""
        return [(f"{suite}: {name}", sum(values), len(values)) for (suite, name), values in sorted(self.tally.items())]

    def share(self, suite: str, name: str) -> float:
        """Share of a measure, 1 when nothing was asked."""
        values = self.tally.get((suite, name), [])
        return sum(values) / len(values) if values else 1.0

    @property
    def median_ms(self) -> float:
        """Milliseconds to an answer, at the median."""
        return median(self.elapsed_ms) if self.elapsed_ms else 0.0


def run(assistant: Assistant, cases: Iterable[Case], done: Callable[[], None] = lambda: None) -> Report:
    """Asks every case, each in a conversation of its own.

    Args:
        assistant: What is measured.
        cases: The gold cases.
        done: Called after each case.
    """
    report, texts = Report(), load_policies()
    for case in cases:
        conversation, said, whole = Conversation(), "", True
        for turn in case.turns:
            said += turn.question + "\n"
            answer = assistant.ask(turn.question, conversation, TODAY)
            report.elapsed_ms.append(answer.elapsed_ms)
            found = measure(turn.expected, answer, said, texts)
            wrong = [one for one in found if not one.value]
            for one in found:
                report.tally[case.suite, one.name].append(one.value)
            if wrong:
                whole = False
                report.failures.append(Failure(case.id, turn.question, wrong))
        if len(case.turns) > 1:
            report.tally[case.suite, "whole dialogue"].append(whole)
        done()
    return report
