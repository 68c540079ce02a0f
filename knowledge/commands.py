"""Commands of the command line: building the index, its state, and searching the texts."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from knowledge.encoder import SentenceEncoder
    from knowledge.index import KnowledgeIndex, Progress
    from knowledge.model import Hit

# Imports that take seconds (torch, chromadb) stand in the functions that need them: `--help` must answer at once.

_STATES = {"ready": "可用", "missing": "尚未建立", "stale": "需要更新", "damaged": "已损坏"}


def register(app: typer.Typer) -> None:
    """Adds ``index build``, ``index status`` and ``search`` to a command line.

    Args:
        app: The application that gets the commands.
    """
    index_app = typer.Typer(help="建立和查看政策文本的检索索引。", no_args_is_help=True)
    index_app.command("build", help="按政策文本建立或更新索引；只重新计算有改动的段落。")(build)
    index_app.command("status", help="查看索引的状态。索引不可用时退出码为 1。")(status)
    app.add_typer(index_app, name="index")
    app.command("search", help="在政策文本里检索原文，给出条款和逐字引文。")(search)


def build(force: Annotated[bool, typer.Option("--force", help="全部重新计算。")] = False) -> None:
    """Brings the index up to the texts and says what was done."""
    with _errors_as_sentences():
        index = _index()
        with _progress() as progress:
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
            typer.echo(f"段落：{found.passages}（现有文本 {found.expected}）")
            typer.echo(f"建立：{found.built_at or '—'}")
            typer.echo(f"模型：{found.model}")
    if found.state != "ready":
        raise typer.Exit(1)


def search(
    query: Annotated[str, typer.Argument(help="要找的内容，例如 品字标 自我声明。")],
    policy: Annotated[list[str] | None, typer.Option("--policy", help="只在这份文件里找；可以写多次。")] = None,
    top_k: Annotated[int, typer.Option("--top-k", min=1, help="最多给出几段。")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="每段输出一行 JSON。")] = False,
) -> None:
    """Prints the passages that fit a query best, with their clauses."""
    with _errors_as_sentences():
        from knowledge.encoder import SentenceEncoder
        from knowledge.retriever import Retriever
        from knowledge.settings import KnowledgeSettings

        encoder = SentenceEncoder.from_settings(KnowledgeSettings())
        index = _index(encoder)
        unknown = [name for name in policy or () if name not in index.policies]
        if unknown:
            raise KnowledgeError(f"没有政策文件 {unknown[0]}；--policy 可以是 {'、'.join(index.policies)}。")
        # A user who only searches need not know that there is an index.
        with _progress() as progress:
            index.ensure(progress)
        hits = Retriever(index, encoder).search(query, policies=policy, top_k=top_k)
        for number, hit in enumerate(hits, 1):
            typer.echo(_as_json(hit) if as_json else _as_text(number, hit, index))
        if not hits and not as_json:
            typer.echo("没有找到。")


def _index(encoder: SentenceEncoder | None = None) -> KnowledgeIndex:
    from knowledge.encoder import SentenceEncoder
    from knowledge.index import KnowledgeIndex
    from knowledge.settings import KnowledgeSettings

    settings = KnowledgeSettings()
    return KnowledgeIndex(settings.data_dir, encoder or SentenceEncoder.from_settings(settings))


def _as_text(number: int, hit: Hit, index: KnowledgeIndex) -> str:
    from knowledge.library import one_line

    meta = index.policies[hit.passage.policy].meta
    source = f"{meta.document_number} " if meta.document_number else f"《{meta.title}》"
    return f"{number}. {source}{hit.passage.clause} {hit.passage.headings[-1]}\n   {one_line(hit.passage.quote)}"


def _as_json(hit: Hit) -> str:
    passage = hit.passage.model_dump(exclude={"indexed_text"})
    return json.dumps({**passage, "score": round(hit.score, 6)}, ensure_ascii=False)


@contextmanager
def _progress() -> Generator[Progress]:
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
