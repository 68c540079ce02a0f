"""Names of honours and the words that tell them apart: exact first, then by sound, then by shape."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import Hamming

from assistant.understanding.folding import fold_word
from assistant.understanding.gapped import thinnings
from assistant.understanding.model import AwardMention, FacetMention, Span
from assistant.understanding.sounds import sounds
from assistant.understanding.wordlist import words
from rules.vocabulary import Names, Vocabulary

_SHORTEST_BY_SOUND = 3  # characters; two sound alike too often
_SHORTEST_BY_SHAPE = 5


@dataclass(frozen=True)
class _Name:
    word: str
    concept: str
    names: Names
    sound: tuple[str, ...]


class AwardRecogniser:
    """Finds what the vocabulary names.

    Args:
        vocabulary: Concepts and facets with their words.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._names = [
            _Name(folded, concept, group, tuple(_sounds(folded)))
            for concept, entry in vocabulary.concepts.items()
            for group in entry.names
            for word in group.words
            if (folded := fold_word(word))
        ]
        self._names.sort(key=lambda name: len(name.word), reverse=True)
        self._facets = [
            (fold_word(word), facet, value)
            for facet, entry in vocabulary.facets.items()
            for value, options in entry.values.items()
            for word in options.words
        ]
        self._facets.sort(key=lambda item: len(item[0]), reverse=True)
        self._facet_sounds = [
            (tuple(_sounds(word)), facet, value)
            for word, facet, value in self._facets
            if len(word) >= _SHORTEST_BY_SOUND and not word.isascii()
        ]
        self._kinds = [
            [word for word, own, _ in self._facets if own == facet and len(word) > 1] for facet in vocabulary.facets
        ]
        self._ignored = [fold_word(word) for word in vocabulary.ignored]
        # 国标委 says a level; the 国标 in it is no standard.
        self._ignored += [word for word, _, _ in self._facets if len(word) >= _SHORTEST_BY_SOUND]

    def find(self, text: str) -> list[AwardMention]:
        """Mentions in a folded text, none overlapping, in its order; longer names before shorter."""
        found: list[AwardMention] = []
        exact: list[tuple[int, AwardMention]] = []
        for name in self._names:
            start = text.find(name.word)
            while start >= 0:
                exact.append((-len(name.word), _mention(name, start, start + len(name.word))))
                start = text.find(name.word, start + 1)
        thinned_texts = thinnings(text, words().fillers, self._kinds)
        for thinned in thinned_texts:
            for name in self._names:
                for whole, gaps in thinned.find(name.word):
                    exact.append((-len(name.word), _mention(name, whole.start, whole.end, gaps)))
        masks = [Span(m.start(), m.end()) for word in self._ignored for m in re.finditer(re.escape(word), text)]
        for _, mention in sorted(exact, key=lambda match: (match[0], match[1].start)):
            _take(found, mention, text, masks)
        heard = _sounds(text)
        for name in self._names:
            length = len(name.word)
            if length < _SHORTEST_BY_SOUND or name.word.isascii():
                continue
            for start in range(len(text) - length + 1):
                if (heard[start] == name.sound[0] and tuple(heard[start : start + length]) == name.sound) or (
                    length >= _SHORTEST_BY_SHAPE and _one_sign_differs(text[start : start + length], name.word)
                ):
                    _take(found, _mention(name, start, start + length), text, masks)
        for thinned in thinned_texts:  # 标准国际化的培育机地
            heard = _sounds(thinned.text)
            for name in self._names:
                for whole, gaps in thinned.find_sound(heard, name.sound):
                    _take(found, _mention(name, whole.start, whole.end, gaps), text, masks)
        return sorted(found, key=lambda mention: mention.start)

    def find_facets(self, text: str, awards: list[AwardMention], taken: list[Span]) -> list[FacetMention]:
        """Facet words outside the mentions already taken.

        A word of one character (省, 市, 国) counts only right before an award, another facet word,
        or an enumeration of such words: elsewhere it is a part of some other word.
        """
        found: list[FacetMention] = []
        singles: list[FacetMention] = []
        for word, facet, value in self._facets:
            start = text.find(word)
            while start >= 0:
                mention = FacetMention(start, start + len(word), facet, value)
                # One word may tell of several kinds: 首次 of a certificate and of a unit.
                other = [f for f in found if (f.start, f.end) != (mention.start, mention.end) or f.facet == facet]
                free = not any(mention.overlaps(one) for one in [*taken, *other]) and not any(
                    award.covers(mention) for award in awards
                )
                if free and _stands_alone(text, mention):
                    (singles if len(word) == 1 else found).append(mention)
                start = text.find(word, start + 1)
        found += self._facets_by_sound(text, [*taken, *awards, *found])
        anchors = {mention.start for mention in [*awards, *found]}
        for mention in sorted(singles, key=lambda m: m.start, reverse=True):
            after = text[mention.end : mention.end + 1]
            follows = mention.end in anchors or (after in ("、", "和", "跟", "与", "的", "级", "/") and bool(anchors))
            if follows and any(a >= mention.end and a - mention.end <= 8 for a in anchors):
                found.append(mention)
                anchors.add(mention.start)
        return sorted(found, key=lambda mention: mention.start)

    def _facets_by_sound(self, text: str, taken: list[Span]) -> list[FacetMention]:
        """提明奖: words of three characters or more that are typed by ear."""
        heard = _sounds(text)
        found: list[FacetMention] = []
        for sound, facet, value in self._facet_sounds:
            for start in range(len(text) - len(sound) + 1):
                if heard[start] == sound[0] and tuple(heard[start : start + len(sound)]) == sound:
                    mention = FacetMention(start, start + len(sound), facet, value)
                    if not any(mention.overlaps(other) for other in [*taken, *found]):
                        found.append(mention)
        return found


def _mention(name: _Name, start: int, end: int, gaps: tuple[Span, ...] = ()) -> AwardMention:
    return AwardMention(
        start, end, name.concept, dict(name.names.implies), name.names.instance, name.names.generic, gaps
    )


def _take(found: list[AwardMention], mention: AwardMention, text: str, masks: list[Span]) -> None:
    """Takes a mention unless it overlaps one taken before or lies in a longer word that means something else."""
    longer = [m for m in masks if m.end - m.start > mention.end - mention.start]
    if not any(mention.overlaps(other) for other in [*found, *longer]) and _stands_alone(text, mention):
        found.append(mention)


def _stands_alone(text: str, span: Span) -> bool:
    """A Latin word is not a part of a longer one: ``tc`` is not in ``etc``."""
    first, last = text[span.start], text[span.end - 1]
    before, after = text[span.start - 1 : span.start], text[span.end : span.end + 1]
    return not (
        (first.isascii() and first.isalpha() and before.isascii() and before.isalpha())
        or (last.isascii() and last.isalpha() and after.isascii() and after.isalpha())
    )


def _sounds(text: str) -> list[str]:
    """The sound of each character, one that is typed for a character it looks like as that character."""
    return list(sounds(text.translate(_lookalikes())))


@cache
def _lookalikes() -> dict[int, str]:
    return {ord(sign): group[0] for group in words().lookalikes for sign in group[1:]}


def _one_sign_differs(text: str, word: str) -> bool:
    return Hamming.distance(text, word) == 1
