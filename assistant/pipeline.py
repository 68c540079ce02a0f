"""The pipeline: question → request → calculator or texts → reply → checked answer."""

from __future__ import annotations

import logging
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from assistant.carried import carried, carried_text, started_over
from assistant.conversation import Conversation, carry_over, last_year, search_text
from assistant.errors import QuestionError
from assistant.evidence import narrow
from assistant.figures import unbacked
from assistant.language import language_of, readable
from assistant.model import Answer
from assistant.query import QueryBuilder, QueryOptions, without_possessives
from assistant.replies import (
    award_lookup,
    comparison,
    eligibility,
    english,
    facts,
    outlook,
    refusal,
    standing,
    text_comparison,
    text_lookup,
)
from assistant.replies.parts import beside_evidence, evidence
from assistant.settings import AssistantSettings, load_settings
from assistant.sources import Sources
from assistant.threshold import Measures, measure
from assistant.turn import House, Search, Turn
from assistant.understanding.folding import fold, simplified
from assistant.understanding.model import Mentions, Request
from assistant.understanding.understander import Understander
from knowledge.library import load_policies
from knowledge.model import Hit, Hits, Passage
from knowledge.passages import passages_of
from knowledge.query import Query
from rules.loader import RuleBook, load_rules
from rules.model import Place

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

_log = logging.getLogger(__name__)

_WITHHELD = ("以下是相关条款原文，请以原文为准：", "这个问题暂时无法给出可靠的答复，请换一种问法。")
_BY_WORDS_ONLY = "（向量检索暂时不可用，以下结果只按关键词查找，可能不全。）"


@dataclass(frozen=True)
class Asked:
    """A question with its conversation: what enters the pipeline."""

    text: str
    today: date
    conversation: Conversation


