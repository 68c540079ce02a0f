"""The HTTP endpoint: one conversation in, one answer for each turn out, nothing kept."""

from __future__ import annotations

import json
import logging
from datetime import date

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.conversation import Conversation
from assistant.errors import QuestionError
from assistant.model import Answer
from assistant.pipeline import Assistant
from knowledge.errors import KnowledgeError

MAX_TURNS = 20

_log = logging.getLogger(__name__)

_ALLOWED = {
    "turns": f"turns 应是 1 到 {MAX_TURNS} 个问题的列表，每个问题是一段文字。",
    "today": "today 应是 2026-11-21 这样的日期；可以不写。",
    "id": "id 应是文字或整数；可以不写。",
}


class AskRequest(BaseModel):
    """The body of ``POST /api/ask``: a line of a batch file, ``id`` optional."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: str | int | None = None
    """Handed back with the answers."""
    turns: list[str] = Field(min_length=1, max_length=MAX_TURNS)
    """The questions of one conversation, in order."""
    today: date | None = None
    """What relative dates are counted from; the calendar's day when null."""


def create_router(assistant: Assistant) -> APIRouter:
    """``POST /api/ask`` and ``GET /healthz``.

    Args:
        assistant: Answers the questions.
    """
    router = APIRouter()

    async def ask(request: Request) -> JSONResponse:
        # The body is read by hand: FastAPI would report a mistake in English and in its own form.
        try:
            asked = AskRequest.model_validate_json(await request.body())
        except ValidationError as error:
            return _error(422, _sentence(error))
        return await run_in_threadpool(_answers, assistant, asked)

    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    def only_post() -> JSONResponse:
        return _error(405, '请用 POST /api/ask，正文如 {"turns": ["问题"]}。')

    def unknown(rest: str) -> JSONResponse:
        return _error(404, f"没有 /api/{rest} 这个接口；提问请用 POST /api/ask。")

    every = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
    router.add_api_route("/healthz", healthz, methods=["GET"])
    router.add_api_route("/api/ask", ask, methods=["POST"])
    # Without these two the page, which is mounted at /, would answer with a text of its own.
    router.add_api_route("/api/ask", only_post, methods=[method for method in every if method != "POST"])
    router.add_api_route("/api/{rest:path}", unknown, methods=every)
    return router


def _answers(assistant: Assistant, asked: AskRequest) -> JSONResponse:
    conversation = Conversation()
    answers: list[Answer] = []
    for number, text in enumerate(asked.turns, 1):
        try:
            answers.append(assistant.ask(text, conversation, asked.today))
        except QuestionError as error:
            return _error(422, f"第 {number} 个问题：{error}" if len(asked.turns) > 1 else str(error))
        except KnowledgeError as error:
            _log.exception("the texts cannot be searched")
            return _error(503, str(error))
        except Exception:
            _log.exception("no answer to %r", text)
            return _error(500, "暂时无法回答这个问题，请稍后再试。")
    body: dict[str, object] = {} if asked.id is None else {"id": asked.id}
    return JSONResponse({**body, "answers": [answer.model_dump(mode="json") for answer in answers]})


def _sentence(error: ValidationError) -> str:
    """Which field is wrong and what it may be, for the first mistake."""
    first = error.errors(include_url=False)[0]
    if not first["loc"]:
        broken = first["type"] == "json_invalid"
        return "请求不是有效的 JSON。" if broken else '请求应是一个 JSON 对象，如 {"turns": ["问题"]}。'
    field = str(first["loc"][0])
    if field in _ALLOWED:
        return _ALLOWED[field]
    return f"不认识的字段 {json.dumps(field[:40], ensure_ascii=False)}；可以有 turns、today、id。"


def _error(status: int, sentence: str) -> JSONResponse:
    return JSONResponse({"error": sentence}, status_code=status)
