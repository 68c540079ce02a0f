"""Asks the assistant every case and measures what it gives."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from random import Random

from pydantic_evals import Case as EvalCase
from pydantic_evals import Dataset
from pydantic_evals.evaluators import EvaluationReason, Evaluator, EvaluatorContext
from pydantic_evals.reporting import ReportCase

from assistant.conversation import Conversation
from assistant.model import Answer
from assistant.pipeline import Assistant
from evals.evaluators import answers, profiles, ranking
from evals.evaluators.answers import Finding, Findings
from evals.evaluators.grounding import deed, grounded, wanted_deed
from evals.model import Case, Form, ProfileCase, RetrievalCase
from evals.profile_cases import claims_of, variants_of
from evals.results import CaseResult, Evidence, Measured, RunResult
from knowledge.library import load_policies
from rules.calculator import Result, assess
from rules.loader import RuleBook

TODAY = date(2026, 11, 21)
"""What relative dates in the cases are counted from."""
SEED = 20261122
"""Draws the cases that are asked again and again."""
_AGAIN = 10
_SAMPLE = 24


@dataclass(frozen=True)
class Output:
    """What a case gave; which parts depends on its kind."""

    answers: tuple[Answer, ...] = ()
    found: tuple[str, ...] = ()
    """Clauses found for a query, best first."""
    result: Result | None = None
    variants: Mapping[str, Result] = field(default_factory=dict[str, Result])
    """What the same claims give other applicants, and before they are obtained."""


@dataclass
class Subject:
    """What is measured: the assistant and the rules that its calculator reads."""

    assistant: Assistant
    book: RuleBook

    def carry_out(self, case: Case) -> Output:
        """Runs one case, in a conversation of its own."""
        if isinstance(case.form, ProfileCase):
            return Output(
                result=assess(self.book, *claims_of(self.book, case.form)),
                variants={name: assess(self.book, *one) for name, one in variants_of(self.book, case.form).items()},
            )
        conversation, today = Conversation(), case.today or TODAY
        questions = [turn.question for turn in case.turns] or [case.question]
        given = tuple(self.assistant.ask(question, conversation, today) for question in questions)
        if isinstance(case.form, RetrievalCase) and case.form.clause:
            return Output(given, tuple(ranking.clauses_of(self.assistant.find(case.question, TODAY))))
        return Output(given)


def examine(case: Case, output: Output) -> tuple[list[Findings], dict[str, float]]:
    """Findings of each turn, and scores of a query."""
    texts = load_policies()
    if isinstance(case.form, ProfileCase):
        return [_of_the_table(case.form, output)], {}
    if isinstance(case.form, RetrievalCase):
        findings = grounded(output.answers[0], case.question, texts)
        if not case.form.clause:
            refused = output.answers[0].kind in ("refusal", "clarification", "correction")
            return [{"refuse": Finding(refused, output.answers[0].kind), **findings}], {}
        return [findings], ranking.scores(output.found, case.form.clause, texts)
    turns: list[Findings] = []
    said = ""
    for turn, answer in zip(case.turns, output.answers, strict=True):
        said += turn.question + "\n"
        findings = answers.examine(turn.expected, answer, texts)
        if case.suite == "multiturn":
            findings["turn"] = Finding(answers.turn_is_right(findings))
        turns.append({**findings, **grounded(answer, said, texts)})
    return turns, {}


def _of_the_table(form: ProfileCase, output: Output) -> Findings:
    if output.result is None:
        return {}
    findings = profiles.compare(form.expect, output.result)
    if form.award is not None:
        findings |= profiles.compare_award(form.expect, form.award, output.result, output.variants)
    return findings


@dataclass(repr=False)
class Examine(Evaluator[Case, Output, None]):
    """Every deterministic measure; names of a dialogue's measures begin with the number of the turn."""

    def evaluate(self, ctx: EvaluatorContext[Case, Output, None]) -> dict[str, EvaluationReason]:
        """Value and reason of each measure, scores between 0 and 1 among them."""
        turns, scores = examine(ctx.inputs, ctx.output)
        reasons = {
            f"{number}/{name}": EvaluationReason(finding.value, finding.reason)
            for number, findings in enumerate(turns, 1)
            for name, finding in findings.items()
        }
        return reasons | {name: EvaluationReason(score) for name, score in scores.items()}


