"""Commands of the command line: building the index, its state, and proving it against the texts."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from knowledge.errors import KnowledgeError, SettingError

if TYPE_CHECKING:
    from knowledge.index import KnowledgeIndex, Progress

# Imports that take seconds (torch, chromadb) stand in the functions that need them: `--help` must answer at once.

_STATES = {
    "ready": "可用",
    "missing": "尚未建立",
    "stale": "需要更新",
    "damaged": "已损坏",
    "unreachable": "向量检索暂时不可用",
}


def register(app: typer.Typer) -> None:
    """Adds ``index build``, ``index status`` and ``index verify`` to a command line.

    Args:
        app: The application that gets the commands.
    """
    index_app = typer.Typer(help="建立和查看政策文本的检索索引。", no_args_is_help=True)
    index_app.command("build", help="按政策文本建立或更新索引；只重新计算有改动的段落。")(build)
    index_app.command("status", help="查看索引的状态。索引不可用时退出码为 1。")(status)
    index_app.command("verify", help="核对政策文本、关键词索引和向量是否一致。不一致时退出码为 1。")(verify)
    app.add_typer(index_app, name="index")


def build(force: Annotated[bool, typer.Option("--force", help="全部重新计算。")] = False) -> None:
    """Brings the index up to the texts and says what was done."""
    with _errors_as_sentences():
        index = _index()
        with progress_bar() as progress:
            report = index.build(progress, force=force)
        removed = f"，删除 {report.removed} 段" if report.removed else ""
        typer.echo(f"索引可用：{index.folder}，新计算 {report.embedded} 段，沿用 {report.kept} 段{removed}。")


def status(as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False) -> None:
    """Says in what state the index is; exit status 1 when it is not ready."""
    with _errors_as_sentences():
        found = _index().status()
        if as_json:
            fields = {**vars(found), "folder": str(found.folder)}
            typer.echo(json.dumps(fields, ensure_ascii=False))
        else:
            typer.echo(f"状态：{_STATES[found.state]}{'' if found.state == 'ready' else '。' + found.reason}")
            typer.echo(f"位置：{found.folder}")
            typer.echo(f"向量：{'内置的 Chroma' if found.chroma == 'embedded' else found.chroma}")
            typer.echo(f"段落：{found.passages}（现有文本 {found.expected}）")
            typer.echo(f"建立：{found.built_at or '—'}")
            typer.echo(f"模型：{found.model}")
    if found.state != "ready":
        raise typer.Exit(1)


def verify(
    every: Annotated[bool, typer.Option("--all", help="重新计算全部向量，不只抽查。")] = False,
    sample: Annotated[int, typer.Option("--sample", help="抽查多少段的向量。")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
) -> None:
    """Compares texts, keyword index and vectors; exit status 1 when something does not agree."""
    with _errors_as_sentences():
        if sample < 1:
            raise SettingError(f"--sample 应至少为 1，现为 {sample}；全部核对用 --all。")
        found = _index().verify(None if every else sample)
        if as_json:
            typer.echo(json.dumps(vars(found), ensure_ascii=False))
        else:
            for line in found.compared:
                typer.echo(f"一致　{line}")
            for line in found.wrong:
                typer.echo(f"不一致　{line}", err=True)
            if found.remedy:
                typer.echo(found.remedy, err=True)
    if found.wrong:
        raise typer.Exit(1)


def _index() -> KnowledgeIndex:
    from knowledge.encoder import SentenceEncoder
    from knowledge.index import KnowledgeIndex
    from knowledge.settings import KnowledgeSettings

    settings = KnowledgeSettings()
    return KnowledgeIndex.from_settings(settings, SentenceEncoder.from_settings(settings))


@contextmanager
def progress_bar() -> Generator[Progress]:
    """A bar on standard error, so that standard output holds the result only; it appears with the first report."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    bar = Progress(*columns, console=console, transient=True)
    task = bar.add_task("计算向量", total=None)

    def report(done: int, total: int) -> None:
        # Outside a terminal a bar is nothing but an empty line in a log.
        if console.is_terminal:
            bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield report
    finally:
        if bar.live.is_started:
            bar.stop()


@contextmanager
def _errors_as_sentences() -> Generator[None]:
    """Turns an error that a person can mend into one sentence and exit status 1."""
    try:
        yield
    except KnowledgeError as error:
        typer.echo(f"错误：{error}", err=True)
        raise typer.Exit(1) from error
