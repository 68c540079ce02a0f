"""Reads a text file and takes its front matter apart from its body."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import ValidationError

from knowledge.errors import PolicyTextError
from knowledge.model import PolicyMeta

_FENCE = "---"
_ALLOWED = {
    "id": "一个标识，例如 city-2021",
    "title": "文件标题",
    "document_number": "文号，没有则写 null",
    "issuing_authority": "发文机关，没有则写 null",
    "source": "文本来源的说明",
}


class _StrictLoader(yaml.SafeLoader):
    """PyYAML keeps the last of two equal keys without a word; here that is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"字段 {key.value} 写了两次", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def read_text(path: Path) -> str:
    """The text of a file, line ends normalised to ``\\n``, without a byte order mark.

    Raises:
        PolicyTextError: when the file cannot be read, is binary or is not UTF-8.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PolicyTextError(f"{path}: 无法读取这个文件（{error.strerror}）；请检查路径和权限。") from error
    if b"\0" in data:
        raise PolicyTextError(f"{path}: 这是二进制文件，不是文本；请先把文件转成 UTF-8 纯文本。")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PolicyTextError(f"{path}:{line}: 文件不是 UTF-8 编码；请另存为 UTF-8。") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def split_front_matter(text: str, name: str) -> tuple[PolicyMeta, str, int]:
    """Divides a file into its front matter and its body.

    Args:
        text: The whole file.
        name: Name of the file for messages.

    Returns:
        The front matter, the body, and the line of the file on which the body starts, counted from 1.

    Raises:
        PolicyTextError: when there is no front matter, a field is missing, unknown or of a wrong type, or the body is
            empty.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        raise PolicyTextError(
            f"{name}:1: 文件开头没有元数据；第一行应为“---”，随后写 {'、'.join(_ALLOWED)}，再以“---”结束。"
        )
    close = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
    if close is None:
        raise PolicyTextError(f"{name}:1: 元数据没有结束；请在最后一个字段之后另起一行写“---”。")
    meta = _meta("\n".join(lines[1:close]), lines, name)
    body = "\n".join(lines[close + 1 :])
    if not body.strip():
        raise PolicyTextError(f"{name}:{close + 1}: 元数据之后没有正文；请补上文件正文。")
    return meta, body, close + 2


def _meta(source: str, lines: list[str], name: str) -> PolicyMeta:
    try:
        # The loader derives from SafeLoader: no object of the file's choosing is made.
        loaded: object = yaml.load(source, Loader=_StrictLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if isinstance(mark, yaml.Mark) else 2
        problem = getattr(error, "problem", None) or "不是合法的 YAML"
        raise PolicyTextError(f"{name}:{line}: 元数据读不出来：{problem}；请写成“字段: 值”，一行一个。") from error
    if not isinstance(loaded, dict):
        raise PolicyTextError(f"{name}:2: 元数据不是“字段: 值”的列表；应有 {'、'.join(_ALLOWED)}。")
    fields = cast("dict[str, object]", loaded)
    try:
        meta = PolicyMeta.model_validate(fields)
    except ValidationError as error:
        # A misspelt field is both unknown and missing; the unknown one is where the reader has to look.
        problems = sorted(error.errors(), key=lambda problem: problem["type"] != "extra_forbidden")
        field = str(problems[0]["loc"][0])
        raise PolicyTextError(_field_problem(field, fields, lines, name)) from error
    for field in ("id", "title", "source"):
        if not str(fields[field]).strip():
            raise PolicyTextError(_field_problem(field, fields, lines, name))
    return meta


def _field_problem(field: str, fields: dict[str, object], lines: list[str], name: str) -> str:
    line = next((number for number, text in enumerate(lines, 1) if text.startswith(f"{field}:")), 1)
    if field not in _ALLOWED:
        return f"{name}:{line}: 元数据里没有“{field}”这个字段；允许的字段是 {'、'.join(_ALLOWED)}。"
    if field not in fields:
        return f"{name}:{line}: 元数据缺少字段“{field}”；应写{_ALLOWED[field]}。"
    return f"{name}:{line}: 元数据字段“{field}”的值“{fields[field]}”不对；应写{_ALLOWED[field]}（文字，必要时加引号）。"
