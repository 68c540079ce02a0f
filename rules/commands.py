"""Commands of the command line: checking the rules against the texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from rules.errors import RulesError
from rules.loader import load_rules
from rules.provenance import ClauseTexts, check


def register(app: typer.Typer, clause_texts: Callable[[], ClauseTexts]) -> None:
    """Adds ``rules check`` to a command line.

    Args:
        app: The application that gets the command.
        clause_texts: Gives the clause texts; this package does not know where they come from.
    """
    rules_app = typer.Typer(help="奖励规则与原文的核对。", no_args_is_help=True)

    @rules_app.callback()
    def group() -> None:  # pyright: ignore[reportUnusedFunction]
        """Keeps ``check`` a command of its own while it is the only one."""

    @rules_app.command("check", help="核对每条规则的引文、金额、日期与原文是否一致。不一致时退出码为 1。")
    def run(  # pyright: ignore[reportUnusedFunction]
        quiet: Annotated[bool, typer.Option("--quiet", help="只列出不一致的地方。")] = False,
    ) -> None:
        try:
            book = load_rules()
        except RulesError as error:
            typer.echo(f"错误：规则文件有问题，{error}", err=True)
            raise typer.Exit(1) from error
        findings = check(book, clause_texts())
        for finding in findings:
            typer.echo(str(finding), err=True)
        if not quiet:
            for rules in book.policies.values():
                with_amount = [award for _, award in rules.awards() if award.amount.kind != "no_figure"]
                typer.echo(f"{rules.policy}：{len(with_amount)} 项奖励金额")
            typer.echo(f"不一致：{len(findings)} 处")
        if findings:
            raise typer.Exit(1)

    app.add_typer(rules_app, name="rules")
