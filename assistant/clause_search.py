"""Search for staff: clauses instead of an answer, with what speaks for each and whether its policy still runs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.errors import AssistantError
from assistant.notices import chinese_day, state_notice
from assistant.pipeline import Assistant
from assistant.sources import Sources
from assistant.understanding.folding import fold
from knowledge.library import load_policies
from knowledge.model import Hit, Hits
from rules.loader import RuleBook, load_rules
from rules.model import Place

State = Literal["in_force", "expired", "repealed", "not_yet_in_force"]

_SENTENCES = 2  # of a clause, best first
_WORD = re.compile(r"[a-z0-9]+(?:[.&\-/][a-z0-9]+)*")
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_BETWEEN = re.compile(r"[\s，。、；：？！,;:?!（）()《》〈〉“”\"'／|｜]+")
_PARTICLES = "的了和与及或在对为由是给吗呢"
_SHORTEST = 2  # characters of a match, where the query itself is not shorter

Key = tuple[str, str]
"""Policy and clause path."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sentence(_Model):
    """A sentence, item or table row of a clause."""

    quote: str
    start: int
    end: int
    """Character offsets in the body."""
    marks: tuple[tuple[int, int], ...]
    """Where the words of the query stand in the quotation, in characters."""


class FoundClause(_Model):
    """A clause that was found."""

    rank: int
    policy: str
    name: str
    """Short name of the policy, as in replies."""
    title: str
    document_number: str | None
    clause: str
    heading: str
    as_of: date
    state: State
    """Whether the policy runs on that day."""
    standing: str
    """The same as a phrase, with its day."""
    first_day: date | None
    last_day: date | None
    sentences: tuple[Sentence, ...]
    """Those that fit best, best first."""
    vector_rank: int | None
    """Place among the clauses by meaning, counted from 1; None where that ranking did not have it."""
    keyword_rank: int | None
    """Place among the clauses by words."""
    score: float
    """The score that both rankings give the best sentence together."""
    rerank: float | None
    """What the reranker said of it, 0 to 1; None where none is set."""


class FoundClauses(_Model):
    """What a search found."""

    clauses: tuple[FoundClause, ...] = Field(default=())
    degraded: bool = False
    """Only words could be searched."""
    elsewhere: bool = False
    """The query names a place without texts: all texts were searched instead."""


def find_clauses(
    assistant: Assistant,
    query: str,
    *,
    policies: Sequence[str] = (),
    place: Place | None = None,
    as_of: date | None = None,
    top_k: int = 5,
) -> FoundClauses:
    """The clauses that fit a query best.

    Args:
        assistant: Finds the passages; ``passages_for`` says how many it should return.
        query: What is looked for.
        policies: Ids of the texts to search; empty for those that the query can concern.
        place: Only texts of this place.
        as_of: The day on which the standing of a policy is told; today when None. What has lapsed is still found.
        top_k: How many clauses at most.

    Raises:
        AssistantError: the query is empty or too long, ``top_k`` is below 1, a text is unknown, or no text is left.
        KnowledgeError: index or model cannot be used.
    """
    book = load_rules()
    if not query.strip():
        raise AssistantError('没有要找的内容；请写成 policy-assistant search "品字标 自我声明"。')
    if top_k < 1:
        raise AssistantError(f"--top-k 应至少为 1，现为 {top_k}。")
    policies = _within(book, policies, place)
    day = as_of or date.today()
    hits = assistant.find(query, day, policies=policies, place=place)
    elsewhere = not hits and not policies and place is None
    if elsewhere:
        hits = assistant.find(query, day, policies=list(book.policies))
    return FoundClauses(
        clauses=tuple(_clauses(hits, query, day, book)[:top_k]), degraded=hits.degraded, elsewhere=elsewhere
    )


def passages_for(top_k: int) -> int:
    """How many passages a search should return so that enough clauses and both rankings are seen."""
    return max(60, 6 * top_k)


