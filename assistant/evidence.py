"""Where to search, and whether what was found is evidence enough to answer."""

from __future__ import annotations

from assistant.turn import Turn
from assistant.understanding.wordlist import words
from knowledge.model import Hit
from knowledge.tokens import tokenize
from rules.model import Place

_TOP = 3  # passages whose words count as evidence
_NEAR = 0.88  # cosine from which a passage is about what was asked
_COVERED = 0.45  # share of the question's own words that the passages must hold when none is that near


def narrow(turn: Turn) -> list[list[str] | None]:
    """The policies among which to search, for each place that the question names.

    Returns:
        One list of those named, or of those of each place; a list with None when neither policy nor
        place is named: all are searched. Empty when no place has a text.
    """
    request = turn.request
    if request.policies:
        return [list(request.policies)]
    places = request.compared_places or ((request.place,) if request.place else ())
    if not places:
        return [None]
    return [policies for place in places if (policies := _texts_of(turn, place))]


def _texts_of(turn: Turn, place: Place) -> list[str]:
    """The texts of a place: those of the district where it has its own, else of the city, else of what it holds."""
    book = turn.house.book
    own = [rules for rules in book.policies.values() if rules.home.covers(place)]
    inside = [rules for rules in book.policies.values() if place.covers(rules.home)]
    if own:
        districts = [rules.policy for rules in own if rules.home.district is not None]
        return districts or [rules.policy for rules in own]
    return [rules.policy for rules in inside]


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
