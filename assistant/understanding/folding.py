"""Folds a text so that words compare whatever script, width, case, spacing or quotation marks were typed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Protocol, cast

_DROPPED = set("“”\"'‘’《》〈〉「」『』*`") | {"\u200b", "\ufeff", "\u00ad"}


class _Converter(Protocol):
    def convert(self, text: str, /) -> str: ...


@cache
def _simplifier() -> _Converter:
    # Loading the dictionaries takes milliseconds; texts that are never folded need none.
    import opencc  # pyright: ignore[reportMissingTypeStubs]

    return cast("_Converter", opencc.OpenCC("t2s"))  # pyright: ignore[reportUnknownMemberType]


@dataclass(frozen=True)
class Folded:
    """A folded text and where each of its characters stands in the original."""

    text: str
    origin: tuple[int, ...]
    original: str

    def words(self, start: int, end: int) -> str:
        """The original words of a span of the folded text."""
        if start >= end:
            return ""
        return self.original[self.origin[start] : self.origin[end - 1] + 1]


def fold(text: str) -> Folded:
    """A text without spaces, quotation marks, width, case and script differences.

    Args:
        text: As typed.

    Returns:
        The folded text with the offset of each character in the original.
    """
    simple = _simplifier().convert(text)
    if len(simple) != len(text):  # a phrase conversion changed the length: offsets must hold
        simple = "".join(_same_length(char) for char in text)
    letters: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(simple):
        for letter in unicodedata.normalize("NFKC", char).lower():
            if letter.isspace() and not _between_latin(simple, index):
                continue
            if letter in _DROPPED or unicodedata.category(letter) == "Cc":
                continue
            letters.append(" " if letter.isspace() else letter)
            origin.append(index)
    return Folded("".join(letters), tuple(origin), text)


def simplified(text: str) -> str:
    """A text in simplified characters, everything else as it is."""
    return _simplifier().convert(text)


def fold_word(word: str) -> str:
    """A word of a lexicon as it is compared."""
    return fold(word).text


def _same_length(char: str) -> str:
    converted = _simplifier().convert(char)
    return converted if len(converted) == 1 else char


def _between_latin(text: str, index: int) -> bool:
    """Spaces matter between Latin words only."""
    before = text[index - 1] if index else ""
    after = text[index + 1] if index + 1 < len(text) else ""
    return before.isascii() and before.isalpha() and after.isascii() and after.isalpha()
