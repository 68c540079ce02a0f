"""The pipeline: question → request → calculator or texts → reply → checked answer."""

from __future__ import annotations

import logging
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from assistant.conversation import Conversation, carry_over, last_year, search_text
from assistant.errors import QuestionError
from assistant.evidence import narrow
from assistant.figures import unbacked
from assistant.model import Answer
from assistant.replies import award_lookup, comparison, eligibility, refusal, standing, text_lookup
from assistant.replies.parts import evidence
from assistant.settings import AssistantSettings, load_settings
from assistant.sources import Sources
from assistant.turn import House, Search, Turn
from assistant.understanding.folding import simplified
from assistant.understanding.understander import Understander
from knowledge.library import load_policies
from knowledge.model import Hit, Passage
from knowledge.passages import passages_of
from rules.loader import RuleBook, load_rules

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """A question with its conversation: what enters the pipeline."""

    text: str
    today: date
    conversation: Conversation


class Assistant:
    """Answers questions about the collection.

    Args:
        search: Finds passages; called only when a question needs the texts searched.
        book: The rules; the shipped ones when None.
        settings: Limits; read from the environment when None.
    """

    def __init__(self, search: Search, book: RuleBook | None = None, settings: AssistantSettings | None = None) -> None:
        self._book = book or load_rules()
        self._settings = settings or load_settings()
        self._understander = Understander(self._book)
        self._house = House(
            book=self._book, sources=Sources(load_policies(), self._book), search=search, passages=_passages_by_clause()
        )
        self._chain = self._build()

    def ask(self, text: str, conversation: Conversation | None = None, today: date | None = None) -> Answer:
        """Answers one question.

        Args:
            text: The question as typed.
            conversation: What was said before; the question and its answer are added to it.
            today: What relative dates are counted from; the calendar's day when None.

        Returns:
            The typed answer, ``elapsed_ms`` from question to answer.

        Raises:
            QuestionError: the question is empty or too long; the conversation is unchanged.
            KnowledgeError: index or model cannot be used; the conversation is unchanged.
        """
        started = time.perf_counter()
        question = self._checked(text)
        conversation = conversation if conversation is not None else Conversation()
        turn, answer = self._chain.invoke(Asked(question, today or date.today(), conversation))
        answer = answer.model_copy(update={"elapsed_ms": round((time.perf_counter() - started) * 1000, 2)})
        conversation.remember(turn.request, turn.query, answer)
        return answer

    def find(self, text: str, today: date | None = None) -> list[Hit]:
        """The passages that a question is answered from, best first, among the texts that it can concern.

        Args:
            text: The question as typed.
            today: What relative dates are counted from; the calendar's day when None.

        Raises:
            QuestionError: the question is empty or too long.
            KnowledgeError: index or model cannot be used.
        """
        turn = self._understand(Asked(self._checked(text), today or date.today(), Conversation()))
        found = [hit for policies in narrow(turn) for hit in self._house.search(turn.query, policies)]
        return sorted(found, key=lambda hit: -hit.score)

    def _checked(self, text: str) -> str:
        # Control characters are no part of a question; they come from a paste or a broken file.
        clean = "".join(c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") else " " for c in text).strip()
        if not clean:
            raise QuestionError("问题是空的，请输入要问的内容。")
        limit = self._settings.max_question
        if len(clean) > limit:
            raise QuestionError(f"问题有 {len(clean)} 个字，最多 {limit} 个字；请只留下要问的内容。")
        return clean

    def _build(self) -> Runnable[Asked, tuple[Turn, Answer]]:
        # langchain_core takes a quarter of a second to load; `--help` must not wait for it.
        from langchain_core.runnables import RunnableBranch, RunnableLambda

        replies = RunnableBranch[Turn, Answer](
            (lambda turn: turn.request.kind == "injection", refusal.injection),
            (lambda turn: turn.request.kind == "smalltalk", refusal.smalltalk),
            (lambda turn: turn.request.kind == "vague", refusal.vague),
            (_compares, comparison.reply),
            (_own_claim, eligibility.reply),
            (_asks_standing, standing.reply),
            (lambda turn: turn.request.kind == "award", award_lookup.reply),
            text_lookup.reply,
        )

        def answered(turn: Turn) -> tuple[Turn, Answer]:
            return turn, replies.invoke(turn)

        return RunnableLambda(self._understand) | RunnableLambda(answered) | RunnableLambda(self._gate)

    def _understand(self, asked: Asked) -> Turn:
        before = asked.conversation.request
        mentions = self._understander.recognise(asked.text, asked.today, last_year(before))
        alone = self._understander.resolve(asked.text, mentions, asked.today)
        request = carry_over(self._book, before, alone, mentions)
        return Turn(
            request=request,
            said="\n".join([*asked.conversation.said, asked.text]),
            query=simplified(search_text(asked.conversation, request, self._understander.subject)),
            house=self._house,
        )

    def _gate(self, made: tuple[Turn, Answer]) -> tuple[Turn, Answer]:
        """Withholds a reply with a figure that nothing backs; the clauses are given instead."""
        turn, answer = made
        loose = unbacked(answer, turn.said)
        if not loose:
            return made
        _log.error("withheld a reply with unbacked figures %s to %r", sorted(map(str, loose)), turn.request.question)
        plain = evidence(answer.citations, self._house.sources)
        text = (
            f"以下是相关条款原文，请以原文为准：\n\n{plain}"
            if plain
            else "这个问题暂时无法给出可靠的答复，请换一种问法。"
        )
        kind = "lookup" if answer.citations else "refusal"
        return turn, Answer(kind=kind, text=text, citations=answer.citations)


def _passages_by_clause() -> Callable[[str, str], list[Passage]]:
    """Cut when first needed: most questions quote what the search found."""

    @cache
    def of_policy(policy: str) -> list[Passage]:
        return passages_of([load_policies()[policy]])

    return lambda policy, clause: [p for p in of_policy(policy) if p.clause == clause]


def _compares(turn: Turn) -> bool:
    return (
        turn.request.kind == "comparison"
        and len(comparison.sides(turn)) > 1
        and (bool(turn.request.claims) or turn.request.asks_stacking or turn.request.asks_in_force)
    )


def _own_claim(turn: Turn) -> bool:
    """A claim of one's own, whose place or date can be found out by asking."""
    request = turn.request
    if request.kind != "award" or not request.own_claim:
        return False
    # With one candidate text and nothing said of place or date, what that text gives is the answer.
    undated = all(claim.obtained is None for claim in request.claims)
    one = all(len(turn.house.book.policies_with(claim.concept)) == 1 for claim in request.claims)
    return not (one and undated and request.place is None)


def _asks_standing(turn: Turn) -> bool:
    request = turn.request
    if request.kind == "premise" or (request.kind in ("text", "comparison", "award") and not request.claims):
        return standing.answers(turn)
    return False
