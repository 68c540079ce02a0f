"""Cuts running text into sentences and items without losing a character."""

from __future__ import annotations

import re
from itertools import pairwise

_CLOSERS = "”’」』）)】》〉"
_PARAGRAPH_END = re.compile(rf"[。！？；：!?;:][{_CLOSERS}]*\s*$")
_NEW_ITEM = re.compile(r"\s*(?:专栏\s*\d|\d{1,2}、|[•●◆])")
_SENTENCE_STOP = re.compile(rf"[。！？!?][{_CLOSERS}]*")
_ITEM_STOP = re.compile(r"[；;]")
_SHORTEST_ITEM = 12  # characters; a shorter item means nothing by itself

Span = tuple[int, int]


def split_sentences(text: str, heading: str = "") -> list[Span]:
    """The sentences, and the items between semicolons, of a text.

    Lines that the end of a page broke stay together. A heading stays with the sentence after it, and what is too short
    to mean something by itself (“质量基础更加扎实。”) with its neighbour.

    Args:
        text: Verbatim text.
        heading: The heading with which the text begins, without number and full stop; empty where it has none.

    Returns:
        Start and end of each, in characters of the text, blank space around them left out; in order, not overlapping,
        together holding every character that is not whitespace.
    """
    spans: list[Span] = []
    for start, end in _paragraphs(text, _is_heading(text.strip().partition("\n")[0], heading)):
        pieces = [(start + a, start + b) for a, b in _pieces(text[start:end])]
        spans.extend(_merge_short(text, pieces))
    spans = _merge_short(text, spans)
    if len(spans) > 1 and _is_heading(text[slice(*spans[0])], heading):
        spans[:2] = [(spans[0][0], spans[1][1])]
    return [_trim(text, span) for span in spans]


def _is_heading(piece: str, heading: str) -> bool:
    return bool(heading) and re.sub(r"\s+", " ", piece.strip()).removesuffix("。").endswith(heading)


def _paragraphs(text: str, heading_line: bool) -> list[Span]:
    """Stretches between paragraph breaks that are real, not made by the end of a page."""
    lines = [(match.start(), match.end()) for match in re.finditer(r"[^\n]*\S[^\n]*", text)]
    spans: list[Span] = []
    for index, (start, end) in enumerate(lines):
        before = text[lines[index - 1][0] : lines[index - 1][1]] if index else ""
        is_new = (
            index == 0
            or (index == 1 and heading_line)
            or _PARAGRAPH_END.search(before)
            or _NEW_ITEM.match(text[start:end])
        )
        if is_new:
            spans.append((start, end))
        else:
            spans[-1] = (spans[-1][0], end)
    return spans


def _pieces(paragraph: str) -> list[Span]:
    """Cuts after full stops and semicolons, none of them within brackets."""
    cuts: list[int] = []
    depth = 0
    index = 0
    while index < len(paragraph):
        sign = paragraph[index]
        if sign in "（(":
            depth += 1
        elif sign in "）)":
            depth = max(0, depth - 1)
        stop = (_SENTENCE_STOP.match(paragraph, index) or _ITEM_STOP.match(paragraph, index)) if depth == 0 else None
        index = stop.end() if stop else index + 1
        if stop:
            cuts.append(index)
    edges = [0, *cuts, len(paragraph)]
    return [(a, b) for a, b in pairwise(edges) if paragraph[a:b].strip()]


def _merge_short(text: str, spans: list[Span]) -> list[Span]:
    """Joins what is too short to the piece after it, the last one to the piece before."""
    merged: list[Span] = []
    for span in spans:
        if merged and _size(text, merged[-1]) <= _SHORTEST_ITEM:
            merged[-1] = (merged[-1][0], span[1])
        else:
            merged.append(span)
    if len(merged) > 1 and _size(text, merged[-1]) <= _SHORTEST_ITEM:
        (start, _), (_, end) = merged[-2:]
        merged[-2:] = [(start, end)]
    return merged


def _size(text: str, span: Span) -> int:
    return len(re.sub(r"\s", "", text[span[0] : span[1]]))


def _trim(text: str, span: Span) -> Span:
    piece = text[span[0] : span[1]]
    return span[0] + len(piece) - len(piece.lstrip()), span[1] - len(piece) + len(piece.rstrip())
