"""Cuts Chinese text into the tokens that the keyword index counts."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

_CHINESE_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_OTHER_WORD = re.compile(r"[a-z0-9]+(?:[.&\-/][a-z0-9]+)*")


def normalize(text: str) -> str:
    """One spelling for what is the same to a reader: half-width, simplified characters, lower case.

    >>> normalize("質量獎（ＡＢＣ）")
    '质量奖(abc)'
    """
    return _converter().convert(unicodedata.normalize("NFKC", text)).lower()


def tokenize(text: str) -> list[str]:
    """The tokens of a text, with repetition.

    Words as a dictionary cuts them for search find whole terms; pairs of neighbouring characters find what the
    dictionary does not know or a person spells otherwise. Words of two characters are left to the pairs, or they would
    count twice. No word is dropped as too common: the weighting takes care of that.
    """
    normal = normalize(text)
    tokens = _OTHER_WORD.findall(normal)
    for run in _CHINESE_RUN.findall(normal):
        tokens.extend(word for word in _segmenter().cut_for_search(run) if len(word) != 2)
        tokens.extend(run[index : index + 2] for index in range(len(run) - 1))
    return tokens


@cache
def _segmenter() -> Any:
    # The dictionary takes a moment to load.
    import rjieba

    return rjieba.Jieba()


@cache
def _converter() -> Any:
    import opencc

    converter: Any = opencc.OpenCC
    return converter("t2s")
