"""A run in the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from evals.baseline import Difference
from evals.gates import Verdict
from evals.reports.summary import (
    Pair,
    changed_sums,
    failures,
    held_out_failures,
    not_run,
    shortfalls,
    side_by_side,
    unsteady,
)
from evals.reports.wording import (
    DEEDS,
    HELD_OUT,
    PARTS,
    TUNED,
    duration,
    headline,
    measure_title,
    milliseconds,
    moment,
    percent,
    place,
    points,
    printable,
    shortened,
    suite_title,
)
from evals.results import CaseResult, Row, RunResult, confusion, latency

_GOOD, _BAD, _QUIET = "green", "bold red", "dim"


def print_table(
    result: RunResult,
    verdicts: list[Verdict],
    difference: Difference | None,
    console: Console,
    *,
    show_failures: bool = False,
) -> None:
    """Prints sums, gates and what changed; of cases held out nothing but sums.

    Args:
        result: The run.
        verdicts: Its gates.
        difference: What changed since the accepted run; None where there is none.
        console: Where to print.
        show_failures: Whether to list the failures that may be looked at.
    """
    tuned, held_out = len(result.part(held_out=False)), len(result.part(held_out=True))
    _say(console, f"评测 {moment(result.started)}：{tuned + held_out} 题（{TUNED} {tuned}，{HELD_OUT} {held_out}），"
                  f"用时 {duration(result.seconds)}")  # fmt: skip
    for suite, pairs in side_by_side(result).items():
        console.print(_measures(suite, pairs))
    console.print(_deeds(result))
    _speed_and_stability(result, console)
    _gates(verdicts, console)
    if difference is not None:
        _difference(difference, console)
    if show_failures:
        for case in failures(result):
            console.print(_failure(case))
    hidden = held_out_failures(result).total()
    _say(console, f"\n没有答对：{TUNED} {len(failures(result))} 题，{HELD_OUT} {hidden} 题（只计数，不列出）")


def _measures(suite: str, pairs: list[Pair]) -> Table:
    table = _table(suite_title(suite), ["指标", ""], [TUNED, "次数", HELD_OUT, "次数"])
    for pair in pairs:
        table.add_row(
            _text(measure_title(pair.measure)), _text(pair.measure, _QUIET), *_share(pair.tuned), *_share(pair.held_out)
        )
    return table


def _share(row: Row | None) -> tuple[Text, Text]:
    if row is None:
        return _text("–", _QUIET), Text()
    return _text(percent(row.value), "" if row.value < 1 else _GOOD), _text(str(row.count), _QUIET)


def _deeds(result: RunResult) -> Table:
    table = _table("应当与实际", ["题目", "应当"], [f"实际{done}" for done in DEEDS.values()])
    for part, held_out in ((TUNED, False), (HELD_OUT, True)):
        counts = confusion(result.part(held_out))
        for wanted, title in DEEDS.items() if counts else ():
            cells = [(counts[wanted, done], done == wanted) for done in DEEDS]
            numbers = [_text(str(n), _GOOD if right else _BAD if n else _QUIET) for n, right in cells]
            table.add_row(_text(part), _text(title), *numbers)
    return table


def _speed_and_stability(result: RunResult, console: Console) -> None:
    median, most = latency(result.cases)
    asked = sum(len(case.elapsed_ms) for case in result.cases)
    if asked:
        _say(console, f"响应时间：中位 {milliseconds(median)}，95% 不超过 {milliseconds(most)}（{asked} 问）")
    odd = unsteady(result)
    names = "、".join(odd.named) + (f"，另有{HELD_OUT}题 {odd.held_out} 题" if odd.held_out else "")
    if result.stability:
        _say(
            console,
            f"稳定性：反复提问 {result.stability_asked} 题，前后不一 {len(result.stability)} 题：{names.lstrip('，')}",
            _BAD,
        )
    elif result.stability_asked:
        _say(console, f"稳定性：反复提问 {result.stability_asked} 题，每次答复相同")
    if broken := not_run(result):
        _say(console, f"没有运行完：{broken} 题，其各项指标没有计入", _BAD)


def _gates(verdicts: list[Verdict], console: Console) -> None:
    missed = [verdict for verdict in verdicts if not verdict.passed]
    if missed:
        table = _table("未达到的门槛", ["题类", "指标", "题目"], ["要求", "实际", "次数"], ["原因"])
        for verdict in missed:
            gate = verdict.gate
            table.add_row(
                _text(suite_title(verdict.suite)), _text(f"{measure_title(gate.measure)} {gate.measure}"),
                _text(PARTS[gate.cases]), _text(percent(gate.at_least)), _text(percent(verdict.value), _BAD),
                _text(str(verdict.count), _QUIET), _text(gate.why),
            )  # fmt: skip
        console.print(table)
    _say(console, headline(verdicts), _BAD if missed else _GOOD if verdicts else "")


def _difference(difference: Difference, console: Console) -> None:
    _say(console, "\n与基线比较", "bold")
    for title, changes, style in (("新错", difference.newly_wrong, _BAD), ("新对", difference.newly_right, _GOOD)):
        _say(console, f"{title} {len(changes)} 项", style if changes else "")
        if changes:
            console.print(Padding(_text("；".join(changes)), (0, 0, 0, 3)))
    if not difference.measures:
        _say(console, "汇总没有变化")
        return
    table = _table("变化的汇总", ["题目", "题类", "指标"], ["原来", "现在", "百分点"])
    for part, row, before in changed_sums(difference):
        table.add_row(
            _text(part), _text(suite_title(row.group)), _text(f"{measure_title(row.measure)} {row.measure}"),
            _text(percent(before)), _text(percent(row.value)),
            _text(points(row.value - before), _GOOD if row.value > before else _BAD),
        )  # fmt: skip
    console.print(table)


def _failure(case: CaseResult) -> Group:
    question = " → ".join(evidence.question for evidence in case.evidence)
    lines = [
        Text("\n") + _text(case.id, "bold") + _text(f"  {place(case.source)}", _QUIET),
        _text(shortened(question, 200)),
    ]
    for one in shortfalls(case):
        turn = f"第 {one.turn} 问 " if len(case.evidence) > 1 else ""
        reason = f"：{shortened(one.reason, 300)}" if one.reason else ""
        lines.append(_text(f"{turn}{measure_title(one.name)} {one.name}", _BAD) + _text(reason))
    return Group(lines[0], *(Padding(line, (0, 0, 0, 3)) for line in lines[1:] if line.plain))


def _table(title: str, left: Iterable[str], right: Iterable[str], after: Iterable[str] = ()) -> Table:
    table = Table(
        title=_text(f"\n{title}", "bold"), title_justify="left", header_style="bold", show_edge=False, pad_edge=False
    )
    for header in left:
        table.add_column(_text(header), overflow="fold")
    for header in right:
        table.add_column(_text(header), justify="right", no_wrap=True)
    for header in after:
        table.add_column(_text(header), overflow="fold")
    return table


def _text(text: str, style: str = "") -> Text:
    """Words as they are: nothing in them is markup."""
    return Text(printable(text), style)


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(_text(text, style))
