"""Commands of the command line: assessing a profile, listing the awards, checking the rules against the texts."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from rules.assessment import Assessment
from rules.errors import ProfileError, RulesError
from rules.listing import as_csv, award_rows
from rules.loader import RuleBook, load_rules
from rules.model import Period, Place
from rules.profile import Profile, load_profile, period_of, place_named
from rules.provenance import ClauseTexts, check
from rules.receipt import Assessed, assess_profile, differences


def register(
    app: typer.Typer,
    clause_texts: Callable[[], ClauseTexts],
    other_findings: Callable[[], Sequence[object]] = tuple,
) -> None:
    """Adds ``assess``, ``awards`` and ``rules check`` to a command line.

    Args:
        app: The application that gets the commands.
        clause_texts: Gives the clause texts; this package does not know where they come from.
        other_findings: What else disagrees with the texts, each with a line to print; ``rules check`` counts it as its
            own.
    """
    rules_app = typer.Typer(help="奖励规则与原文的核对。", no_args_is_help=True)

    @rules_app.callback()
    def group() -> None:  # pyright: ignore[reportUnusedFunction]
        """Keeps ``check`` a command of its own while it is the only one."""

    @rules_app.command(
        "check", help="核对每条规则、指标和责任部门的引文、数字、日期与原文是否一致。不一致时退出码为 1。"
    )
    def run_check(  # pyright: ignore[reportUnusedFunction]
        quiet: Annotated[bool, typer.Option("--quiet", help="只列出不一致的地方。")] = False,
    ) -> None:
        with _errors_as_sentences():
            _check(load_rules(), clause_texts(), other_findings(), quiet)

    @app.command("assess", help="按档案文件测算能领多少，逐步说明依据。")
    def run_assess(  # pyright: ignore[reportUnusedFunction]
        profile: Annotated[Path | None, typer.Argument(help="档案文件（YAML）。")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="输出测算结果和回执（JSON）。")] = False,
        verify: Annotated[
            Path | None, typer.Option("--verify", help="核对 --json 输出的文件：重新测算，看是否一致。")
        ] = None,
        schema: Annotated[bool, typer.Option("--schema", help="输出档案文件的 JSON Schema。")] = False,
    ) -> None:
        with _errors_as_sentences():
            if schema:
                typer.echo(json.dumps(Profile.model_json_schema(), ensure_ascii=False, indent=2))
            elif verify is not None:
                _verify(verify, clause_texts())
            elif profile is None:
                raise ProfileError("没有档案文件。请写成 policy-assistant assess 档案.yaml；写法见 --schema。")
            else:
                assessed = assess_profile(load_rules(), clause_texts(), load_profile(profile))
                typer.echo(assessed.model_dump_json(indent=2) if as_json else _readable(assessed))

    app.command("awards", help="列出各文件的奖项、金额和条件。")(awards)
    app.add_typer(rules_app, name="rules")


def awards(
    policy: Annotated[str | None, typer.Option("--policy", help="只列这份文件。")] = None,
    place: Annotated[str | None, typer.Option("--place", help="只列在这个地方适用的文件，例如 台州市黄岩区。")] = None,
    on: Annotated[str | None, typer.Option("--on", help="只列这一天（或这个月、这一年）施行的文件。")] = None,
    csv: Annotated[bool, typer.Option("--csv", help="输出 CSV。")] = False,
) -> None:
    """Prints the awards as a table."""
    with _errors_as_sentences():
        book = load_rules()
        if policy is not None and policy not in book.policies:
            raise ProfileError(f"没有政策文件 {policy}；--policy 可以是 {'、'.join(book.policies)}。")
        rows = award_rows(book, policy, _place(book, place), _period(on))
        if csv:
            typer.echo(as_csv(rows), nl=False)
            return
        # rich takes a tenth of a second to load; only this table needs it.
        from rich.console import Console
        from rich.table import Table

        table = Table("文件", "条款", "奖项", "级别", "金额（元）", "单位", "条件", "奖励对象")
        for row in rows:
            amount = f"{int(row.amount):,}" if row.amount.isdigit() else row.amount or "文中没有金额"
            name = f"{row.award}\n[dim]{row.id}[/dim]"
            reference = "（可参照）" if row.effect == "reference" else ""
            table.add_row(
                row.policy + reference, row.clause, name, row.level, amount, row.unit, row.conditions, row.beneficiary
            )
        console = Console(width=None if Console().is_terminal else 200)
        console.print(table if rows else "没有适用的奖项。")


def _place(book: RuleBook, name: str | None) -> Place | None:
    return place_named(book, name, "--place") if name else None


def _period(text: str | None) -> Period | None:
    return period_of(text, "--on") if text else None


def _check(book: RuleBook, texts: ClauseTexts, others: Sequence[object], quiet: bool) -> None:
    findings = [*check(book, texts), *others]
    for finding in findings:
        typer.echo(str(finding), err=True)
    if not quiet:
        for rules in book.policies.values():
            with_amount = [award for _, award in rules.awards() if award.amount.kind != "no_figure"]
            typer.echo(f"{rules.policy}：{len(with_amount)} 项奖励金额")
        typer.echo(f"不一致：{len(findings)} 处")
    if findings:
        raise typer.Exit(1)


def _verify(path: Path, texts: ClauseTexts) -> None:
    """Assesses the profile of a result again; exit status 1 when anything differs."""
    try:
        claimed = Assessed.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ProfileError(f"{path} 打不开：没有这个文件，或没有读取权限。") from error
    except ValidationError as error:
        raise ProfileError(f"{path} 不是 policy-assistant assess --json 的输出。") from error
    found = differences(claimed, assess_profile(load_rules(), texts, claimed.profile))
    if found:
        typer.echo("不一致：\n" + "\n".join(f"  {line}" for line in found), err=True)
        raise typer.Exit(1)
    typer.echo("一致：用现有的规则和文本重新测算，结果与回执相同。")


def _readable(assessed: Assessed) -> str:
    """The assessment as a person reads it, each step with its clause."""
    result = assessed.assessment
    lines = [_headline(result), ""]
    for line in result.lines:
        level = f"（{line.level}）" if line.level else ""
        amount = f"{line.amount_yuan:,} 元" if line.amount_yuan is not None else "—"
        lines.append(f"  {line.award}{level} × {line.quantity}：{amount} [{_OUTCOMES[line.outcome]}]")
        lines += [f"      {reason}" for reason in line.reasons]
    lines += [f"  {a.rule}（{a.clause}）：{a.amount_yuan:,} 元" for a in result.adjustments]
    lines += [f"  另一种情况——{a.reading}：{a.total_yuan:,} 元" for a in result.alternatives]
    if assessed.missing:
        lines += [
            "",
            "还需要知道：",
            *(f"  {_MISSING[fact.kind]}：{'、'.join(fact.choices)}" for fact in assessed.missing),
        ]
    lines += ["", "步骤："]
    for number, step in enumerate(result.trace, 1):
        amount = f" {step.amount_yuan:,} 元" if step.amount_yuan is not None else ""
        lines.append(f"  {number}. {step.step}{amount}")
        if step.quote:
            lines.append(f"     {step.policy} {step.clause}：“{''.join(step.quote.split())}”")
    lines += ["", *(f"前提：{assumption}" for assumption in result.assumptions)]
    lines.append(
        f"回执：规则 {assessed.receipt.rules[:12]} 文本 {assessed.receipt.texts[:12]} 结果 {assessed.receipt.result[:12]}"
    )
    return "\n".join(lines)


_MISSING = {
    "place": "所在的市和区县",
    "date": "取得的日期",
    "facet": "是哪一种",
    "rank": "起草排名",
    "result": "考核或评审结果",
    "times": "连续通过的次数",
    "beneficiary": "申报主体",
    "cost": "支出或补助的金额",
}

_OUTCOMES = {
    "eligible": "可领",
    "not_eligible": "不符合条件",
    "undetermined": "还不能确定",
    "not_in_policy": "文件没有列入",
}


def _headline(result: Assessment) -> str:
    total = f"{result.total_yuan:,} 元" if result.total_yuan is not None else "没有数额"
    return {
        "payable": f"可以领取 {total}",
        "reference_only": f"参照标准 {total}（下限）",
        "depends": "要看申报的先后",
        "not_payable": f"不能领取（{total}）",
        "undetermined": "还不能确定",
    }[result.outcome]


@contextmanager
def _errors_as_sentences() -> Generator[None]:
    """Turns an error that a person can mend into one sentence and exit status 1."""
    try:
        yield
    except ProfileError as error:
        typer.echo(f"错误：{error}", err=True)
        raise typer.Exit(1) from error
    except RulesError as error:
        typer.echo(f"错误：规则文件有问题，{error}", err=True)
        raise typer.Exit(1) from error
