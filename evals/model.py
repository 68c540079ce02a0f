"""Gold cases as they stand in YAML, and what a measure says of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

Suite = Literal["lookup", "eligibility", "refuse", "multiturn"]
SUITES: tuple[Suite, ...] = ("lookup", "eligibility", "refuse", "multiturn")
AnyOf = list[str | list[str]]
"""All items must occur; of an inner list any one."""


class CaseError(Exception):
    """A case file cannot be used; names file and case."""


class _Open(BaseModel):
    # Gold files carry notes for their readers beside what is measured.
    model_config = ConfigDict(extra="allow", frozen=True)


class Amount(_Open):
    """A line or an adjustment in yuan."""

    amount_yuan: int


class Expected(_Open):
    """What a right answer has; which fields are read depends on its kind."""

    type: Literal["answer", "eligibility", "clarify", "refuse"] = "eligibility"
    outcome: str = ""
    policy: str | list[str] | None = None
    clause: list[str] = Field(default_factory=list)
    """``policy:path`` of every clause needed."""
    must_contain: AnyOf = Field(default_factory=AnyOf)
    must_mention: AnyOf = Field(default_factory=AnyOf)
    must_not_contain: list[str] = Field(default_factory=list)
    should_contain: AnyOf = Field(default_factory=AnyOf)
    lines: list[Amount] = Field(default_factory=list[Amount])
    adjustments: list[Amount] = Field(default_factory=list[Amount])
    total_yuan: int | None = None
    acceptable_totals_yuan: list[int] = Field(default_factory=list[int])
    clarify_any_of: AnyOf = Field(default_factory=AnyOf)

    @field_validator("clause", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value


class Turn(_Open):
    """One question of a dialogue."""

    question: str
    expected: Expected


class Case(_Open):
    """One question, or a dialogue, with what a right answer has."""

    id: str
    suite: Suite
    turns: list[Turn]
    held_out: bool = False
    """Not looked at while the assistant is tuned."""


@dataclass(frozen=True)
class Measure:
    """One property of an answer."""

    name: str
    value: bool
    reason: str = ""


def load_cases(folder: Path) -> list[Case]:
    """The cases of the files ``qa_<suite>.yaml`` of a folder.

    Raises:
        CaseError: there is none, a file is no YAML, or a case lacks what it needs.
    """
    cases: list[Case] = []
    for suite in SUITES:
        path = folder / f"qa_{suite}.yaml"
        if not path.exists():
            continue
        try:
            records: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise CaseError(f"{path}: 不是 YAML：{error}") from error
        cases += [_case(path, suite, record) for record in records]
    if not cases:
        raise CaseError(f"{folder}: 没有评测题（qa_lookup.yaml 等）；请用 --cases 指出题目所在的文件夹。")
    ids = [case.id for case in cases]
    twice = sorted({identity for identity in ids if ids.count(identity) > 1})
    if twice:
        raise CaseError(f"{folder}: 题号重复：{'、'.join(twice)}")
    return cases


def _case(path: Path, suite: Suite, record: dict[str, Any]) -> Case:
    try:
        turns = record.get("turns") or [{"question": record["question"], "expected": _expected(suite, record)}]
        return Case(
            id=record["id"],
            suite=suite,
            turns=[Turn.model_validate(turn) for turn in turns],
            held_out=bool(record.get("held_out")),
        )
    except (KeyError, TypeError, AttributeError, ValidationError) as error:
        name = record.get("id") if isinstance(record, dict) else record  # pyright: ignore[reportUnnecessaryIsInstance]
        raise CaseError(f"{path}: 题 {name}：{error}") from error


def _expected(suite: Suite, record: dict[str, Any]) -> dict[str, Any]:
    if suite == "eligibility":
        return record["expected"]
    fields = {name: value for name, value in record.items() if name not in ("id", "question", "expected")}
    if suite == "lookup":
        return {"type": "answer", **fields}
    return {"type": "refuse", "outcome": record["expected"], **fields}
