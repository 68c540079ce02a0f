"""The collection: all texts of a folder, and finding a quotation in them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from knowledge.errors import PolicyTextError
from knowledge.model import Clause, Policy
from knowledge.numbering import numbered_line
from knowledge.parser import parse_policy

SHIPPED = Path(__file__).resolve().parent / "policies"


def load_policies(folder: Path | None = None) -> dict[str, Policy]:
    """All texts of a folder, by their id, in the order of their file names.

    Args:
        folder: Folder of ``*.md`` files with front matter; None for the texts shipped with the package, which are
            parsed once per process.

    Raises:
        PolicyTextError: when the folder holds no text, a text cannot be divided, or a file is not named after its id.
    """
    return dict(_shipped()) if folder is None else _load(folder)


def clause_texts(policies: dict[str, Policy] | None = None) -> dict[tuple[str, str], str]:
    """Verbatim text of every clause, sub-clauses included, by policy id and clause path.

    Args:
        policies: The texts; None for those shipped with the package.
    """
    return {
        (policy.meta.id, clause.path): policy.text_of(clause, with_children=True)
        for policy in (load_policies() if policies is None else policies).values()
        for clause in policy.clauses
    }


def locate(policy: Policy, quote: str, within: Clause | None = None) -> tuple[int, int, str]:
    """Finds a quotation in a text, whitespace aside.

    Args:
        policy: The text.
        quote: The quotation, its whitespace as it may be.
        within: A clause, sub-clauses included, in which the quotation must stand; None for the whole text.

    Returns:
        Start and end in characters of the body, and the quotation as it stands there.

    Raises:
        KeyError: when the quotation is empty or does not stand there.
    """
    wanted = re.sub(r"\s", "", quote)
    if wanted:
        spans = [(0, len(policy.body))] if within is None else _spans(policy, within)
        pattern = re.compile(r"\s*".join(map(re.escape, wanted)))
        for start, end in spans:
            match = pattern.search(policy.body, start, end)
            if match:
                return match.start(), match.end(), match.group()
    place = policy.meta.id if within is None else f"{policy.meta.id} {within.path}"
    raise KeyError(f"{place} 里没有这段原文：{quote}")


def one_line(quote: str) -> str:
    """A quotation for reading on one line: only whitespace is changed.

    Breaks that the end of a page made within a sentence vanish; those after a sentence or heading become a blank, the
    tabs between the cells of a table two.

    >>> one_line("给予 30 万元\\n\\n的奖励；")
    '给予 30 万元的奖励；'
    """
    lines = [re.sub(r"\t+", "  ", line.strip()) for line in quote.split("\n") if line.strip()]
    text = ""
    for index, line in enumerate(lines):
        heading = numbered_line(lines[0], "") if index == 1 else None
        ends = re.search(r"[。！？；：!?;:][”’」』）)】》]*$", text) or (heading and heading.stands_alone)
        text += f" {line}" if text and (ends or "\t" in quote) else line
    return text


def clause_at(policy: Policy, offset: int) -> Clause:
    """The clause that owns a character of the body.

    Raises:
        IndexError: when the offset lies outside the body.
    """
    for clause in policy.clauses:
        if clause.start <= offset < clause.end:
            return clause
    raise IndexError(f"{policy.meta.id} 没有第 {offset} 个字符")


@cache
def _shipped() -> dict[str, Policy]:
    return _load(SHIPPED)


def _load(folder: Path) -> dict[str, Policy]:
    paths = sorted(folder.glob("*.md"))
    if not paths:
        raise PolicyTextError(f"{folder}: 这个文件夹里没有政策文本（*.md）；请检查路径，或重新安装程序。")
    policies: dict[str, Policy] = {}
    for path in paths:
        policy = parse_policy(path)
        if policy.meta.id != path.stem:
            raise PolicyTextError(
                f"{path.name}: 元数据字段“id”是 {policy.meta.id}，与文件名不一致；请写成 {path.stem}，或改文件名。"
            )
        policies[policy.meta.id] = policy
    return policies


def _spans(policy: Policy, within: Clause) -> list[tuple[int, int]]:
    """The clause with its sub-clauses as stretches of the body without gaps."""
    spans: list[tuple[int, int]] = []
    for clause in policy.clauses:
        if clause.path == within.path or clause.path.startswith(within.path + "/"):
            if spans and spans[-1][1] == clause.start:
                spans[-1] = (spans[-1][0], clause.end)
            else:
                spans.append((clause.start, clause.end))
    return spans
