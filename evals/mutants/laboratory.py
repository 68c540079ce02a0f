"""Puts one fault in, asks the cases, and tells what fell against the sound assistant."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from statistics import mean

from assistant.pipeline import Assistant
from assistant.turn import Search
from assistant.understanding.awards import AwardRecogniser
from assistant.understanding.model import AwardMention
from evals.model import Case, Suite
from evals.mutants.behaviour_faults import BehaviourFault
from evals.mutants.memory import Recorded, RecordedSearch, remembering
from evals.mutants.result import MutantResult
from evals.mutants.rules_faults import RuleFault
from evals.runner import Subject, examine
from knowledge.library import clause_texts
from rules.loader import RuleBook, load_rules
from rules.provenance import CHECKS

TABLE: tuple[Suite, ...] = ("profile",)
QUESTIONS: tuple[Suite, ...] = ("eligibility", "multiturn", "lookup", "comparison", "refuse")
RETRIEVAL: tuple[Suite, ...] = ("retrieval",)
SCORES = ("mrr", "recall@5")
"""Mean scores of retrieval that are watched."""
FALL = 0.02
"""By how much a mean score must fall to be noticed."""

Key = tuple[str, int, str]
"""Case, turn counted from 1, and ``suite/measure``."""


@dataclass
class Reading:
    """What the measures say of some cases."""

    values: dict[Key, bool] = field(default_factory=dict[Key, bool])
    scores: dict[str, dict[str, float]] = field(default_factory=dict[str, "dict[str, float]"])
    """By ``suite/score`` and case."""


def read(subject: Subject, cases: Iterable[Case]) -> Reading:
    """Asks the cases; one that cannot be answered at all has ``answered`` false and no other measure."""
    reading = Reading()
    for case in cases:
        try:
            turns, scores = examine(case, subject.carry_out(case))
        except Exception:  # whatever a fault brings about is noticed, not passed on
            reading.values[case.id, 1, f"{case.suite}/answered"] = False
            continue
        reading.values[case.id, 1, f"{case.suite}/answered"] = True
        for turn, findings in enumerate(turns, 1):
            for name, finding in findings.items():
                reading.values[case.id, turn, f"{case.suite}/{name}"] = finding.value
        for name in SCORES:
            if name in scores:
                reading.scores.setdefault(f"{case.suite}/{name}", {})[case.id] = scores[name]
    return reading


@dataclass(frozen=True)
class Sound:
    """The cases with what the sound assistant makes of them; what workers are handed."""

    cases: tuple[Case, ...]
    reading: Reading
    recorded: Recorded
    checks: tuple[str, ...]
    """Checks that have a finding already; they cannot notice anything."""


def sound_reading(cases: Sequence[Case], search: Search | None = None) -> Sound:
    """Reads the cases that may be looked at with everything as it should be.

    Args:
        cases: All cases; those held out are left out.
        search: Finds passages; the real index when None.
    """
    book, recorded = load_rules(), Recorded()
    looked_at = tuple(case for case in cases if not case.held_out)
    assistant = Assistant(RecordedSearch(recorded, search), book)
    reading = read(Subject(assistant, book), looked_at)
    return Sound(looked_at, reading, recorded, tuple(_findings(book)))


class Laboratory:
    """Examines faults one at a time.

    Args:
        sound: What the sound assistant makes of the cases.
        search: Finds passages where nothing is recorded; the real index when None.
    """

    def __init__(self, sound: Sound, search: Search | None = None) -> None:
        self._sound = sound
        self._search = RecordedSearch(sound.recorded, search)
        self._names: dict[str, list[AwardMention]] = {}

    def unsteady(self) -> list[str]:
        """``case: measure`` that fell although nothing was put in; then no fault can be told from none."""
        with self._known_names():
            now = read(Subject(Assistant(self._search, load_rules()), load_rules()), self._sound.cases)
        return [f"{case}: {measure}" for case, _, measure in _fell(self._sound.reading, now)]

    def examine_rule(self, fault: RuleFault) -> MutantResult:
        """What notices a fault of the rules: the checks against the texts, the table, the questions."""
        started = time.perf_counter()
        book = fault.book
        checks = [name for name in _findings(book) if name not in self._sound.checks]
        # Names of honours stand in the vocabulary, which no fault of the rules touches.
        with self._known_names():
            found = self._fallen(book, (*TABLE, *QUESTIONS))
        result = found.model_copy(
            update={
                "id": fault.id,
                "group": "rule",
                "kind": fault.kind,
                "policy": fault.policy,
                "where": fault.where,
                "description": fault.description,
                "checks": checks,
            }
        )
        return result.model_copy(update={"seconds": round(time.perf_counter() - started, 2)})

    def examine_behaviour(self, fault: BehaviourFault) -> MutantResult:
        """What notices a fault of the program; the checks of the rules read no program."""
        started = time.perf_counter()
        self._search.direct = fault.of_search
        try:
            with nullcontext() if fault.of_names else self._known_names(), fault.put_in():
                found = self._fallen(load_rules(), (*TABLE, *QUESTIONS, *(() if fault.of_money else RETRIEVAL)))
        finally:
            self._search.direct = False
        named = {"id": fault.id, "group": "behaviour", "kind": fault.id, "description": fault.description}
        return found.model_copy(update={**named, "seconds": round(time.perf_counter() - started, 2)})

    def _known_names(self) -> AbstractContextManager[None]:
        """Names of honours are looked for once in each text: it takes half of all the time."""
        return remembering(AwardRecogniser, "find", self._names)

    def _fallen(self, book: RuleBook, suites: tuple[Suite, ...]) -> MutantResult:
        """What held before and holds no more; the fault is yet to be named."""
        cases = [case for case in self._sound.cases if case.suite in suites]
        # The parts of an assistant are joined when it is made: a fault put in later would not be in it.
        now = read(Subject(Assistant(self._search, book), book), cases)
        before = self._sound.reading
        fell = _fell(before, now)
        counted = Counter(measure for _, measure in {(case, measure) for case, _, measure in fell})
        table = {name: count for name, count in sorted(counted.items()) if name.startswith(TABLE)}
        questions = {name: count for name, count in sorted(counted.items()) if name not in table}
        return MutantResult(
            id="",
            group="rule",
            kind="",
            description="",
            table=table,
            questions=questions,
            scores=dict(_falls(before, now)),
            cases=len({case for case, _, _ in fell}),
        )


def _fell(before: Reading, now: Reading) -> list[Key]:
    """What held and holds no more; a case that cannot be answered any more has lost ``answered`` alone."""
    return [key for key, held in before.values.items() if held and now.values.get(key) is False]


def _falls(before: Reading, now: Reading) -> Iterator[tuple[str, float]]:
    """Mean scores that fell; a query that is not answered any more counts nothing."""
    for name, scores in before.scores.items():
        if name in now.scores:
            fall = mean(scores.values()) - mean(now.scores[name].get(case, 0.0) for case in scores)
            if fall > FALL:
                yield name, round(fall, 3)


def _findings(book: RuleBook) -> list[str]:
    """Checks of the rules against the texts that find something."""
    texts = clause_texts()
    return [check.__name__ for check in CHECKS if any(True for _ in check(book, texts))]
