"""Commands of the command line: measuring the assistant, drafting cases, testing the tests."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evals.model import EvalsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evals.model import Case

_CASES = Path(__file__).parent / "cases"
_GATES = Path(__file__).parent / "gates.yaml"
_ACCEPTED = Path(__file__).parent / "accepted.json"
_SEED = 20261122


def register(app: typer.Typer) -> None:
    """Adds ``eval`` and ``eval draft`` to a command line."""
    group = typer.Typer(
        help="用评测题给助手打分：比较上一次认可的结果，写出报告，没有达到门槛时退出码为 1。",
        invoke_without_command=True,
    )
    group.callback()(evaluate)
    group.command("draft", help="把一个问题和现在的答复记成待审的题。")(draft)
    group.command("variants", help="用成句的说法生成几千个问题，看金额答得准不准。")(variants)
    app.add_typer(group, name="eval")


def evaluate(
    context: typer.Context,
    cases: Annotated[Path, typer.Option("--cases", help="题目所在的文件夹。")] = _CASES,
    suite: Annotated[
        list[str] | None, typer.Option("--suite", help="只评这一类（lookup、eligibility……），可以写几次。")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="与这个认可过的结果比较；默认用随程序的那一份。")
    ] = None,
    gates: Annotated[Path, typer.Option("--gates", help="门槛文件。")] = _GATES,
    output: Annotated[Path, typer.Option("--output", help="报告写到这个文件夹。")] = Path("eval-report"),
    accept: Annotated[bool, typer.Option("--accept", help="达到门槛时，把这次结果记为认可的结果。")] = False,
    show: Annotated[bool, typer.Option("--show/--no-show", help="列出没有答对的题（留出题只计数，不列出）。")] = True,
    workers: Annotated[int, typer.Option("--workers", min=1, max=16, help="同时评几题。")] = 2,
    mutants: Annotated[bool, typer.Option("--mutants", help="逐个放进错误，看评测能不能发现。")] = False,
    count: Annotated[int, typer.Option("--count", min=1, help="--mutants：抽多少个规则错误。")] = 80,
    seed: Annotated[int, typer.Option("--seed", help="--mutants：抽样的种子。")] = _SEED,
    schema: Annotated[bool, typer.Option("--schema", help="把各类题目文件的 JSON Schema 写到 --output。")] = False,
) -> None:
    """Runs the cases, prints the measures, writes the report."""
    if context.invoked_subcommand is not None:
        return
    with _errors_as_sentences():
        if schema:
            _write_schemas(output)
        elif mutants:
            _run_mutants(_cases(cases, suite), output, count, seed, workers)
        elif accept and (suite or (cases.resolve() != _CASES.resolve() and baseline is None)):
            raise EvalsError(
                "认可的结果要来自全部的题：请去掉 --suite；题目在别的文件夹时，用 --baseline 指出记到哪里。"
            )
        elif not _run(_cases(cases, suite), output, gates, baseline, accept=accept, show=show, workers=workers):
            raise typer.Exit(1)


def draft(
    question: Annotated[str, typer.Argument(help="问题。")],
    drafts: Annotated[Path, typer.Option("--drafts", help="待审题的文件。")] = Path("eval-drafts.yaml"),
) -> None:
    """Records a question with its present answer for a person to judge."""
    with _errors_as_sentences():
        from assistant.service import create_assistant
        from evals.draft import add_draft

        answer = create_assistant().ask(question)
        identity = add_draft(drafts, question, answer, date.today())
        typer.echo(f"已记为 {identity}（{drafts}）。现在的答复是：\n\n{answer.text}")


def variants(
    phrasings: Annotated[Path | None, typer.Option("--phrasings", help="说法的文件；默认用随程序的那一份。")] = None,
    each: Annotated[int, typer.Option("--each", min=1, max=100, help="每个说法生成几个问题。")] = 7,
    seed: Annotated[int, typer.Option("--seed", help="抽开头、日期、地点的种子。")] = _SEED,
    show: Annotated[int, typer.Option("--show", min=0, help="列出前几个没有答准的问题。")] = 0,
) -> None:
    """Asks generated questions and prints the shares of exact answers."""
    with _errors_as_sentences():
        from rich.console import Console
        from rich.progress import Progress

        from evals.runner import TODAY
        from evals.variants.generator import PHRASINGS, generate, load_phrasings
        from evals.variants.run import run_variants, summary
        from rules.loader import load_rules

        book = load_rules()
        questions = generate(book, load_phrasings(phrasings or PHRASINGS), each, seed)
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("逐个提问", total=len(questions))
            outcomes = run_variants(
                book, questions, TODAY, lambda done, total: bar.update(task, completed=done, total=total)
            )
        typer.echo(summary(outcomes))
        for outcome in [one for one in outcomes if not one.exact][:show]:
            typer.echo(
                f"{outcome.variant.award} [{outcome.variant.noise}] {outcome.variant.question}\n   {outcome.reply}"
            )


def _cases(folder: Path, suites: list[str] | None) -> Sequence[Case]:
    from typing import get_args

    from evals.case_files import load_cases
    from evals.model import Suite

    unknown = [suite for suite in suites or () if suite not in get_args(Suite)]
    if unknown:
        raise EvalsError(f"没有叫 {unknown[0]} 的一类题；--suite 可以是 {'、'.join(get_args(Suite))}。")
    return [case for case in load_cases(folder) if not suites or case.suite in suites]


def _run(
    cases: Sequence[Case],
    output: Path,
    gate_file: Path,
    baseline: Path | None,
    *,
    accept: bool,
    show: bool,
    workers: int,
) -> bool:
    """Whether every gate was passed."""
    from rich.console import Console

    from assistant.service import create_assistant
    from evals import baseline as accepted_runs
    from evals.coverage import gaps
    from evals.gates import judge, load_gates
    from evals.reports.html import write_html
    from evals.reports.junit import write_junit
    from evals.reports.table import print_table
    from evals.runner import Subject, run
    from rules.loader import load_rules

    # What cannot be used is told before the minute of work, not after it.
    gates = load_gates(gate_file)
    kept = baseline or _ACCEPTED
    wanted = kept.exists() or (baseline is not None and not accept)
    accepted = accepted_runs.load_accepted(kept) if wanted else None
    idle = gaps(cases)
    output = _folder(output)
    result = run(Subject(create_assistant(), load_rules()), cases, workers=workers, progress=True)
    verdicts = judge(gates, result)
    difference = accepted_runs.compare(result, accepted) if accepted else None
    print_table(result, verdicts, difference, Console(), show_failures=show)
    passed = all(verdict.passed for verdict in verdicts)
    with _written():
        result.save(output / "results.json")
        write_junit(result, verdicts, output / "junit.xml")
        write_html(result, verdicts, difference, idle, output / "report.html")
        if accept and passed:
            accepted_runs.accept(result, kept)
    typer.echo(f"报告：{output / 'report.html'}")
    if accept and passed:
        typer.echo(f"已记为认可的结果：{kept}")
    elif accept:
        typer.echo("有门槛没有达到，认可的结果没有改动。", err=True)
    return passed


def _run_mutants(cases: Sequence[Case], output: Path, count: int, seed: int, workers: int) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from evals.mutants.run import run_mutants

    output = _folder(output)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("逐个放进错误", total=None)

        def step(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        report = run_mutants(cases, count=count, seed=seed, workers=workers, progress=step)
    report.print_table(Console())
    report.save(output / "mutants.json")
    typer.echo(f"明细：{output / 'mutants.json'}")


def _write_schemas(output: Path) -> None:
    import json

    from evals.case_files import FORMS, schema

    folder = _folder(output)
    for name, (_, form) in FORMS.items():
        path = folder / f"{name}.schema.json"
        path.write_text(json.dumps(schema(form), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        typer.echo(str(path))


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EvalsError(f"报告文件夹 {path} 建不了（{error.strerror}）；请用 --output 指出另一个文件夹。") from error
    return path


@contextmanager
def _written() -> Generator[None]:
    """Turns a file that cannot be written into an error that a person can mend."""
    try:
        yield
    except OSError as error:
        raise EvalsError(f"{error.filename2 or error.filename}: 写不进去（{error.strerror}）。") from error


@contextmanager
def _errors_as_sentences() -> Generator[None]:
    """Turns an error that a person can mend into one sentence and exit status 2."""
    from assistant.errors import AssistantError
    from knowledge.errors import KnowledgeError
    from rules.errors import RulesError

    try:
        yield
    except (EvalsError, KnowledgeError, RulesError, AssistantError) as error:
        typer.echo(f"错误：{error}", err=True)
        raise typer.Exit(2) from error