def run(subject: Subject, cases: Sequence[Case], *, workers: int = 2, progress: bool = False) -> RunResult:
    """Runs cases, then asks a sample of them again and again.

    Args:
        subject: What is measured.
        cases: The gold cases.
        workers: How many run at once.
        progress: Whether to show a bar.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    dataset = Dataset[Case, Output, None](
        name="policy-assistant", cases=[EvalCase(name=case.id, inputs=case) for case in cases], evaluators=[Examine()]
    )
    report = dataset.evaluate_sync(subject.carry_out, task_name="评测", max_concurrency=workers, progress=progress)
    found = {one.name: _case_result(one) for one in report.cases}
    for failure in report.failures:
        found[failure.name] = _failed(failure.inputs, failure.error_message)
    asked = [case for case in cases if case.turns and not case.held_out]
    again = Random(SEED).sample(asked, min(_SAMPLE, len(asked)))
    return RunResult(
        started=started,
        cases=[found[case.id] for case in cases],
        stability=_unstable(subject, again, workers),
        stability_asked=len(again),
        seconds=time.perf_counter() - clock,
    )


def _unstable(subject: Subject, cases: Sequence[Case], workers: int) -> list[str]:
    """Cases whose answers, asked again and again, are not the same each time."""
    dataset = Dataset[Case, Output, None](
        name="stability", cases=[EvalCase(name=case.id, inputs=case) for case in cases]
    )
    if not cases:
        return []
    report = dataset.evaluate_sync(subject.carry_out, max_concurrency=workers, progress=False, repeat=_AGAIN)
    seen: dict[str, set[str]] = {}
    for one in report.cases:
        plain = "".join(answer.model_dump_json(exclude={"elapsed_ms"}) for answer in one.output.answers)
        seen.setdefault(one.source_case_name or one.name, set()).add(plain)
    for failure in report.failures:
        seen.setdefault(failure.source_case_name or failure.name, set()).add(failure.error_message)
    return sorted(name for name, texts in seen.items() if len(texts) > 1)


def _case_result(one: ReportCase[Case, Output, None]) -> CaseResult:
    case, output = one.inputs, one.output
    measures = [
        Measured(
            name=name.partition("/")[2], turn=int(name.partition("/")[0]), value=found.value, reason=found.reason or ""
        )
        for name, found in one.assertions.items()
    ]
    measures += [Measured(name="measured", turn=1, value=False, reason=e.error_message) for e in one.evaluator_failures]
    result = _blank(case).model_copy(
        update={
            "measures": measures,
            "scores": {name: float(found.value) for name, found in one.scores.items()},
            "elapsed_ms": [answer.elapsed_ms for answer in output.answers],
            "deeds": _deeds(case, output),
        }
    )
    # What a held-out case was answered is written nowhere: it is counted, not looked at.
    falls_short = (result.wrong or any(score < 1 for score in result.scores.values())) and not case.held_out
    return result.model_copy(update={"evidence": _evidence(case, output)}) if falls_short else result


def _blank(case: Case) -> CaseResult:
    return CaseResult(
        id=case.id, suite=case.suite, policies=list(case.policies), held_out=case.held_out, source=case.source
    )


def _failed(case: Case, message: str) -> CaseResult:
    """A case that could not be run at all."""
    measures = [Measured(name="answered", turn=1, value=False, reason=message)]
    return _blank(case).model_copy(update={"measures": measures})


def _deeds(case: Case, output: Output) -> list[tuple[str, str]]:
    if isinstance(case.form, RetrievalCase):
        return [("answer" if case.form.clause else "refuse", deed(answer)) for answer in output.answers]
    return [
        (wanted_deed(turn.expected), deed(answer)) for turn, answer in zip(case.turns, output.answers, strict=False)
    ]


def _evidence(case: Case, output: Output) -> list[Evidence]:
    if isinstance(case.form, ProfileCase):
        shown = output.result.assessment.model_dump_json(exclude={"trace"}) if output.result else ""
        return [
            Evidence(question=case.question, kind="profile", text=shown, citations=[], wanted=_gold(case.form.expect))
        ]
    golds = [_gold(turn.expected) for turn in case.turns] or [_gold(case.form)]
    questions = [turn.question for turn in case.turns] or [case.question]
    return [
        Evidence(
            question=question,
            kind=answer.kind,
            text=answer.text,
            citations=list(output.found[:5]) or [f"{c.policy}:{c.clause} {c.quote}" for c in answer.citations],
            wanted=wanted,
        )
        for question, answer, wanted in zip(questions, output.answers, golds, strict=True)
    ]


def _gold(form: object) -> str:
    return form.model_dump_json(exclude_defaults=True) if isinstance(form, Form) else ""
