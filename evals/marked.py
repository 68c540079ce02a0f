"""Writes what was measured into a document, between two marks, so that figures and words stand on one page."""

from __future__ import annotations

import re
from pathlib import Path

from evals.model import EvalsError

RETRIEVAL = Path(__file__).parents[1] / "docs" / "retrieval.md"


def replace_marked(path: Path, name: str, text: str) -> None:
    """Puts a text between ``<!-- begin: name -->`` and ``<!-- end: name -->``.

    Raises:
        EvalsError: the document lacks the marks.
    """
    begin, end = f"<!-- begin: {name} -->", f"<!-- end: {name} -->"
    before = path.read_text(encoding="utf-8")
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not pattern.search(before):
        raise EvalsError(f"{path}: 缺少标记 {begin} … {end}；请先加上。")
    after = pattern.sub(lambda _: f"{begin}\n\n{text.strip()}\n\n{end}", before)
    path.write_text(after, encoding="utf-8")


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; all columns but the first are aligned right."""
    ruler = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [header, ruler, *rows])
