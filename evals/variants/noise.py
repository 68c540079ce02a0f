"""Changes of a question that leave its meaning as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from random import Random
from typing import Any

_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
_SIGNS = str.maketrans("0123456789", "〇一二三四五六七八九")
_YEAR = re.compile(r"(\d{4}|\d{2})(?=年)")
_SMALL = re.compile(r"(\d{1,2})(?=月|日|号)")

Noise = Callable[[str, Random], str]


def as_it_is(question: str, random: Random) -> str:
    """No change."""
    return question


def full_width(question: str, random: Random) -> str:
    """Digits and brackets in full width: ２０２２年."""
    return question.translate(_DIGITS)


def numerals(question: str, random: Random) -> str:
    """The digits of dates in characters: 二〇二二年三月."""
    from cn2an import an2cn

    spelt = _YEAR.sub(lambda match: match[1].translate(_SIGNS), question)
    return _SMALL.sub(lambda match: str(an2cn(match[1], "low")), spelt)


def traditional(question: str, random: Random) -> str:
    """Traditional script."""
    return str(_converter().convert(question))


def spaced(question: str, random: Random) -> str:
    """Blanks where nobody needs them."""
    at = random.randrange(1, len(question))
    return f" {question[:at]} {question[at:]}"


def homophone(question: str, random: Random) -> str:
    """One character of a longer Chinese word replaced by another of the same sound."""
    alike = _by_sound()
    places = [i for i, sign in enumerate(question) if len(alike.get(sign, ())) > 0 and i > 0]
    if not places:
        return question
    at = random.choice(places)
    return question[:at] + random.choice(alike[question[at]]) + question[at + 1 :]


SAME_RESULT: Mapping[str, Noise] = {
    "none": as_it_is,
    "full_width": full_width,
    "numerals": numerals,
    "traditional": traditional,
    "spaced": spaced,
}
"""Noise that must not change the result."""


@cache
def _converter() -> Any:
    import opencc

    converter: Any = opencc.OpenCC
    return converter("s2t")


# What people type by mistake: characters of one sound (tone included) that both are common.
_TYPED = (
    "质制治志", "量亮", "奖讲蒋", "标镖", "准隼", "认任", "证正政", "检捡", "测侧", "品聘", "字自", "名明", "牌排",
    "试事式示", "点典", "范犯", "商伤", "国帼", "级极", "验宴", "审慎", "基鸡机", "地第帝", "园圆员", "区曲", "农浓", "绿率",
)  # fmt: skip


@cache
def _by_sound() -> dict[str, list[str]]:
    return {sign: [other for other in group if other != sign] for group in _TYPED for sign in group}
