"""What was noticed of each fault, as a record and as a table."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.reports.wording import duration, measure_title, percent, printable, shortened, suite_title

Group = Literal["rule", "behaviour"]
_GROUPS: dict[Group, str] = {"rule": "规则数据的错误", "behaviour": "程序行为的错误"}
_MEASURES = 3  # shown of one fault
_WIDTH = 60


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MutantResult(_Model):
    """One fault, and what noticed it."""

    id: str
    group: Group
    kind: str
    """The kind of slip; of behaviour the name of the fault."""
    policy: str = ""
    where: str = ""
    description: str
    checks: list[str] = Field(default_factory=list)
    """Checks of rules against texts that have a finding."""
    table: dict[str, int] = Field(default_factory=dict)
    """``profile/measure`` of the calculator's table, with the number of cases that fell."""
    questions: dict[str, int] = Field(default_factory=dict)
    """The same of the suites that ask questions."""
    scores: dict[str, float] = Field(default_factory=dict)
    """By how much a mean score of retrieval fell."""
    cases: int = 0
    """Cases in which anything fell."""
    seconds: float = 0.0

    @property
    def caught(self) -> bool:
        """Whether anything noticed it."""
        return bool(self.checks or self.table or self.questions or self.scores)

    @property
    def noticed_by(self) -> list[str]:
        """What noticed it, for a person; what fell most often first."""
        fell = sorted({**self.table, **self.questions}.items(), key=lambda item: -item[1])
        found = [f"规则检查: {check}" for check in self.checks]
        found += [f"{_title(measure)} {count}" for measure, count in fell]
        return found + [f"{_title(measure)} −{fall:.3f}" for measure, fall in self.scores.items()]


class MutantReport(_Model):
    """All faults that were put in, one at a time."""

    started: datetime
    seconds: float
    seed: int
    """Draws the faults of the rules."""
    candidates: int
    """Faults of the rules among which those were drawn."""
    cases: int
    """Cases that were asked."""
    mutants: list[MutantResult]

    def of(self, group: Group) -> list[MutantResult]:
        """The faults of one group."""
        return [mutant for mutant in self.mutants if mutant.group == group]

    @property
    def survivors(self) -> list[MutantResult]:
        """Faults that nothing noticed: those are cases to write."""
        return [mutant for mutant in self.mutants if not mutant.caught]

    def save(self, path: Path) -> None:
        """Writes the report as JSON; the file is replaced in one step."""
        temporary = path.with_name(f"{path.name}.new")
        temporary.write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")
        os.replace(temporary, path)

    def print_table(self, console: Console) -> None:
        """Prints each fault with what noticed it, then what none noticed, then the shares."""
        for group, title in _GROUPS.items():
            if self.of(group):
                console.print(_table(title, self.of(group)))
        if self.survivors:
            _say(console, "没有一道题、一项检查发现的错误——这些就是要补的题：", "bold red")
        for mutant in self.survivors:
            _say(console, f"  {mutant.id}  {printable(mutant.description)}")
        for line in self.summary():
            _say(console, line)

    def summary(self) -> list[str]:
        """The shares in words."""
        lines = [
            f"{title}：{_share([mutant.caught for mutant in self.of(group)])} 被发现"
            for group, title in _GROUPS.items()
            if self.of(group)
        ]
        rules = self.of("rule")
        if rules:
            lines.append(
                f"  其中规则检查发现 {_share([bool(m.checks) for m in rules])}，"
                f"测算表 {_share([bool(m.table) for m in rules])}，"
                f"问答各类题 {_share([bool(m.questions) for m in rules])}"
            )
        lines.append(
            f"规则错误由种子 {self.seed} 从 {self.candidates} 个里抽出；"
            f"每个错误问 {self.cases} 题以内，共用时 {duration(self.seconds)}"
        )
        return lines


def _table(title: str, mutants: Sequence[MutantResult]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("错误", overflow="fold")
    table.add_column("由谁发现", overflow="fold")
    table.add_column("题数", justify="right")
    for mutant in mutants:
        named = " ".join(part for part in (mutant.kind, mutant.where) if part)
        shown = mutant.noticed_by
        more = f" 等 {len(shown)} 项" if len(shown) > _MEASURES else ""
        found = Text("、".join(shown[:_MEASURES]) + more) if shown else Text("没有发现", "bold red")
        table.add_row(Text(f"{named}：{shortened(mutant.description, _WIDTH)}"), found, str(mutant.cases))
    return table


def _title(measure: str) -> str:
    suite, _, name = measure.partition("/")
    return f"{suite_title(suite)}/{measure_title(name)}"


def _share(values: Sequence[bool]) -> str:
    return f"{sum(values)}/{len(values)}（{percent(sum(values) / len(values))}）"


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style))
