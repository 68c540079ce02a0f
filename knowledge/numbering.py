"""Recognises the numbered headings of official documents (GB/T 9704): 一、 → （一） → 1. → （1）."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CHINESE = "一二三四五六七八九"
_HEADS = (
    re.compile(r"\s*(?P<number>[一二三四五六七八九十]{1,3})、\s*(?P<rest>.*)"),
    re.compile(r"\s*[（(](?P<number>[一二三四五六七八九十]{1,3})[）)]\s*(?P<rest>.*)"),
    # A digit after the point makes it a decimal fraction, not a heading.
    re.compile(r"\s*(?P<number>\d{1,2})[.．](?!\d)\s*(?P<rest>.*)"),
    re.compile(r"\s*[（(](?P<number>\d{1,2})[）)]\s*(?P<rest>.*)"),
)
_LABELS = ("{}", "（{}）", "{}", "（{}）")
_CROSS_REFERENCE = re.compile(r"[第至到和及与、]\s*$")
_LONGEST_HEADING = 40  # characters; beyond that a sentence is text, not a heading
_LONGEST_LINE = 60  # characters; a longer line without a full stop is text broken by the end of a page
_LONGEST_CLOSED = 35  # characters; a longer line that closes with a full stop is a sentence, not a heading


@dataclass(frozen=True)
class Numbered:
    """A line that begins with a heading number."""

    level: int
    """0 for 一、, 1 for （一）, 2 for 1., 3 for （1）."""
    value: int
    """The number, counted from 1."""
    label: str
    """The number as it stands in a clause path, brackets full-width."""
    heading: str
    """Heading as printed, without number and closing full stop."""
    stands_alone: bool
    """Whether the line holds the heading only, so that the paragraphs below it are its text."""


def chinese_number(text: str) -> int:
    """The value of a Chinese numeral from 一 to 九十九.

    Raises:
        ValueError: when the characters are no such numeral, for example 一二.
    """
    tens, ten, ones = text.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or (ten and not set(tens) <= set(_CHINESE)) or "十" in ones:
        raise ValueError(text)
    return (10 * (_CHINESE.index(tens) + 1 if tens else 1) if ten else 0) + (_CHINESE.index(ones) + 1 if ones else 0)


def numbered_line(line: str, previous: str) -> Numbered | None:
    """The heading number with which a line begins.

    Args:
        line: One line of the body.
        previous: The line before it that is not blank; empty at the start.

    Returns:
        None when the line begins with no number, or with one that belongs to a reference broken by the end of a line
        (“第” / “（一）项”).
    """
    if _CROSS_REFERENCE.search(previous):
        return None
    for level, pattern in enumerate(_HEADS):
        match = pattern.match(line)
        if match is None:
            continue
        number, rest = match["number"], match["rest"].strip()
        try:
            value = int(number) if number.isdecimal() else chinese_number(number)
        except ValueError:
            return None
        return Numbered(level, value, _LABELS[level].format(number), heading_of(rest), _stands_alone(rest))
    return None


def heading_of(rest: str) -> str:
    """The heading in the line after the number: the first sentence, or its first part where that is long.

    >>> heading_of("优化管理。推动企业落实质量主体责任。")
    '优化管理'
    """
    sentence = re.split(r"[。；;]", rest, maxsplit=1)[0].strip()
    if len(sentence) > _LONGEST_HEADING:
        sentence = re.split(r"[，,]", sentence, maxsplit=1)[0][:_LONGEST_LINE].strip()
    return re.sub(r"\s+", " ", sentence)


def _stands_alone(rest: str) -> bool:
    sentence = rest.removesuffix("。")
    if "。" in sentence or "；" in sentence:
        return False
    return len(sentence) <= (_LONGEST_LINE if sentence == rest else _LONGEST_CLOSED)
