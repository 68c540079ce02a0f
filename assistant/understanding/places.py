"""Place names in a question, and the places that they mean together."""

from __future__ import annotations

from assistant.understanding.model import PlaceMention
from rules.gazetteer import Gazetteer
from rules.model import Place


class PlaceRecogniser:
    """Finds place names.

    Args:
        gazetteer: Names and what each can mean.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._by_first: dict[str, list[str]] = {}
        for name in sorted(gazetteer.names, key=len, reverse=True):
            self._by_first.setdefault(name[0], []).append(name)

    def find(self, text: str) -> list[PlaceMention]:
        """Place names of a folded text, the longest at each position.

        A city and a district that follow each other (台州温岭) are two mentions.
        """
        found: list[PlaceMention] = []
        at = 0
        while at < len(text):
            for name in self._by_first.get(text[at], ()):
                if text.startswith(name, at) and _stands_alone(text, at, at + len(name)):
                    found.append(PlaceMention(at, at + len(name), self._gazetteer.places(name)))
                    at += len(name)
                    break
            else:
                at += 1
        return _within_municipalities(found)


def combine(mentions: list[PlaceMention]) -> list[Place]:
    """The distinct places that mentions mean together, each as exact as it is named.

    ``福州`` and ``长乐`` are one place, ``台州`` and ``长乐`` two. Of several that a name can
    mean, those stay that agree with another mention; a name that stays open is left as its
    alternatives.
    """
    kept: list[Place] = []
    for mention in mentions:
        possible = list(mention.places)
        if len(possible) > 1:
            others = [place for other in mentions if other is not mention for place in other.places]
            possible = [p for p in possible if any(o.may_be(p) for o in others)] or possible
            # The city named beside it says more than the province.
            possible = [p for p in possible if any(o.city and o.city == p.city for o in others)] or possible
        kept += possible
    distinct: list[Place] = []
    for place in kept:
        if place not in distinct and not any(other != place and place.covers(other) for other in kept):
            distinct.append(place)
    return distinct


def _within_municipalities(mentions: list[PlaceMention]) -> list[PlaceMention]:
    """Takes 上海市普陀区 for Shanghai: districts of municipalities are not in the gazetteer, namesakes elsewhere are."""
    kept: list[PlaceMention] = []
    for mention in mentions:
        before = kept[-1] if kept else None
        if (
            before
            and before.end == mention.start
            and _is_municipality(before)
            and all(p.district for p in mention.places)
        ):
            kept[-1] = PlaceMention(before.start, mention.end, before.places)
        else:
            kept.append(mention)
    return kept


def _is_municipality(mention: PlaceMention) -> bool:
    return all(p.city is None and p.province is not None and p.province.endswith("市") for p in mention.places)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """A Latin name is not a part of a longer word."""
    around = text[max(start - 1, 0) : start] + text[end : end + 1]
    return not (text[start].isascii() and any(c.isascii() and c.isalpha() for c in around))
