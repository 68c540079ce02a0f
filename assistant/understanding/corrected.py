"""What is taken back in the same breath: 今年——哦不对，是二〇二二年五月."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

from assistant.understanding.model import Span

_S = TypeVar("_S", bound=Span)
_SIGH = r"[\W_哦啊噢呃嗯哎唉诶]*"
_TAKEN_BACK = re.compile(
    rf"{_SIGH}(?:不对不对|不对|错了|说错了?|讲错了?|写错了?|打错了?|记错了?|搞错了?|口误|更正|哦不|噢不|啊不){_SIGH}(?:应该|应当)?(?:是|为)?{_SIGH}"
)


def valid(text: str, mentions: Sequence[_S]) -> list[_S]:
    """The mentions of one kind that are not corrected by the next.

    Args:
        text: The folded question.
        mentions: Of one kind, in the order of the text.
    """
    ordered = sorted(mentions, key=lambda mention: mention.start)
    corrected = {a.start for a, b in pairwise(ordered) if _TAKEN_BACK.fullmatch(text[a.end : b.start])}
    return [mention for mention in ordered if mention.start not in corrected]
