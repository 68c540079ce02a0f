"""Finds the parts of a text that carry no number: head, issuing notice, preamble and signature."""

from __future__ import annotations

import re
from collections.abc import Sequence

HEAD, NOTICE, PREAMBLE, SIGNATURE, CLOSING = "文头", "印发通知", "前言", "落款", "末段"

_DATE = r"(?:\d{4}|[〇○零一二三四五六七八九]{4})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日"
_DATE_LINE = re.compile(rf"\s*{_DATE}\s*")
_SALUTATION = re.compile(r"\s*各.*[：:]\s*")
_ISSUING = re.compile(r"关于印发.*的通知")
_LONGEST_AUTHORITY = 40  # characters


def opening_parts(lines: Sequence[str]) -> list[tuple[int, str]]:
    """The unnumbered parts before the first numbered heading.

    Args:
        lines: The lines before that heading, none of them blank.

    Returns:
        Index of the first line and name of each part, in the order of the text; empty when there are no lines.
    """
    if not lines:
        return []
    dates = [index for index, line in enumerate(lines) if _DATE_LINE.fullmatch(line)]
    # A notice that issues another text carries its own signature before that text begins.
    if dates and _ISSUING.search("".join(lines[: dates[-1]])):
        after = dates[-1] + 1
        preamble = after + _preamble(lines[after:])
        return _named([(0, NOTICE), (preamble, PREAMBLE)], len(lines))
    return _named([(0, HEAD), (_preamble(lines), PREAMBLE)], len(lines))


def signature_line(lines: Sequence[str], first: int) -> int | None:
    """Index of the line with which the signature begins, or None.

    The signature is a line with nothing but a date, and the authority on the line before.

    Args:
        lines: All lines, none of them blank.
        first: Index of the first numbered heading; a date before it belongs to an issuing notice.
    """
    for index in range(first + 1, len(lines)):
        if _DATE_LINE.fullmatch(lines[index]):
            before = lines[index - 1].strip()
            has_authority = (
                index - 1 > first and len(before) <= _LONGEST_AUTHORITY and not re.search(r"[。；：]", before)
            )
            return index - 1 if has_authority else index
    return None


def _preamble(lines: Sequence[str]) -> int:
    """Index of the salutation or, without one, of the first line of prose; the number of lines when there is none."""
    for index, line in enumerate(lines):
        if _SALUTATION.fullmatch(line):
            return index
    return next((index for index, line in enumerate(lines) if "。" in line), len(lines))


def _named(parts: list[tuple[int, str]], count: int) -> list[tuple[int, str]]:
    """Without parts that hold no line."""
    ends = [start for start, _ in parts[1:]] + [count]
    return [part for part, end in zip(parts, ends, strict=True) if part[0] < end]
