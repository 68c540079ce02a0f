"""Asks generated questions and counts which are answered exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.conversation import Conversation
from assistant.errors import AssistantError
from assistant.figures import unbacked
from assistant.model import Answer
from assistant.pipeline import Assistant
from evals.marked import table
from evals.variants.generator import Variant
from rules.errors import RulesError
from rules.loader import RuleBook


@dataclass(frozen=True)
class Outcome:
    """What came of one generated question."""

    variant: Variant
    exact: bool
    """Amount and policy are right; of a mistyped question it may also be asked back."""
    backed: bool
    """Every figure of the reply is backed."""
    reply: str
    """What was answered, in short."""


def run_variants(
    book: RuleBook, variants: Sequence[Variant], today: date, progress: Callable[[int, int], None] | None = None
) -> list[Outcome]:
    """Asks each question in a conversation of its own.

    No question of an award needs the texts searched, so none is: what would have to be searched for is an answer
    that was not understood.

    Args:
        book: The rules.
        variants: The questions.
        today: What relative dates are counted from.
        progress: Told how many of how many are done.
    """
    assistant = Assistant(lambda query, policies: [], book=book)
    outcomes: list[Outcome] = []
    for done, variant in enumerate(variants, 1):
        try:
            answer = assistant.ask(variant.question, Conversation(), today)
            outcomes.append(_judged(variant, answer))
        except (AssistantError, RulesError) as error:
            outcomes.append(Outcome(variant, exact=False, backed=True, reply=str(error)))
        if progress:
            progress(done, len(variants))
    return outcomes


def summary(outcomes: Sequence[Outcome]) -> str:
    """Shares of exact answers by noise, as a table."""
    noises = list(dict.fromkeys(outcome.variant.noise for outcome in outcomes))
    rows = [_row(noise, [one for one in outcomes if one.variant.noise == noise]) for noise in noises]
    return table(["noise", "questions", "exact", "unbacked figures"], [*rows, _row("all", outcomes)])


def _judged(variant: Variant, answer: Answer) -> Outcome:
    assessment = answer.assessment
    total = assessment.total_yuan if assessment else None
    right = assessment is not None and total == variant.yuan and assessment.policy == variant.policy
    return Outcome(
        variant,
        exact=right or (variant.may_ask and total is None),
        backed=not unbacked(answer, variant.question),
        reply=f"{answer.kind}，合计 {total}（应为 {variant.yuan}）",
    )


def _row(name: str, outcomes: Sequence[Outcome]) -> list[str]:
    exact = sum(outcome.exact for outcome in outcomes)
    loose = sum(not outcome.backed for outcome in outcomes)
    return [name, str(len(outcomes)), f"{exact / len(outcomes):.1%}" if outcomes else "–", str(loose)]