def marks(query: str, text: str) -> tuple[tuple[int, int], ...]:
    """Where words of a query stand in a text, whatever width, case and script either has.

    Args:
        query: What was looked for; Chinese need not be cut into words.
        text: The text.

    Returns:
        First character and one past the last of each stretch, in order, none touching the next.

    >>> marks("自我聲明 品字标", "以自我声明获得“品字标”证书")
    ((1, 5), (8, 11))
    """
    pieces = [fold(piece).text for piece in _BETWEEN.split(query)]
    chinese = [run for piece in pieces for run in _CHINESE.findall(piece)]
    words = {word for piece in pieces for word in _WORD.findall(piece)}
    folded = fold(text)
    spans = [match.span() for match in _WORD.finditer(folded.text) if match[0] in words]
    at = 0
    while at < len(folded.text):
        length = _longest(folded.text, at, chinese)
        spans += _trimmed(folded.text, at, at + length)
        at += max(length, 1)
    found: list[tuple[int, int]] = []
    for start, end in sorted((folded.origin[a], folded.origin[b - 1] + 1) for a, b in spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def _longest(text: str, at: int, chinese: Sequence[str]) -> int:
    """Characters of the longest stretch from a place that stands in the query; 0 where none is long enough."""
    length = 0
    while at + length < len(text) and any(text[at : at + length + 1] in run for run in chinese):
        length += 1
    return length if length >= _SHORTEST or (length == 1 and text[at] in chinese) else 0


def _trimmed(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Without particles at either end; nothing where nothing else is left."""
    whole = end - start
    while start < end and text[start] in _PARTICLES:
        start += 1
    while start < end and text[end - 1] in _PARTICLES:
        end -= 1
    return [(start, end)] if end - start >= min(_SHORTEST, whole) and end > start else []


def _within(book: RuleBook, policies: Sequence[str], place: Place | None) -> list[str]:
    """Those of the texts named that can concern a place."""
    for policy in policies:
        if policy not in book.policies:
            raise AssistantError(f"没有政策文件 {policy}；--policy 可以是 {'、'.join(book.policies)}。")
    if place is None:
        return list(policies)
    there = [rules.policy for rules in book.policies.values() if rules.home.covers(place) or place.covers(rules.home)]
    if not there:
        raise AssistantError(f"没有收录{place.name}的文件。{Sources(load_policies(), book).coverage()}")
    left = [policy for policy in policies if policy in there]
    if policies and not left:
        raise AssistantError(f"{'、'.join(policies)} 不是{place.name}的文件；{place.name}的是 {'、'.join(there)}。")
    return left


def _clauses(hits: Hits, query: str, day: date, book: RuleBook) -> list[FoundClause]:
    sources = Sources(load_policies(), book)
    by_clause: dict[Key, list[Hit]] = {}
    for hit in hits:
        by_clause.setdefault(_key(hit), []).append(hit)
    by_meaning = _places([(hit.dense, hit) for hit in hits])
    by_words = _places([(hit.keyword, hit) for hit in hits])
    return [
        _found(rank, query, own, day, (by_meaning.get(key), by_words.get(key)), book, sources)
        for rank, (key, own) in enumerate(by_clause.items(), 1)
    ]


def _found(
    rank: int,
    query: str,
    hits: Sequence[Hit],
    day: date,
    places: tuple[int | None, int | None],
    book: RuleBook,
    sources: Sources,
) -> FoundClause:
    best = hits[0]
    policy = best.passage.policy
    rules, meta = book.policies[policy], sources.policies[policy].meta
    state, standing = standing_on(book, sources, policy, day)
    return FoundClause(
        rank=rank,
        policy=policy,
        name=rules.name,
        title=meta.title,
        document_number=meta.document_number,
        clause=best.passage.clause,
        heading=sources.policies[policy].clause(best.passage.clause).heading,
        as_of=day,
        state=state,
        standing=standing,
        first_day=rules.in_force.first_day,
        last_day=rules.in_force.last_day,
        sentences=tuple(
            Sentence(
                quote=hit.passage.quote,
                start=hit.passage.start,
                end=hit.passage.end,
                marks=marks(query, hit.passage.quote),
            )
            for hit in hits[:_SENTENCES]
        ),
        vector_rank=places[0],
        keyword_rank=places[1],
        score=round(best.score, 6),
        rerank=None if best.rerank is None else round(best.rerank, 6),
    )


def standing_on(book: RuleBook, sources: Sources, policy: str, day: date) -> tuple[State, str]:
    """Whether a policy runs on a day, and the same as a phrase.

    Args:
        book: All rules.
        sources: For the notice that replies give as well.
        policy: Id of the policy.
        day: The day.
    """
    period = book.policies[policy].in_force
    notice = state_notice(book, sources, policy, day)
    last = chinese_day(period.last_day) if period.last_day else ""
    match notice.kind if notice else None:
        case "repealed":
            return "repealed", f"已废止（最后施行日{last}）"
        case "expired":
            return "expired", f"规划期已满（{last}）" if period.is_plan else f"已过有效期（{last}到期）"
        case "not_yet_in_force":
            first = chinese_day(period.first_day) if period.first_day else ""
            return "not_yet_in_force", f"当时尚未施行（{first}起）"
        case _:
            runs = "规划期内" if period.is_plan and last else "施行中"
            return "in_force", f"{runs}（至{last}）" if last else f"{runs}（文中没有写明终止日期）"


def _places(scored: Sequence[tuple[float | None, Hit]]) -> dict[Key, int]:
    """Place of each clause in one ranking, by its best passage there."""
    ranking = sorted((pair for pair in scored if pair[0] is not None), key=lambda pair: -(pair[0] or 0.0))
    clauses = dict.fromkeys(_key(hit) for _, hit in ranking)
    return {clause: place for place, clause in enumerate(clauses, 1)}


def _key(hit: Hit) -> Key:
    return hit.passage.policy, hit.passage.clause
