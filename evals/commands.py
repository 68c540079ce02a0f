"""Commands of the command line: measuring the assistant."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_SHIPPED = Path(__file__).parent / "cases"


def register(app: typer.Typer) -> None:
    """Adds ``eval`` to a command line."""
    app.command("eval", help="用评测题给助手打分，并列出没有答对的题。")(evaluate)


def evaluate(
    cases: Annotated[Path, typer.Option("--cases", help="题目所在的文件夹。")] = _SHIPPED,
    show: Annotated[bool, typer.Option("--show/--no-show", help="列出没有答对的题（留出题只计数，不列出）。")] = True,
) -> None:
    """Prints the measures of the cases tuned on and of those held out."""
    # The assistant loads in a fraction of a second; `--help` needs none of it.
    from rich.console import Console
    from rich.progress import Progress

    from assistant.service import create_assistant
    from evals.model import CaseError, load_cases
    from evals.runner import run
    from knowledge.errors import KnowledgeError

    try:
        loaded = load_cases(cases)
        assistant = create_assistant()
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("评测", total=len(loaded))

            def step() -> None:
                progress.advance(task)

            groups = {
                "调整时可看的题": run(assistant, [case for case in loaded if not case.held_out], step),
                "留出的题": run(assistant, [case for case in loaded if case.held_out], step),
            }
    except (CaseError, KnowledgeError) as error:
        typer.echo(f"错误：{error}", err=True)
        raise typer.Exit(1) from error
    for title, report in groups.items():
        if not report.elapsed_ms:
            continue
        typer.echo(f"\n{title}（中位数 {report.median_ms:.1f} 毫秒）")
        for name, right, asked in report.rows():
            typer.echo(f"  {name:36s} {right / asked:6.1%}  {right} / {asked}")
    if show:
        for failure in groups["调整时可看的题"].failures:
            typer.echo(f"\n{failure.case} {failure.question}")
            for one in failure.measures:
                typer.echo(f"   {one.name}：{one.reason}")
