"""What is said not to be the case: 是正奖不是提名, 没拿到正奖."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from assistant.understanding.model import Span
from assistant.understanding.wordlist import words

_S = TypeVar("_S", bound=Span)
_BREAK = re.compile(r"[，,。；;？?！!：:()]")
_SHORT = 3  # characters between a mention and the word that denies it


def stated(text: str, mentions: Sequence[_S]) -> list[_S]:
    """The mentions that are not denied.

    Args:
        text: The folded question.
        mentions: Awards, or words that tell awards apart.
    """
    return [mention for mention in mentions if not _is_denied(text, mention)]


def _is_denied(text: str, mention: Span) -> bool:
    before, after = text[: mention.start], text[mention.end :]
    for word in words().denied_before:
        # 是不是提名奖 asks, 不是提名奖吗 asserts.
        if before.endswith(word) and not before.removesuffix(word).endswith("是") and after[:1] not in ("吗", "么"):
            return True
    clause = _BREAK.split(after, maxsplit=1)[0]
    return any(0 <= clause.find(word) <= _SHORT for word in words().denied_after)
