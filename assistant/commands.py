"""Commands of the command line: asking, one question or many, searching the texts, and serving the page."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from assistant.errors import AssistantError
from assistant.search_commands import search
from knowledge.errors import KnowledgeError
from rules.errors import RulesError

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

# Imports that take long stand in the functions that need them: `--help` must answer at once.

_HEAD = 4096  # bytes by which a binary file is told from a text


def register(app: typer.Typer) -> None:
    """Adds ``ask``, ``search`` and ``serve`` to a command line."""
    app.command("ask", help="提问。一个问题直接写在后面；很多问题用 --batch。")(ask)
    app.command("search", help="在政策文本里检索条款，给出逐字引文、是否有效和排名的理由。")(search)
    app.command("serve", help="启动网页和 HTTP 接口。")(serve)


def ask(
    question: Annotated[str | None, typer.Argument(help="要问的问题。")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出完整的答案对象（JSON）。")] = False,
    today: Annotated[
        datetime | None, typer.Option("--today", formats=["%Y-%m-%d"], help="“去年”“上个月”从这一天算起。")
    ] = None,
    batch: Annotated[str | None, typer.Option("--batch", help="问题文件，每行一个 JSON；“-” 是标准输入。")] = None,
    output: Annotated[str, typer.Option("--output", help="答案文件；“-” 是标准输出。")] = "-",
) -> None:
    """Answers one question, or every line of a file."""
    with _errors_as_sentences():
        if batch is not None:
            raise typer.Exit(_answer_batch(batch, output))
        if question is None:
            raise AssistantError('没有问题。请写成 policy-assistant ask "问题"，或用 --batch 给出问题文件。')
        answer = _assistant().ask(question, today=today.date() if today else None)
        typer.echo(answer.model_dump_json() if as_json else answer.text)


def serve(
    host: Annotated[str | None, typer.Option("--host", help="监听的地址；默认只有本机能访问。")] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="监听的端口。")] = None,
) -> None:
    """Runs the page until it is stopped."""
    with _errors_as_sentences():
        from assistant.pipeline import Assistant
        from assistant.service import LazySearch
        from assistant.settings import load_settings
        from assistant.web.server import serve as run

        settings = load_settings()
        search = LazySearch(waiting=_say_loading)
        run(Assistant(search), host or settings.host, port or settings.port, warm=search.open)


def _assistant() -> Assistant:
    from assistant.service import create_assistant

    return create_assistant(waiting=_say_loading)


def _say_loading() -> None:
    typer.echo("正在载入检索索引和向量模型，第一次需要几秒到一分钟……", err=True)


def _answer_batch(source: str, target: str) -> int:
    """Answers a file line by line; 1 when a line could not be answered."""
    from assistant.batch import answer_lines

    failed = 0
    with _opened_source(source) as lines, _opened_target(target) as out:
        for result in answer_lines(_assistant(), lines):
            if result.error is not None:
                failed += 1
                typer.echo(f"第 {result.number} 行：{result.error}", err=True)
            out.write(result.as_json() + "\n")
            out.flush()
    if failed:
        typer.echo(f"{failed} 行没有答复，其余各行已答复。", err=True)
    return 1 if failed else 0


@contextmanager
def _opened_source(source: str) -> Generator[Iterable[bytes]]:
    try:
        stream = sys.stdin.buffer if source == "-" else Path(source).open("rb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise AssistantError(f"问题文件 {source} 打不开：没有这个文件，或没有读取权限。请检查路径。") from error
    with stream:
        head = stream.read(_HEAD)
        if b"\0" in head:
            raise AssistantError(f"问题文件 {source} 不是文本文件；应是每行一个 JSON 对象的 UTF-8 文本。")
        yield _lines(head, stream)


def _lines(head: bytes, stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of a stream whose beginning has been read already."""
    *whole, rest = head.split(b"\n")
    yield from whole
    for line in stream:
        yield rest + line
        rest = b""
    if rest:
        yield rest


@contextmanager
def _opened_target(target: str) -> Generator[IO[str]]:
    if target == "-":
        yield sys.stdout
        return
    try:
        stream = Path(target).open("w", encoding="utf-8")  # noqa: SIM115 - closed below
    except OSError as error:
        raise AssistantError(f"答案文件 {target} 写不了：没有这个文件夹，或没有写入权限。请换一个位置。") from error
    with stream:
        yield stream


@contextmanager
def _errors_as_sentences() -> Generator[None]:
    """Turns an error that a person can mend into one sentence and exit status 1."""
    try:
        yield
    except (AssistantError, KnowledgeError) as error:
        typer.echo(f"错误：{error}", err=True)
        raise typer.Exit(1) from error
    except RulesError as error:
        typer.echo(f"错误：规则文件有问题，{error}", err=True)
        raise typer.Exit(1) from error
