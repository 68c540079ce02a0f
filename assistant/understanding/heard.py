"""The words of a question from which each part of its request was understood."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.understanding.folding import Folded, fold
from assistant.understanding.model import Mentions, Span
from assistant.understanding.wordlist import words

_MARKS = re.compile(r"[*`#<>\[\]“”\"'‘’「」『』]")  # would show as mark-up or as quotation marks of their own
_OF_HONOUR = frozenset(("award", "level"))


def heard(question: str, mentions: Mentions) -> tuple[tuple[str, str], ...]:
    """Part of the request and original words, in the order of the question.

    Args:
        question: As typed.
        mentions: What was recognised in it.

    Returns:
        ``("place", "黄岩")``, ``("date", "22年3月")``, ``("award", "提名奖")``; words that touch and name
        one honour are one. Empty where the mentions are not those of the question as typed.
    """
    folded = fold(question)
    spans = [(part, span) for part, span in _parts(mentions) if not _denied(mentions.text, part, span)]
    found: list[tuple[str, str]] = []
    for part, span in _joined(spans):
        original = _original(folded, mentions.text, span)
        if original and (part, original) not in found:
            found.append((part, original))
    return tuple(found)


def _parts(mentions: Mentions) -> list[tuple[str, Span]]:
    """Every mention by its part of the request; of those that overlap the longest, the honours first."""
    listed: Sequence[tuple[str, Sequence[Span]]] = (
        ("award", mentions.awards),
        ("policy", mentions.policies),
        ("date", mentions.dates),
        ("place", mentions.places),
        ("level", mentions.facets),
        ("rank", mentions.ranks),
        ("result", mentions.results),
        ("quantity", mentions.counts),
    )
    found = [(part, span) for part, spans in listed for span in spans]
    found += [(money.role, money) for money in mentions.money]
    kept: list[tuple[str, Span]] = []
    for part, span in sorted(found, key=lambda pair: -(pair[1].end - pair[1].start)):
        if not any(span.overlaps(other) for _, other in kept):
            kept.append((part, span))
    return sorted(kept, key=lambda pair: pair[1].start)


def _joined(spans: list[tuple[str, Span]]) -> list[tuple[str, Span]]:
    """省政府质量奖 and 提名奖 that touch are one name; so is the place that says whose award it is."""
    joined: list[tuple[str, Span]] = []
    for part, span in spans:
        if joined and joined[-1][1].end == span.start and part in _OF_HONOUR:
            before, first = joined[-1]
            if before in _OF_HONOUR or before == "place":
                joined[-1] = ("award" if "award" in (before, part) else before, Span(first.start, span.end))
                continue
        joined.append((part, span))
    return joined


def _denied(text: str, part: str, span: Span) -> bool:
    """不是椒江: what is denied was not taken."""
    return part == "place" and any(text[: span.start].endswith(word) for word in words().denied_place)


def _original(folded: Folded, text: str, span: Span) -> str:
    """The words as typed, on one line and without marks; empty where they do not stand in the question."""
    start = span.start if folded.text == text else folded.text.find(text[span.start : span.end])
    if start < 0:
        return ""
    original = folded.words(start, start + span.end - span.start)
    return _MARKS.sub("", " ".join(original.split()))
