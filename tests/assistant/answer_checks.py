"""What every answer must keep to, whatever was asked: the contract as a list of small checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from assistant.figures import figures_in, unbacked
from assistant.model import Answer
from knowledge.library import load_policies

POLICIES = load_policies()


def broken(answer: Answer, said: str) -> list[str]:
    """Every way in which an answer breaks the contract; empty when it keeps to it.

    Args:
        answer: What was answered.
        said: Everything that the person has said in the conversation.
    """
    return [f"{check.__name__}: {problem}" for check in CHECKS for problem in check(answer, said)]


def text_is_there(answer: Answer, said: str) -> Iterator[str]:
    if not answer.text.strip():
        yield "empty"


def citations_are_verbatim(answer: Answer, said: str) -> Iterator[str]:
    cited = [*answer.citations, *(notice.citation for notice in answer.notices if notice.citation)]
    for citation in cited:
        policy = POLICIES[citation.policy]
        if not citation.quote.strip() or policy.body[citation.start : citation.end] != citation.quote:
            yield f"{citation.policy}[{citation.start}:{citation.end}] is not {citation.quote!r}"
        if (citation.title, citation.document_number) != (policy.meta.title, policy.meta.document_number):
            yield f"{citation.policy} is not called {citation.title}"
        clause = policy.clause(citation.clause)
        if clause.heading != citation.heading:
            yield f"{citation.clause} is not headed {citation.heading}"
        if citation.quote.strip() not in policy.text_of(clause, with_children=True):
            yield f"{citation.quote!r} does not stand in {citation.clause}"


def citations_are_distinct(answer: Answer, said: str) -> Iterator[str]:
    spans = [(c.policy, c.start, c.end) for c in answer.citations]
    if len(spans) != len(set(spans)):
        yield f"twice: {spans}"


def no_figure_is_loose(answer: Answer, said: str) -> Iterator[str]:
    for figure in unbacked(answer, said):
        yield str(figure)


def notices_stand_in_the_text(answer: Answer, said: str) -> Iterator[str]:
    for notice in answer.notices:
        if notice.text not in answer.text:
            yield notice.text


def fields_fit_the_kind(answer: Answer, said: str) -> Iterator[str]:
    if answer.kind == "clarification" and not answer.questions:
        yield "a clarification asks nothing"
    if answer.kind == "eligibility" and answer.assessment is None:
        yield "no assessment"
    if answer.assessment is not None and answer.kind not in ("eligibility", "correction", "clarification"):
        yield f"an assessment in a {answer.kind}"
    if answer.kind == "comparison" and not answer.citations:
        yield "a comparison without a citation"
    for question in answer.questions:
        if question not in answer.text:
            yield f"{question} does not stand in the text"


def assessment_adds_up(answer: Answer, said: str) -> Iterator[str]:
    found = answer.assessment
    if found is None:
        return
    for line in found.lines:
        if (
            line.outcome == "eligible"
            and line.unit_yuan is not None
            and line.unit_yuan * line.quantity != line.amount_yuan
        ):
            yield f"{line.award}: {line.quantity} × {line.unit_yuan} is not {line.amount_yuan}"
    if found.total_yuan is not None:
        lines = sum(line.amount_yuan or 0 for line in found.lines if line.outcome == "eligible")
        if lines + sum(a.amount_yuan for a in found.adjustments) != found.total_yuan:
            yield f"lines and adjustments are not {found.total_yuan}"
    if (found.outcome in ("undetermined", "depends")) and found.total_yuan is not None:
        yield f"{found.outcome} with a total"


def computations_are_right(answer: Answer, said: str) -> Iterator[str]:
    for step in answer.computations:
        first, *rest = step.operands
        value = sum(rest, first) if step.operation == "sum" else first - sum(rest, Decimal(0))
        if value != step.value:
            yield f"{step.operation} of {step.operands} is not {step.value}"
        printed = figures_in(said).union(*(figures_in(citation.quote) for citation in answer.citations))
        for operand in step.operands:
            if step.unit in ("yuan", "%") and (step.unit, operand.normalize()) not in printed:
                yield f"operand {operand} stands nowhere"


CHECKS: tuple[Callable[[Answer, str], Iterator[str]], ...] = (
    text_is_there,
    citations_are_verbatim,
    citations_are_distinct,
    no_figure_is_loose,
    notices_stand_in_the_text,
    fields_fit_the_kind,
    assessment_adds_up,
    computations_are_right,
)
