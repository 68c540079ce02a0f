"""Divides an official text into clauses; every character belongs to exactly one of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import PolicyTextError
from knowledge.front_matter import read_text, split_front_matter
from knowledge.model import Clause, Policy
from knowledge.numbering import Numbered, numbered_line
from knowledge.opening import CLOSING, SIGNATURE, opening_parts, signature_line
from knowledge.tables import Table, find_tables

_SENTENCE_END = re.compile(r"[。！？；：.!?;:][”’」』）)】》]*\s*$")
_FINAL_PROVISION = re.compile(r"本(?:意见|办法|方案|规划|通知|规定|细则|政策|措施|实施\w{2})\s*(?:由|自)")
_SUPPLEMENTARY = "附则"
_OPENING_BRACKETS = ("（", "(", "【", "〔")


@dataclass(frozen=True)
class _Line:
    start: int
    """Offset in the body of the first character that is not whitespace."""
    number: int
    """Line of the file, counted from 1."""
    text: str


@dataclass(frozen=True)
class _Start:
    path: str
    heading: str
    line: _Line


def parse_policy(path: Path) -> Policy:
    """Reads and divides one text file with front matter.

    Args:
        path: A UTF-8 file such as ``policies/<id>.md``.

    Raises:
        PolicyTextError: when the file cannot be read or divided; the message names file and line.
    """
    return parse_text(read_text(path), path.name)


def parse_text(text: str, name: str) -> Policy:
    """Divides a text with front matter.

    Args:
        text: Front matter and body, lines ended by ``\\n``.
        name: Name of the file for messages.

    Raises:
        PolicyTextError: as for :func:`parse_policy`.
    """
    meta, body, first_line = split_front_matter(text, name)
    starts = _Divider(_lines(body, first_line), name).divide()
    ends = [start.line.start for start in starts[1:]] + [len(body)]
    clauses = [
        Clause(
            policy=meta.id,
            path=start.path,
            heading=start.heading,
            # Blank space before the first clause belongs to it, or no clause would own it.
            start=start.line.start if index else 0,
            end=end,
            line=start.line.number,
        )
        for index, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    return Policy(meta=meta, body=body, clauses=tuple(clauses))


def _lines(body: str, first_line: int) -> list[_Line]:
    """The lines that are not blank."""
    lines: list[_Line] = []
    offset = 0
    for number, text in enumerate(body.split("\n"), first_line):
        if text.strip():
            lines.append(_Line(offset + len(text) - len(text.lstrip()), number, text))
        offset += len(text) + 1
    return lines


class _Divider:
    """Walks over the lines of one text once and notes where clauses start."""

    def __init__(self, lines: list[_Line], name: str) -> None:
        self._lines = lines
        self._name = name
        texts = [line.text for line in lines]
        self._tables = find_tables(texts)
        in_table = {index for table in self._tables for index in range(table.first, table.end)}
        self._numbered: list[Numbered | None] = [
            None if index in in_table else numbered_line(text, texts[index - 1] if index else "")
            for index, text in enumerate(texts)
        ]
        self._starts: list[_Start] = []
        self._paths: dict[str, int] = {}
        self._stack: list[Numbered] = []
        self._last: dict[int, Numbered] = {}
        self._closed = False
        """Whether the text now belongs to a table or closing paragraph and not to the numbered item."""

    def divide(self) -> list[_Start]:
        texts = [line.text for line in self._lines]
        first = next((index for index, item in enumerate(self._numbered) if item), None)
        if first is None:
            raise PolicyTextError(
                f"{self._name}:{self._lines[0].number}: 正文里没有一个带编号的标题（一、（一）1.（1））；"
                "请检查编号是否丢失，或这份文件是否适合收录。"
            )
        signature = signature_line(texts, first)
        end = len(texts) if signature is None else signature
        for index, part in opening_parts(texts[:first]):
            self._start(part, "", index)
        self._walk(first, end)
        if signature is not None:
            self._start(SIGNATURE, "", signature)
        return self._starts

    def _walk(self, first: int, end: int) -> None:
        tables = {table.first: table for table in self._tables}
        skip_to, after_table = first, False
        for index in range(first, end):
            item = self._numbered[index]
            if index < skip_to:
                continue
            if index in tables:
                self._start_table(tables[index], index)
                skip_to, after_table = tables[index].end, True
            elif item:
                self._start_item(item, index)
                after_table = False
            elif self._is_final_provision(index):
                self._stack, self._closed, after_table = [], True, False
                self._start(CLOSING, "", index)
            elif after_table:
                self._start(self._free_path(self._prefix(len(self._stack)), index), "", index)
                after_table = False
            elif self._closes_list(index):
                self._closed = True
                self._start(self._free_path(self._prefix(len(self._stack) - 1), index), "", index)

    def _start(self, path: str, heading: str, index: int) -> None:
        line = self._lines[index]
        if path in self._paths:
            raise PolicyTextError(
                f"{self._name}:{line.number}: 条款 {path} 出现两次，前一次在第 {self._paths[path]} 行；请检查编号是否印错。"
            )
        self._paths[path] = line.number
        self._starts.append(_Start(path, heading, line))

    def _start_item(self, item: Numbered, index: int) -> None:
        last = self._last.get(item.level)
        if item.value not in (1, last.value + 1 if last else 1):
            before = f"同级上一个编号是“{last.label}”" if last else "同级还没有编号"
            allowed = f"第 {last.value + 1} 项，或从第 1 项重新开始" if last else "第 1 项"
            raise PolicyTextError(
                f"{self._name}:{self._lines[index].number}: 编号“{item.label}”接不上：{before}，"
                f"这里应是{allowed}；请检查是否缺行或编号印错。"
            )
        self._last[item.level] = item
        self._stack = [above for above in self._stack if above.level < item.level] + [item]
        self._closed = False
        self._start("/".join(above.label for above in self._stack), item.heading, index)

    def _start_table(self, table: Table, index: int) -> None:
        prefix = self._prefix(len(self._stack))
        name = table.name or "表"
        path, count = prefix + name, 1
        while path in self._paths:
            count += 1
            path = f"{prefix}{name}（{count}）"
        self._closed = True
        self._start(path, self._lines[index].text.strip() if table.name else "", index)

    def _is_final_provision(self, index: int) -> bool:
        """Whether a provision on interpretation or entry into force closes the whole text.

        Under a heading of its own (附则) it belongs to that heading.
        """
        return (
            bool(_FINAL_PROVISION.match(self._lines[index].text.strip()))
            and not any(self._numbered[index:])
            and not (self._numbered[index - 1] and self._stack[-1].stands_alone)
            and not any(_SUPPLEMENTARY in item.heading for item in self._stack)
            and self._ends_sentence(index - 1)
            and CLOSING not in self._paths
        )

    def _closes_list(self, index: int) -> bool:
        """Whether an unnumbered paragraph after a run-in item belongs to the clause that encloses the list.

        Pages of a printed text break paragraphs, also after a full stop; where the list goes on, or the sentence is
        not over, the paragraph is the rest of the item.
        """
        if self._closed or len(self._stack) < 2 or self._stack[-1].stands_alone:
            return False
        following = next((item for item in self._numbered[index:] if item), None)
        return (
            (following is None or following.level < self._stack[-1].level)
            and self._ends_sentence(index - 1)
            and not self._lines[index].text.lstrip().startswith(_OPENING_BRACKETS)
        )

    def _ends_sentence(self, index: int) -> bool:
        return bool(_SENTENCE_END.search(self._lines[index].text))

    def _prefix(self, depth: int) -> str:
        return "".join(f"{item.label}/" for item in self._stack[:depth])

    def _free_path(self, prefix: str, index: int) -> str:
        """末段, or the first words of the paragraph where the clause has a 末段 already."""
        if prefix + CLOSING not in self._paths:
            return prefix + CLOSING
        return prefix + re.sub(r"[\s/]", "", self._lines[index].text)[:12]
