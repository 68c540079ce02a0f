"""Many questions from a file: one conversation a line, each answered whatever the others are like."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.conversation import Conversation
from assistant.errors import AssistantError, BatchError
from assistant.model import Answer
from assistant.pipeline import Assistant

_MAX_TURNS = 50


class BatchLine(BaseModel):
    """One line of a file of questions."""

    model_config = ConfigDict(extra="ignore")

    id: str | int
    turns: list[str] = Field(min_length=1, max_length=_MAX_TURNS)
    """The questions of one conversation, in order."""
    today: date | None = None
    """What relative dates are counted from; the calendar's day when None."""


class BatchResult(BaseModel):
    """One line of a file of answers."""

    number: int
    """Line in the file of questions, counted from 1."""
    id: str | int | None
    answers: list[Answer] | None = None
    error: str | None = None

    def as_json(self) -> str:
        """The line as it is written."""
        if self.error is not None:
            return json.dumps({"id": self.id, "error": self.error}, ensure_ascii=False)
        answers = [answer.model_dump(mode="json") for answer in self.answers or []]
        return json.dumps({"id": self.id, "answers": answers}, ensure_ascii=False)


def converse(assistant: Assistant, turns: Iterable[str], today: date | None = None) -> list[Answer]:
    """The answers of one conversation, one for each turn.

    Raises:
        QuestionError: a turn is empty or too long.
        KnowledgeError: index or model cannot be used.
    """
    conversation = Conversation()
    return [assistant.ask(turn, conversation, today) for turn in turns]


def answer_lines(assistant: Assistant, lines: Iterable[bytes]) -> Iterator[BatchResult]:
    """Answers each line of a file of questions as soon as it is read.

    Args:
        assistant: Answers the questions.
        lines: Raw lines; empty ones are skipped.

    Yields:
        One result a line, in order; a line that cannot be read has an error, the others are answered.

    Raises:
        KnowledgeError: index or model cannot be used; no line could be answered.
    """
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        identity: str | int | None = None
        try:
            data = _parsed(raw)
            identity = _identity(data)
            line = BatchLine.model_validate(data)
            yield BatchResult(number=number, id=line.id, answers=converse(assistant, line.turns, line.today))
        except (BatchError, ValidationError, AssistantError) as error:
            message = _explained(error) if isinstance(error, ValidationError) else str(error)
            yield BatchResult(number=number, id=identity, error=message)


def _parsed(raw: bytes) -> dict[str, Any]:
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BatchError("这一行不是 UTF-8 文本；请把文件另存为 UTF-8 编码。") from error
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits
        raise BatchError('这一行不是 JSON；应是 {"id": "M001", "turns": ["问题"]} 这样的一个对象。') from error
    if not isinstance(data, dict):
        raise BatchError('这一行不是 JSON 对象；应是 {"id": "M001", "turns": ["问题"]}。')
    return data  # pyright: ignore[reportUnknownVariableType]


def _identity(data: dict[str, Any]) -> str | int | None:
    found = data.get("id")
    if not isinstance(found, (str, int)) or isinstance(found, bool):
        return None
    if isinstance(found, str) and any("\ud800" <= char <= "\udfff" for char in found):
        raise BatchError("字段 id 里有不成对的代理字符，写不出来；请换一个题号。")
    return found


def _explained(error: ValidationError) -> str:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    allowed = {
        "id": "应是文字或整数",
        "turns": f"应是 1 至 {_MAX_TURNS} 个问题的列表，每个问题是文字",
        "today": "应是 2026-11-21 这样的日期",
    }
    return f"字段 {field} 不对：{allowed.get(str(first['loc'][0]), first['msg'])}。"
