"""What the texts state as facts: indicators with their values, and tasks with those who answer for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from knowledge.errors import FactsFileError
from knowledge.yaml_file import YamlFile

SHIPPED = Path(__file__).resolve().parent


def _digits(value: object) -> object:
    """Only text of digits: a number that YAML reads may be a binary float."""
    if value is None or (isinstance(value, str) and re.fullmatch(r"\d+(?:\.\d+)?", value)):
        return value
    raise ValueError("not a decimal number in quotation marks")


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Bound = Literal["at_least", "more_than", "about", "at_most", "less_than"]
"""以上、不少于 / 高于、超 / 左右 / 以下、不超过 / 低于."""


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Quotation(_Fact):
    """Words of an official text that support a fact."""

    clause: Text
    """Clause path inside the policy: ``一/（二）/1``."""
    quote: Text
    """Verbatim, whitespace aside: a sentence, an item, or a whole row of a table."""


# ------------------------------------------------------------------ indicators
class IndicatorValue(_Fact):
    """What an indicator was, or is to be, at one time."""

    year: Annotated[int, Field(strict=True, ge=1900, le=2199)] | None
    """None where the text names no year."""
    period: Text | None = None
    """As printed where the text names a period instead: ``十三五以来``."""
    kind: Literal["result", "target"]
    value: Annotated[Decimal | None, BeforeValidator(_digits)]
    """None where the text gives none: a dash in a table is not zero."""
    bound: Bound | None = None
    """How the text qualifies the value; None where it does not."""
    printed: str
    """Value, qualification and, outside tables, unit as printed: ``40%左右``; empty where a cell is."""


class Indicator(Quotation):
    """A named quantity with its values."""

    id: Text
    name: Text
    """As printed."""
    aliases: Annotated[tuple[Text, ...], Field(min_length=1, max_length=4)]
    """What people say instead; each means one indicator of the policy."""
    category: Text
    """As printed: the group of a table, the heading or first words of a paragraph."""
    unit: Text | None
    """As printed; None where the table leaves it empty."""
    values: Annotated[tuple[IndicatorValue, ...], Field(min_length=1)]
    dated: Quotation | None = None
    """Where years and periods are printed, when the quotation itself does not."""
    derived: Literal[False] = False
    """Always false: what is computed from printed values is no fact of a text."""


class NotIndicator(Quotation):
    """A figure with a unit that is no indicator."""

    why: Text


class IndicatorFile(_Fact):
    """``indicators/<policy>.yaml``."""

    policy: Text
    indicators: tuple[Indicator, ...]
    not_indicators: tuple[NotIndicator, ...] = ()


# ------------------------------------------------------------------ responsibilities
class Responsibility(Quotation):
    """A task and those who answer for it."""

    id: Text
    task: Text
    """As printed."""
    aliases: Annotated[tuple[Text, ...], Field(min_length=1, max_length=4)]
    """What people say instead; each means one task of the policy."""
    departments: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Names exactly as printed, in the order of print: offices, bodies, or persons by their function."""
    lead: tuple[Text, ...] = ()
    """Those of the departments that the text says 牵头."""
    members_only: bool = False
    """The text speaks of 成员单位 and names no single department."""

    @property
    def and_others(self) -> bool:
        """Whether the text lists the departments as examples, with 等 after the last."""
        return f"{self.departments[-1]}等" in re.sub(r"\s", "", self.quote)


class ResponsibilityFile(_Fact):
    """``responsibilities/<policy>.yaml``."""

    policy: Text
    responsibilities: tuple[Responsibility, ...]


# ------------------------------------------------------------------ the collection
@dataclass(frozen=True)
class Facts:
    """The facts of all texts, each kind by policy id, in the order of the text."""

    indicators: Mapping[str, tuple[Indicator, ...]]
    responsibilities: Mapping[str, tuple[Responsibility, ...]]
    not_indicators: Mapping[str, tuple[NotIndicator, ...]]

    def indicators_of(self, policy: str) -> tuple[Indicator, ...]:
        """The indicators of a policy, none for a policy that is not there."""
        return self.indicators.get(policy, ())

    def responsibilities_of(self, policy: str) -> tuple[Responsibility, ...]:
        """The tasks of a policy with their departments, none for a policy that is not there."""
        return self.responsibilities.get(policy, ())

    def not_indicators_of(self, policy: str) -> tuple[NotIndicator, ...]:
        """The figures of a policy that are declared to be no indicators."""
        return self.not_indicators.get(policy, ())


