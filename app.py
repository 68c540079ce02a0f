"""The top of the house: the command line put together from what each package brings. No policy logic."""

from __future__ import annotations

import sys

import typer

import assistant.commands
import evals.commands
import knowledge.commands
import rules.commands
from knowledge.errors import KnowledgeError
from knowledge.facts import load_facts
from knowledge.facts_check import check_facts
from knowledge.findings import Finding
from knowledge.library import clause_texts, load_policies


def build_app() -> typer.Typer:
    """The command line with the commands of every package."""
    app = typer.Typer(
        help="政策通：查地方质量奖励政策，算能领多少，引条款原文。",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    assistant.commands.register(app)
    knowledge.commands.register(app)
    evals.commands.register(app)
    rules.commands.register(app, clause_texts, _facts_findings)
    return app


def _facts_findings() -> list[Finding]:
    """What disagrees between the facts and the texts."""
    return check_facts(load_facts(), load_policies())


def main() -> None:
    """Runs the command line; an interrupt or a closed pipe ends it quietly."""
    try:
        build_app()()
    except KnowledgeError as error:
        # A text or setting that every command needs; the commands themselves report their own.
        typer.echo(f"错误：{error}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read the output has gone; nothing is left to tell them.
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()
