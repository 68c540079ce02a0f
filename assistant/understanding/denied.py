"""What is said not to be the case: 是正奖不是提名, 没拿到正奖."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from assistant.understanding.model import FacetMention, Span
from assistant.understanding.wordlist import words

_S = TypeVar("_S", bound=Span)
_BREAK = re.compile(r"[，,。；;？?！!：:()]")
_BESIDES = re.compile(r"(?:在|除了?|除去)[^，,。；;？?！!]{1,16}?(?:之外|以外)")  # 在首个认证之外
_SHORT = 3  # characters between a mention and the word that denies it


def stated(text: str, mentions: Sequence[_S]) -> list[_S]:
    """The mentions that are not denied.

    Args:
        text: The folded question.
        mentions: Awards, or words that tell awards apart.
    """
    starts = {mention.start for mention in mentions}
    return [mention for mention in mentions if not _is_denied(text, mention, starts)]


def chosen(text: str, facets: Sequence[FacetMention]) -> list[FacetMention]:
    """分团体跟个人，拿的是团体的: of several values of one kind the one that is said to be meant."""
    meant = {
        facet.facet: facet.value for facet in facets if any(text[: facet.start].endswith(w) for w in words().chosen)
    }
    return [facet for facet in facets if meant.get(facet.facet, facet.value) == facet.value]


def _is_denied(text: str, mention: Span, starts: set[int]) -> bool:
    before, after = text[: mention.start], text[mention.end :]
    for word in words().denied_before:
        # 是不是提名奖 asks, 不是提名奖吗 asserts.
        if before.endswith(word) and not before.removesuffix(word).endswith("是") and after[:1] not in ("吗", "么"):
            return True
    if any(match.start() <= mention.start and mention.end <= match.end() for match in _BESIDES.finditer(text)):
        return True
    clause = _BREAK.split(after, maxsplit=1)[0]
    # 中国质量奖没进正奖 denies what follows.
    listed = words().denied_after + (words().nearly if isinstance(mention, FacetMention) else ())
    return any(
        0 <= (at := clause.find(word)) <= _SHORT and mention.end + at + len(word) not in starts for word in listed
    )
