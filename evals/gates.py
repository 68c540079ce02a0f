"""What a run must reach before anything is published; the figures stand in ``gates.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, RootModel

from evals.model import EvalsError, Form, Suite
from evals.results import RunResult, rows
from rules.errors import RuleFileError
from rules.yaml_source import load_model

SHIPPED = Path(__file__).with_name("gates.yaml")


class GateError(EvalsError):
    """The file of gates cannot be used; names file and line."""


class Gate(Form):
    """The least that a measure must reach."""

    suite: Suite | Literal["all"]
    """A suite, or ``all``: each suite that has the measure."""
    measure: str
    at_least: Annotated[float, Field(ge=0, le=1)]
    cases: Literal["tuned", "held_out", "both"] = "both"
    """Which cases it is asked of."""
    why: str


class GateFile(RootModel[list[Gate]]):
    """The file of gates."""


@dataclass(frozen=True)
class Verdict:
    """A gate with what was measured."""

    gate: Gate
    suite: str
    value: float
    count: int

    @property
    def passed(self) -> bool:
        """Whether the measure reached the gate."""
        return self.value >= self.gate.at_least


def load_gates(path: Path = SHIPPED) -> list[Gate]:
    """The gates of a file.

    Raises:
        GateError: the file cannot be used; names file and line.
    """
    try:
        return load_model(path, GateFile).root
    except RuleFileError as error:
        raise GateError(str(error)) from error


def judge(gates: list[Gate], result: RunResult) -> list[Verdict]:
    """Every gate against a run; a gate whose measure was not asked says nothing.

    Args:
        gates: What must be reached.
        result: What was measured.
    """
    parts = {"tuned": result.part(held_out=False), "held_out": result.part(held_out=True), "both": result.cases}
    found: list[Verdict] = []
    for gate in gates:
        for row in rows(parts[gate.cases]):
            if row.measure == gate.measure and gate.suite in ("all", row.group):
                found.append(Verdict(gate, row.group, row.value, row.count))
    return found