class _Watched:
    """The search of one question, which remembers whether the ranking by meaning was missing."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self.degraded = False

    def __call__(self, query: str, policies: list[str] | None) -> list[Hit]:
        hits = self._search(query, policies)
        self.degraded = self.degraded or getattr(hits, "degraded", False)
        return hits


class Assistant:
    """Answers questions about the collection.

    Args:
        search: Finds passages; called only when a question needs the texts searched.
        book: The rules; the shipped ones when None.
        settings: Limits; read from the environment when None.
        queries: What is made of a question for the search; the best that was measured when None.
    """

    def __init__(
        self,
        search: Search,
        book: RuleBook | None = None,
        settings: AssistantSettings | None = None,
        queries: QueryOptions | None = None,
    ) -> None:
        self._book = book or load_rules()
        self._settings = settings or load_settings()
        self._understander = Understander(self._book)
        self._house = House(
            book=self._book, sources=Sources(load_policies(), self._book), search=search, passages=_passages_by_clause()
        )
        self._queries = QueryBuilder(self._book, queries)
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
        rest = started_over(question)
        if rest == "":
            conversation.clear()
            return refusal.started_over(question, round((time.perf_counter() - started) * 1000, 2))
        before = conversation if rest is None else Conversation()
        turn, answer = self._chain.invoke(Asked(rest or question, today or date.today(), before))
        if getattr(turn.house.search, "degraded", False):
            warning = english.BY_WORDS_ONLY if turn.request.language == "en" else _BY_WORDS_ONLY
            answer = answer.model_copy(update={"text": f"{warning}\n\n{answer.text}"})
        answer = answer.model_copy(update={"elapsed_ms": round((time.perf_counter() - started) * 1000, 2)})
        if rest is not None:
            conversation.clear()
        conversation.remember(turn.request, turn.query, answer)
        return answer

    def find(
        self, text: str, today: date | None = None, *, policies: Sequence[str] = (), place: Place | None = None
    ) -> Hits:
        """The passages that a question is answered from, best first, among the texts that it can concern.

        Args:
            text: The question as typed.
            today: What relative dates are counted from; the calendar's day when None.
            policies: Ids of the texts to search, whatever the question names.
            place: Where no texts are given: only those of this place, whatever the question names.

        Raises:
            QuestionError: the question is empty or too long.
            KnowledgeError: index or model cannot be used.
        """
        turn = self._understand(Asked(self._checked(text), today or date.today(), Conversation()))
        if place is not None:
            alone = {"policies": (), "compared_places": (), "place": place}
            turn = replace(turn, request=turn.request.model_copy(update=alone))
        found = [
            hit
            for scope in ([list(policies)] if policies else narrow(turn))
            for hit in turn.house.search(turn.query, scope)
        ]
        hits = Hits(sorted(found, key=lambda hit: -hit.score))
        hits.degraded = getattr(turn.house.search, "degraded", False)
        return hits

    def measured(self, text: str, today: date | None = None) -> Measures | None:
        """What speaks for and against an answer from the texts; None where there is no text to search.

        Args:
            text: The question as typed.
            today: What relative dates are counted from; the calendar's day when None.

        Raises:
            QuestionError: the question is empty or too long.
            KnowledgeError: index or model cannot be used.
        """
        turn = self._understand(Asked(self._checked(text), today or date.today(), Conversation()))
        scopes = narrow(turn)
        found = [hit for scope in scopes for hit in turn.house.search(turn.query, scope)]
        return measure(turn, sorted(found, key=lambda hit: -hit.score), scopes) if found else None

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
            (text_comparison.compares, text_comparison.reply),
            (_compares, comparison.reply),
            (outlook.asks, outlook.reply),
            (_own_claim, eligibility.reply),
            (_asks_standing, standing.reply),
            (lambda turn: turn.request.kind == "award", award_lookup.reply),
            text_lookup.reply,
        )

        def answered(turn: Turn) -> tuple[Turn, Answer]:
            answer = facts.reply(turn) or replies.invoke(turn)
            if turn.request.language == "en":
                return turn, english.render(turn, answer)
            text = beside_evidence(answer.text, carried_text(turn.carried))
            return turn, answer.model_copy(update={"text": text})

        return RunnableLambda(self._understand) | RunnableLambda(answered) | RunnableLambda(self._gate)

    def _understand(self, asked: Asked) -> Turn:
        before = asked.conversation.request
        mentions = self._understander.recognise(
            readable(without_possessives(asked.text)), asked.today, last_year(before)
        )
        alone = self._understander.resolve(asked.text, mentions, asked.today)
        request = carry_over(self._book, before, alone, mentions, asked.conversation.awards, asked.conversation.applied)
        own = {name: getattr(alone, name) for name in ("heard", "asks_outlook", "asks_filing_order")}
        request = request.model_copy(update={**own, "language": language_of(asked.text)})
        return Turn(
            request=request,
            said="\n".join([*asked.conversation.said, asked.text]),
            query=self._query(search_text(asked.conversation, request, self._understander.subject), request, mentions),
            house=replace(self._house, search=_Watched(self._house.search)),
            carried=carried(self._book, before, alone, request, mentions),
            leans=not alone.claims,
        )

    def _query(self, text: str, request: Request, mentions: Mentions) -> Query:
        """What is searched for; a follow-up that takes words over is looked at anew."""
        plain = simplified(without_possessives(text))
        if fold(plain).text != mentions.text:
            mentions = self._understander.recognise(plain, request.today)
        return self._queries.build(plain, request, mentions)

    def _gate(self, made: tuple[Turn, Answer]) -> tuple[Turn, Answer]:
        """Withholds a reply with a figure that nothing backs; the clauses are given instead."""
        turn, answer = made
        loose = unbacked(answer, turn.said)
        if not loose:
            return made
        _log.error("withheld a reply with unbacked figures %s to %r", sorted(map(str, loose)), turn.request.question)
        plain = evidence(answer.citations, self._house.sources)
        found, nothing = _WITHHELD
        if turn.request.language == "en":
            found, nothing = english.WITHHELD, english.NO_RELIABLE_ANSWER
        text = f"{found}\n\n{plain}" if plain else nothing
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
        and not (turn.request.tag_question and turn.request.asserted_yuan)
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