_ALLOWED = {
    "policy": "政策文件的标识，与文件名相同",
    "indicators": "指标的列表，没有指标则写 []",
    "not_indicators": "不是指标的数字的列表，每项有 clause、quote、why",
    "responsibilities": "任务的列表，没有任务则写 []",
    "id": "一个标识，不能重复",
    "name": "原文里的指标名称",
    "task": "原文里的任务名称",
    "aliases": "一到四个简称的列表",
    "category": "原文里的类别或段落标题",
    "unit": "原文里的单位，没有则写 null",
    "values": "至少一个 {year, kind, value, printed}",
    "year": "四位数的年份，原文没有写年份则写 null",
    "period": "原文里的时期，例如 十三五以来",
    "kind": "result 或 target",
    "value": '带引号的数字，例如 "98.1"，原文没有给出则写 null',
    "bound": "at_least、more_than、about、at_most、less_than 之一，没有限定则不写",
    "printed": "原文里的数值，是加引号的文字，例如 “98.2以上”",
    "dated": "印有年份的原文，有 clause 和 quote",
    "derived": "false",
    "why": "为什么不是指标",
    "departments": "原文里的部门名称，至少一个",
    "lead": "牵头部门的列表",
    "members_only": "true 或 false",
    "clause": "条款编号，例如 一/（二）/1",
    "quote": "逐字的原文",
}


def load_facts(folder: Path | None = None) -> Facts:
    """The facts of all texts.

    Args:
        folder: Holds ``indicators/*.yaml`` and ``responsibilities/*.yaml``; None for those shipped with the package,
            which are read once per process.

    Raises:
        FactsFileError: a folder is empty, a file cannot be used, is not named after its policy, or an id stands twice;
            the message names file, line and field.
    """
    return _shipped() if folder is None else _load(folder)


@cache
def _shipped() -> Facts:
    return _load(SHIPPED)


def _load(folder: Path) -> Facts:
    ids: set[str] = set()
    figures: dict[str, IndicatorFile] = {}
    for file, stem in _files(folder / "indicators"):
        figures[stem] = file.as_model(IndicatorFile, _ALLOWED)
        _refuse_other_names(file, figures[stem].policy, stem)
        _refuse_repeated_ids(file, "indicators", figures[stem].indicators, ids)
    duties: dict[str, ResponsibilityFile] = {}
    for file, stem in _files(folder / "responsibilities"):
        duties[stem] = file.as_model(ResponsibilityFile, _ALLOWED)
        _refuse_other_names(file, duties[stem].policy, stem)
        _refuse_repeated_ids(file, "responsibilities", duties[stem].responsibilities, ids)
    return Facts(
        indicators=MappingProxyType({policy: found.indicators for policy, found in figures.items()}),
        responsibilities=MappingProxyType({policy: found.responsibilities for policy, found in duties.items()}),
        not_indicators=MappingProxyType({policy: found.not_indicators for policy, found in figures.items()}),
    )


def _files(folder: Path) -> list[tuple[YamlFile, str]]:
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise FactsFileError(f"{folder}: 这个文件夹里没有数据文件（*.yaml）；请检查路径，或重新安装程序。")
    return [(YamlFile(path), path.stem) for path in paths]


def _refuse_other_names(file: YamlFile, policy: str, stem: str) -> None:
    if policy != stem:
        raise file.error(("policy",), f"字段“policy”是 {policy}，与文件名不一致；请写成 {stem}，或改文件名。")


def _refuse_repeated_ids(
    file: YamlFile, field: str, facts: tuple[Indicator, ...] | tuple[Responsibility, ...], ids: set[str]
) -> None:
    for index, fact in enumerate(facts):
        if fact.id in ids:
            raise file.error((field, index, "id"), f"字段“id”的值 {fact.id} 已经用过；每个 id 只能用一次。")
        ids.add(fact.id)
