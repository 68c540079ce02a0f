"""Finds tables: consecutive lines whose cells are separated by tabs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LONGEST_CATEGORY = 20  # characters of a line that stands between two rows
_LONGEST_TITLE = 60  # characters


@dataclass(frozen=True)
class Table:
    """Lines of one table, as indices into the lines of a text."""

    first: int
    """The title line, or the header row where there is no title."""
    header: int
    end: int
    """One beyond the last row."""
    name: str
    """Title without whitespace; empty where there is none."""


def find_tables(lines: Sequence[str]) -> list[Table]:
    """The tables of a text.

    A short line without tabs between two rows is a category that holds for the rows below it. A single line with a
    tab is no table.

    Args:
        lines: Lines of the text, none of them blank.
    """
    tables: list[Table] = []
    index = 0
    while index < len(lines):
        end = _end(lines, index)
        if end - index < 2:
            index += 1
            continue
        title = lines[index - 1].strip() if index else ""
        has_title = bool(title) and len(title) <= _LONGEST_TITLE and not re.search(r"[。；：:]$", title)
        name = re.sub(r"\s", "", title).replace("/", "／") if has_title else ""
        tables.append(Table(index - 1 if has_title else index, index, end, name))
        index = end
    return tables


def _end(lines: Sequence[str], start: int) -> int:
    index = start
    while index < len(lines):
        is_category = (
            index > start
            and len(lines[index].strip()) <= _LONGEST_CATEGORY
            and index + 1 < len(lines)
            and "\t" in lines[index + 1]
        )
        if "\t" not in lines[index] and not is_category:
            break
        index += 1
    return index
