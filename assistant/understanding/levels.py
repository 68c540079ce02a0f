"""Levels said with a verb instead of as 省级: 省里评的, 国家那边认的."""

from __future__ import annotations

import re
from functools import cache

from assistant.understanding.model import AwardMention, FacetMention, Span
from assistant.understanding.wordlist import words

_BETWEEN = re.compile(r"也?有?[的那这]*个?")


def find_levels(text: str, awards: list[AwardMention], taken: list[Span]) -> list[FacetMention]:
    """Levels of a folded question that are told by who grants: 省里评的.

    Args:
        text: The folded question.
        awards: Names of honours; between their words a level may stand.
        taken: Mentions that a level must not be part of.
    """
    found: list[FacetMention] = []
    for match in _pattern().finditer(text):
        mention = FacetMention(match.start(), match.end(), "level", _levels()[match[1]])
        # 省里评的…, 省里那个贡献奖
        granted = _verb().match(text, match.end()) or any(_leads_to(text, match.end(), award) for award in awards)
        if not granted and not match[0].endswith("级"):
            continue
        if not any(mention.overlaps(other) for other in taken) and not any(a.covers(mention) for a in awards):
            found.append(mention)
    return found


@cache
def _levels() -> dict[str, str]:
    return {stem: level for level, stems in words().level_stems.items() for stem in stems}


@cache
def _pattern() -> re.Pattern[str]:
    stems, tails = (_either(group) for group in (tuple(_levels()), words().level_tails))
    return re.compile(rf"({stems})(?:{tails}){{1,2}}")


@cache
def _verb() -> re.Pattern[str]:
    return re.compile(_either(words().grants))


def _leads_to(text: str, end: int, award: AwardMention) -> bool:
    """Whether nothing but 的 or 那个 stands between a level and an award."""
    return award.start >= end and _BETWEEN.fullmatch(text, end, award.start) is not None


def _either(group: tuple[str, ...]) -> str:
    return "|".join(sorted(map(re.escape, group), key=len, reverse=True))
