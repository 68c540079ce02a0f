"""谁定得高, 哪边给得少: which of two is the greater, asked without a word for comparing."""

from __future__ import annotations

import re
from functools import cache

from assistant.understanding.wordlist import words

_NAMED = r"[^\W\d_]{0,14}?"  # 哪边的地表水水质目标更高
# What may follow 高 where it is compared; in 哪家高新技术企业 it is a part of a word.
_AFTER = r"(?=(?:一?[些点档]|多少|几|[了呢啊吗呀吧伐嘛谁哪还])|\W|$)"


def asks_greater(text: str) -> bool:
    """Whether the greater or lesser of several is asked for.

    Args:
        text: Folded.
    """
    return _pattern().search(text) is not None


@cache
def _pattern() -> re.Pattern[str]:
    lists = words()
    whom, verbs, what = (
        "|".join(sorted(map(re.escape, group), key=len, reverse=True))
        for group in (lists.more_whom, lists.more_verbs, lists.more_what)
    )
    return re.compile(
        rf"(?:{whom})(?:{verbs}){{0,3}}(?:{what}){_AFTER}"
        rf"|(?:{whom})的{_NAMED}(?:{verbs})(?:{what}){_AFTER}"
        rf"|(?:{what})的?是(?:{whom})"
    )
