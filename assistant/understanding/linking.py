"""Honours that no name of the lexicon hits: the name that shares most of its rare pairs of characters with the text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log

from assistant.understanding.folding import fold_word
from assistant.understanding.model import AwardMention, Span
from rules.vocabulary import Names, Vocabulary

_SHORTEST = 4  # characters; of shorter names half is a single pair
_SURE = 0.6  # share of a name, by the rarity of its pairs, from which it is taken to be meant
_AHEAD = 0.1  # by which it must lead the best name of another honour
_SPREAD = 14  # characters that the pairs may lie apart beyond the length of the name


@dataclass(frozen=True)
class _Entry:
    concept: str
    names: Names
    pairs: frozenset[str]
    length: int


class NameLinker:
    """Finds the honour that a text most likely names.

    Args:
        vocabulary: Concepts with their names.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._entries = [
            _Entry(concept, group, frozenset(_pairs(folded)), len(folded))
            for concept, entry in vocabulary.concepts.items()
            for group in entry.names
            for word in group.words
            if len(folded := fold_word(word)) >= _SHORTEST and not folded.isascii()
        ]
        # A pair that names of many honours have says little about which is meant.
        holders: dict[str, set[str]] = {}
        for entry in self._entries:
            for pair in entry.pairs:
                holders.setdefault(pair, set()).add(entry.concept)
        total = len(vocabulary.concepts)
        self._weight = Counter({pair: log(1 + total / len(concepts)) for pair, concepts in holders.items()})

    def find(self, text: str, taken: list[Span]) -> AwardMention | None:
        """The honour that the text names, None where no name or several come near.

        Args:
            text: The folded question.
            taken: Places, dates and the like: no part of a name.
        """
        at: dict[str, list[int]] = {}
        for index in range(len(text) - 1):
            if not any(span.start <= index < span.end for span in taken):
                at.setdefault(text[index : index + 2], []).append(index)
        best: dict[str, tuple[float, _Entry]] = {}
        for entry in self._entries:
            score = self._share(entry, at)
            if score > best.get(entry.concept, (0.0, entry))[0]:
                best[entry.concept] = (score, entry)
        ranked = sorted(best.values(), key=lambda one: -one[0])
        if not ranked or ranked[0][0] < _SURE or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _AHEAD):
            return None
        entry = ranked[0][1]
        places = [at[pair][0] for pair in entry.pairs if pair in at]
        start, end = min(places), max(places) + 2
        gaps = tuple(Span(a + 2, b) for a, b in zip(sorted(places), sorted(places)[1:], strict=False) if b > a + 2)
        return AwardMention(start, end, entry.concept, dict(entry.names.implies), gaps=gaps)

    def _share(self, entry: _Entry, at: dict[str, list[int]]) -> float:
        """How much of a name stands in the text, from 0 to 1; 0 where it lies too far apart."""
        found = [pair for pair in entry.pairs if pair in at]
        if not found:
            return 0.0
        places = [at[pair][0] for pair in found]
        if max(places) - min(places) > entry.length + _SPREAD:
            return 0.0
        whole = sum(self._weight[pair] for pair in entry.pairs)
        return sum(self._weight[pair] for pair in found) / whole


def _pairs(text: str) -> list[str]:
    return [text[index : index + 2] for index in range(len(text) - 1)]
