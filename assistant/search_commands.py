"""The command ``search``: clauses for staff, marked, ranked and explained."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import AssistantError
from knowledge.errors import KnowledgeError
from rules.errors import ProfileError, RulesError

if TYPE_CHECKING:
    from assistant.clause_search import FoundClause
    from rules.model import Place

# Imports that take long stand in the functions that need them: `--help` must answer at once.

_WRITTEN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def search(
    query: Annotated[str, typer.Argument(help="要找的内容，例如 品字标 自我声明。")],
    policy: Annotated[list[str] | None, typer.Option("--policy", help="只在这份文件里找；可以写多次。")] = None,
    place: Annotated[str | None, typer.Option("--place", help="只找这个地方的文件，例如 台州市黄岩区。")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="按这一天（YYYY-MM-DD）说明文件是否有效；默认今天。")
    ] = None,
    top_k: Annotated[int, typer.Option("--top-k", help="最多给出几条。")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="每条输出一行 JSON。")] = False,
) -> None:
    """Prints the clauses that fit a query best, lapsed ones marked as such."""
    with _errors_as_sentences():
        from assistant.clause_search import find_clauses, passages_for
        from assistant.pipeline import Assistant
        from assistant.service import LazySearch
        from knowledge.commands import progress_bar

        day, where = _day(as_of), _place(place)
        # A user who only searches need not know that there is an index.
        with progress_bar() as progress:
            found = find_clauses(
                Assistant(LazySearch(progress, top_k=passages_for(top_k))),
                query,
                policies=policy or (),
                place=where,
                as_of=day,
                top_k=top_k,
            )
        if found.degraded:
            typer.echo("向量检索暂时不可用，以下结果只按关键词查找，可能不全。", err=True)
        if found.elsewhere and found.clauses:
            typer.echo("没有收录那个地方的文件，以下是其他地方的。", err=True)
        if as_json:
            for clause in found.clauses:
                typer.echo(clause.model_dump_json())
        elif found.clauses:
            _print(query, found.clauses)
        else:
            typer.echo("没有找到。")


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        if not _WRITTEN_DAY.fullmatch(text):  # the other forms of ISO 8601 are no way to write a day here
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as error:
        raise AssistantError(f"--as-of 的值“{text}”不是日期；请写成 2026-11-21 这样的日期。") from error


def _place(name: str | None) -> Place | None:
    from rules.loader import load_rules
    from rules.profile import place_named

    return None if name is None else place_named(load_rules(), name, "--place")


def _print(query: str, clauses: tuple[FoundClause, ...]) -> None:
    """Bold marks on a terminal; brackets where bold would be lost."""
    from rich.console import Console
    from rich.text import Text

    from assistant.clause_search import marks
    from assistant.sources import one_line

    console = Console(highlight=False, soft_wrap=True)
    for clause in clauses:
        number = clause.document_number or f"《{clause.title}》"
        # A part without a number is named by its path already.
        heading = "" if clause.heading == clause.clause.rpartition("/")[2] else clause.heading
        console.print(Text(" ".join(part for part in (f"{clause.rank}.", number, clause.clause, heading) if part)))
        console.print(Text(f"   {clause.name}，{clause.standing}"))
        for sentence in clause.sentences:
            line = Text(one_line(sentence.quote))
            spans = marks(query, line.plain)
            if console.is_terminal:
                for start, end in spans:
                    line.stylize("bold", start, end)
            else:
                line = Text(_bracketed(line.plain, spans))
            console.print(Text("   ") + line)
        console.print(Text(f"   {_reason(clause)}"), style="dim")


def _bracketed(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    for start, end in reversed(spans):
        text = f"{text[:start]}【{text[start:end]}】{text[end:]}"
    return text


def _reason(clause: FoundClause) -> str:
    def place(name: str, rank: int | None) -> str:
        return f"{name}第 {rank}" if rank else f"{name}未列入"

    parts = [
        place("按语义", clause.vector_rank),
        place("按关键词", clause.keyword_rank),
        f"合并得分 {clause.score:.4f}",
    ]
    if clause.rerank is not None:
        parts.append(f"重排得分 {clause.rerank:.4f}")
    return "，".join(parts)


@contextmanager
def _errors_as_sentences() -> Generator[None]:
    """Turns an error that a person can mend into one sentence and exit status 1."""
    try:
        yield
    except (AssistantError, KnowledgeError, ProfileError) as error:
        typer.echo(f"错误：{error}", err=True)
        raise typer.Exit(1) from error
    except RulesError as error:
        typer.echo(f"错误：规则文件有问题，{error}", err=True)
        raise typer.Exit(1) from error
