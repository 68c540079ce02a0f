"""One visitor's chat: what is shown, and what happens to a question on its way; knows nothing of Gradio."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypedDict

from assistant.conversation import Conversation
from assistant.errors import AssistantError
from assistant.model import Answer
from assistant.pipeline import Assistant
from assistant.web.markup import as_typed, chat_text, harmless
from knowledge.errors import KnowledgeError

THINKING = "正在查找…"
LOADING = "正在查找…（服务刚启动，正在载入检索模型，第一次可能要等十几秒）"

_log = logging.getLogger(__name__)


class ChatMessage(TypedDict):
    """A message as Gradio's chat takes it; ``content`` is Markdown."""

    role: Literal["user", "assistant"]
    content: str


@dataclass
class Visit:
    """The state of one visitor: the conversation and what stands in the chat."""

    conversation: Conversation = field(default_factory=Conversation)
    messages: list[ChatMessage] = field(default_factory=list[ChatMessage])
    busy: bool = False
    """An answer is being sought."""


@dataclass(frozen=True)
class Step:
    """What to show now."""

    messages: list[ChatMessage]
    answer: Answer | None = None
    failed: bool = False


def ask(assistant: Assistant, visit: Visit, text: str, ready: Callable[[], bool]) -> Iterator[Step]:
    """Puts a question and shows what comes of it.

    Args:
        assistant: Answers the question.
        visit: The visitor's chat; the question and its answer are added to it.
        text: The question as typed.
        ready: Whether the model is loaded; where it is not, the wait is explained.

    Yields:
        The chat while the answer is sought, then the chat with the answer or with a sentence that
        says what went wrong; in that case the conversation is as it was.
    """
    visit.busy = True
    visit.messages.append({"role": "user", "content": as_typed(text)})
    try:
        yield Step([*visit.messages, {"role": "assistant", "content": THINKING if ready() else LOADING}])
        answer, content = _sought(assistant, visit.conversation, text)
        visit.messages.append({"role": "assistant", "content": content})
    finally:
        visit.busy = False
    yield Step(list(visit.messages), answer, failed=answer is None)


def _sought(assistant: Assistant, conversation: Conversation, text: str) -> tuple[Answer | None, str]:
    """The answer and what the chat shows of it; without an answer, what went wrong."""
    try:
        answer = assistant.ask(text, conversation)
        return answer, chat_text(answer)
    except AssistantError as error:
        return None, _failure(str(error))
    except KnowledgeError as error:
        _log.exception("the texts cannot be searched")
        return None, _failure(str(error))
    except Exception:
        _log.exception("no answer to %r", text)
        return None, _failure("暂时无法回答这个问题，请稍后再试。")


def _failure(sentence: str) -> str:
    return f"**没有答复。** {harmless(sentence)}\n\n您的问题已放回输入框，可以改一改或直接再发一次。"
