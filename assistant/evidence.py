"""Where to search, and whether what was found is evidence enough to answer."""

from __future__ import annotations

from assistant.turn import Turn
from assistant.understanding.wordlist import words
from knowledge.model import Hit
from knowledge.tokens import tokenize

_TOP = 3  # passages whose words count as evidence
_NEAR = 0.875  # cosine from which a passage is about what was asked
_COVERED = 0.5  # share of the question's own words that the passages must hold when none is that near


def narrow(turn: Turn) -> list[str] | None:
    """The policies among which to search.

    Returns:
        Those named; else those of the place, the narrowest first place that has a text of its own;
        None when neither is named; empty when the place has no text.
    """
    request, book = turn.request, turn.house.book
    if request.policies:
        return list(request.policies)
    place = request.place
    if place is None:
        return None
    own = [rules for rules in book.policies.values() if rules.home.covers(place)]
    wider = [rules for rules in book.policies.values() if place.covers(rules.home)]
    if own:
        districts = [rules.policy for rules in own if rules.home.district is not None]
        return districts or [rules.policy for rules in own]
    return [rules.policy for rules in wider]


def enough(turn: Turn, hits: list[Hit]) -> bool:
    """Whether the best passages hold enough of the words that the question is about."""
    if not hits:
        return False
    nearest = max((hit.dense or 0.0) for hit in hits[:_TOP])
    return nearest >= _NEAR or coverage(turn.query, hits) >= _COVERED


def coverage(query: str, hits: list[Hit]) -> float:
    """Share of the question's own tokens, by length, that stand in the best passages (0 to 1).

    Words that every question has (多少, 哪些, 怎么) are no evidence either way.
    """
    stop = set(words().question_words)
    wanted = {token for token in tokenize(query) if token not in stop and len(token) > 1}
    if not wanted:
        return 0.0
    found = {token for hit in hits[:_TOP] for token in tokenize(hit.passage.indexed_text)}
    weight = sum(len(token) for token in wanted)
    return sum(len(token) for token in wanted if token in found) / weight
