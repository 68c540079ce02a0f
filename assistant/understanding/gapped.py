"""Names with other words in between: 先进质量管理的孵化基地, 工业计量方面的省级标杆示范企业."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.understanding.model import Span

_SHORTEST = 5  # characters; what shorter names have in between is another thing
_LONGEST_GAP = 10  # characters in all


@dataclass(frozen=True)
class Thinned:
    """A text without some of its words, and where each remaining character stands."""

    text: str
    origin: tuple[int, ...]

    shortest: int
    """Names of fewer characters are not looked for."""

    def find(self, name: str) -> Iterator[tuple[Span, tuple[Span, ...]]]:
        """Where a name stands with words of the original in between: the whole, and the stretches in between."""
        if len(name) < self.shortest:
            return
        start = self.text.find(name)
        while start >= 0:
            yield from self._whole(start, len(name))
            start = self.text.find(name, start + 1)

    def find_sound(self, heard: Sequence[str], sound: tuple[str, ...]) -> Iterator[tuple[Span, tuple[Span, ...]]]:
        """The same for a name by its sound.

        Args:
            heard: The sound of each character of the text.
            sound: That of the name.
        """
        length = len(sound)
        if length < self.shortest:
            return
        for start in range(len(heard) - length + 1):
            if heard[start] == sound[0] and tuple(heard[start : start + length]) == sound:
                yield from self._whole(start, length)

    def _whole(self, start: int, length: int) -> Iterator[tuple[Span, tuple[Span, ...]]]:
        """The stretch of the original and what is dropped inside it, where something is."""
        places = self.origin[start : start + length]
        gaps = tuple(Span(a + 1, b) for a, b in pairwise(places) if b > a + 1)
        if gaps and sum(gap.end - gap.start for gap in gaps) <= _LONGEST_GAP:
            yield Span(places[0], places[-1] + 1), gaps


def thinnings(text: str, fillers: Sequence[str], kinds: Iterable[Sequence[str]]) -> list[Thinned]:
    """The text without fillers, and without fillers and the words of one kind, for each kind that it has.

    Args:
        text: Folded.
        fillers: 的, 方面的: words that say nothing.
        kinds: Words that tell awards apart, kind by kind: 省级, 国家级; 工业, 农业.
    """
    found = [_without(text, fillers, _SHORTEST - 1)]
    for kind in kinds:
        own = [word for word in kind if len(word) > 1 and word in text]
        if own:
            found.append(_without(text, [*own, *fillers], _SHORTEST))
    return [one for one in found if len(one.text) < len(text)]


def _without(text: str, dropped: Sequence[str], shortest: int) -> Thinned:
    gone: set[int] = set()
    # Longer words first: in 质量安全国家级 it is 国家级 that goes, not 全国.
    for word in sorted(set(dropped), key=len, reverse=True):
        start = text.find(word)
        while start >= 0:
            if not gone.intersection(range(start, start + len(word))):
                gone.update(range(start, start + len(word)))
            start = text.find(word, start + 1)
    origin = tuple(index for index in range(len(text)) if index not in gone)
    return Thinned("".join(text[index] for index in origin), origin, shortest)
