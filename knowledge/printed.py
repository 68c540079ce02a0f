"""Reads values, figures and table rows as they are printed in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from knowledge.facts import Bound
from knowledge.tables import find_tables

_BEFORE: dict[str, Bound | None] = {
    "不少于": "at_least",
    "不低于": "at_least",
    "至少": "at_least",
    "≥": "at_least",
    "高于": "more_than",
    "超过": "more_than",
    "超": "more_than",
    "不超过": "at_most",
    "不高于": "at_most",
    "≤": "at_most",
    "低于": "less_than",
    "约": "about",
    # A rise is a value like another; its unit says what is counted.
    "提高": None,
}
_AFTER: dict[str, Bound] = {"以上": "at_least", "以下": "at_most", "以内": "at_most", "左右": "about"}
_VALUE = re.compile(
    rf"(?P<before>{'|'.join(_BEFORE)})?(?P<number>\d+(?:\.\d+)?)(?P<unit>[^\d]*?)(?P<after>{'|'.join(_AFTER)})?"
)
_DASHES = ("", "-", "－", "—", "——", "/")
_UNITS = (
    *("%", "％", "‰", "个百分点", "亿元", "万元/人", "元/人", "平方米", "平方公里", "公里", "分钟", "分"),
    *("家", "个", "件", "项", "张", "人", "名", "起", "座", "所", "条", "枚", "种", "次"),
)
# A number after 第 counts places, and a sum without /人 is money: an award or a budget.
_FIGURE = re.compile(rf"(?<![\d.第])\d+(?:\.\d+)?\s*(?:{'|'.join(_UNITS)})")


@dataclass(frozen=True)
class Reading:
    """A printed value taken apart."""

    number: Decimal | None
    """None for a dash."""
    unit: str
    """Empty where no unit is printed with the value."""
    bound: Bound | None


def read_value(printed: str) -> Reading | None:
    """Takes a printed value apart; None where it is not one number with unit and qualification.

    >>> read_value("40%左右")
    Reading(number=Decimal('40'), unit='%', bound='about')
    """
    squeezed = squeeze(printed)
    if squeezed in _DASHES:
        return Reading(None, "", None)
    match = _VALUE.fullmatch(squeezed)
    if match is None:
        return None
    bound = _AFTER[match["after"]] if match["after"] else _BEFORE.get(match["before"] or "")
    return Reading(Decimal(match["number"]), match["unit"], bound)


def figures(text: str) -> list[tuple[int, int]]:
    """Where numbers with a unit stand: start and end of each, in characters."""
    return [match.span() for match in _FIGURE.finditer(text)]


@dataclass(frozen=True)
class Row:
    """A row of a table, its cells by the header."""

    text: str
    category: str | None
    """The line without tabs above it."""
    cells: tuple[tuple[str, str], ...]
    """Header and cell of each column; a row without the column of categories begins with the next."""

    @property
    def name(self) -> str:
        """The cell under 指标; the first where no column is called so."""
        return next((cell for header, cell in self.cells if "指标" in header), self.cells[0][1])

    @property
    def unit(self) -> str | None:
        """The cell under 单位; None where it is empty."""
        return next((cell for header, cell in self.cells if "单位" in header), "") or None

    @property
    def years(self) -> tuple[tuple[int, str | None, str], ...]:
        """Year, ``result`` or ``target``, and cell of each column of values; None where the header does not say."""
        found = [(re.search(r"(\d{4})\s*年", header), header, cell) for header, cell in self.cells]
        return tuple((int(year[1]), _kind(header), cell) for year, header, cell in found if year)


def table_rows(body: str) -> Iterator[Row]:
    """The rows of all tables of a text, in its order."""
    lines = [line for line in body.split("\n") if line.strip()]
    for table in find_tables(lines):
        headers = [cell.strip() for cell in lines[table.header].split("\t")]
        category = None
        for line in lines[table.header + 1 : table.end]:
            if "\t" not in line:
                category = line.strip()
                continue
            cells = [cell.strip() for cell in line.split("\t")]
            yield Row(line, category, tuple(zip(headers[-len(cells) :], cells, strict=False)))


def find(words: str, text: str, *, elliptical: bool = False) -> list[tuple[int, int]]:
    """Where words stand in a text, whitespace aside: start and end of each, in characters.

    Args:
        words: The words.
        text: The text.
        elliptical: Whether, where they do not stand together, their characters in order will do: “产品质量” stands in
            “产品、工程、服务等质量”.
    """
    signs = squeeze(words)
    found = [match.span() for match in re.finditer(r"\s*".join(map(re.escape, signs)), text)]
    return found or (_in_order(signs, text) if elliptical else [])


def squeeze(text: str) -> str:
    """A text without whitespace."""
    return re.sub(r"\s", "", text)


def _in_order(signs: str, text: str) -> list[tuple[int, int]]:
    start = end = text.find(signs[0])
    for sign in signs:
        end = text.find(sign, end) + 1
        if end == 0:
            return []
    return [(start, end)]


def _kind(header: str) -> str | None:
    if "目标" in header:
        return "target"
    return "result" if re.search(r"实绩|实际|完成|现状", header) else None
