"""Words of the texts for everyday words and for English terms; for the search and the threshold only, never quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

import yaml

from assistant.understanding.folding import fold_word

LEXICONS = Path(__file__).parent / "understanding"
"""Where the word lists lie."""
_LATIN_WORD = re.compile(r"[a-z0-9]+(?:[.&\-][a-z0-9]+)*")
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LONGEST_TERM = 6  # words of an English term


@dataclass(frozen=True)
class Everyday:
    """An everyday word of a question."""

    start: int
    end: int
    """Where it stands in the folded text."""
    terms: tuple[str, ...]
    """What the texts say instead."""


@dataclass(frozen=True)
class English:
    """What the terms of an English question are in Chinese."""

    terms: tuple[tuple[str, ...], ...]
    """For each term found the Chinese words, none twice."""
    unknown: tuple[str, ...]
    """Words that are in no term."""


def everyday(text: str) -> list[Everyday]:
    """The everyday words of a folded text; of words that overlap the longest counts.

    Two of them may overlap, none lies within others.
    """
    taken = [False] * len(text)
    found: list[Everyday] = []
    for word, terms in _everyday_words():
        start = text.find(word)
        while start >= 0:
            span = slice(start, start + len(word))
            if not all(taken[span]):
                found.append(Everyday(start, start + len(word), terms))
                taken[span] = [True] * len(word)
            start = text.find(word, start + 1)
    return found


def english(text: str) -> English:
    """The terms of an English question, the longest first at each word; nothing for a Chinese one.

    Singular and plural are one: ``marks`` finds ``mark``.
    """
    written = _LATIN_WORD.findall(text.lower())
    if sum(word.isalpha() for word in written) <= len(_CHINESE.findall(text)):
        return English((), ())
    words = [_singular(word) for word in written]
    known = _english_terms()
    found: dict[tuple[str, ...], None] = {}
    unknown: list[str] = []
    at = 0
    while at < len(words):
        length = next((n for n in range(_LONGEST_TERM, 0, -1) if tuple(words[at : at + n]) in known), 0)
        if length:
            found[known[tuple(words[at : at + length])]] = None
        else:
            unknown.append(written[at])
        at += length or 1
    return English(tuple(found), tuple(unknown))


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


@cache
def _everyday_words() -> list[tuple[str, tuple[str, ...]]]:
    """Folded everyday words, longest first, each with the texts' words."""
    data = cast("dict[str, Sequence[str]]", _read("everyday.yaml"))
    pairs = [(fold_word(word), tuple(terms.split())) for terms, words in data.items() for word in words]
    return sorted(pairs, key=lambda pair: len(pair[0]), reverse=True)


@cache
def _english_terms() -> dict[tuple[str, ...], tuple[str, ...]]:
    data = cast("dict[str, str]", _read("english.yaml"))
    return {
        tuple(_singular(word) for word in _LATIN_WORD.findall(term.lower())): tuple(chinese.split())
        for term, chinese in data.items()
    }


def _read(name: str) -> object:
    return yaml.safe_load((LEXICONS / name).read_text(encoding="utf-8"))
