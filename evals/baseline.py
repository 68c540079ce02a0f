"""The last accepted run, and what changed since.

Of cases held out only the sums are kept: whoever tunes does not see which of them fail.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.model import EvalsError
from evals.results import CaseResult, Row, RunResult, rows

ACCEPTED = Path(__file__).with_name("accepted.json")


class BaselineError(EvalsError):
    """The accepted run cannot be read; names the file."""


class Accepted(BaseModel):
    """What is kept of an accepted run."""

    model_config = ConfigDict(extra="forbid")

    failing: dict[str, list[str]]
    """Measures that fell short, by case; every case that may be looked at and was run is named."""
    tuned: list[Row]
    held_out: list[Row]


@dataclass(frozen=True)
class Difference:
    """What changed since the accepted run."""

    newly_wrong: list[str]
    """``case: measure``."""
    newly_right: list[str]
    measures: list[tuple[str, Row, float]]
    """``调整用`` or ``留出``, the row now, and what it was, where the two differ."""


def accept(result: RunResult, path: Path = ACCEPTED) -> None:
    """Makes a run the accepted one; the file is replaced in one step, so that a break leaves the old one."""
    kept = Accepted(
        failing={case.id: _failing(case) for case in result.part(held_out=False)},
        tuned=rows(result.part(held_out=False)),
        held_out=rows(result.part(held_out=True)),
    )
    temporary = path.with_suffix(".new")
    temporary.write_text(kept.model_dump_json(indent=1) + "\n", encoding="utf-8")
    os.replace(temporary, path)


def load_accepted(path: Path) -> Accepted:
    """The accepted run.

    Raises:
        BaselineError: the file is absent or is no accepted run.
    """
    try:
        return Accepted.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        what = f"{'.'.join(map(str, first['loc']))} {first['msg']}".strip() if first else str(error)
        raise BaselineError(f"{path}: 不是可用的基线（用 policy-assistant eval --accept 生成）：{what}") from error


def compare(result: RunResult, accepted: Accepted) -> Difference:
    """What a run has that the accepted one had not; cases that only one of them has are left out."""
    now = {case.id: set(_failing(case)) for case in result.part(held_out=False)}
    then = {name: set(measures) for name, measures in accepted.failing.items()}
    both = [name for name in now if name in then]
    measures: list[tuple[str, Row, float]] = []
    for title, held_out, before in (("调整用", False, accepted.tuned), ("留出", True, accepted.held_out)):
        values = {(row.group, row.measure): (row.value, row.count) for row in before}
        for row in rows(result.part(held_out)):
            old = values.get((row.group, row.measure))
            # Sums of other cases cannot be compared.
            if old and old[1] == row.count and abs(old[0] - row.value) > 1e-9:
                measures.append((title, row, old[0]))
    return Difference(
        newly_wrong=[f"{name}: {one}" for name in both for one in sorted(now[name] - then[name])],
        newly_right=[f"{name}: {one}" for name in both for one in sorted(then[name] - now[name])],
        measures=measures,
    )


def _failing(case: CaseResult) -> list[str]:
    wrong = {f"{one.turn}/{one.name}" for one in case.wrong}
    # A query counts as wrong where a wanted clause is not among the first five.
    return sorted(wrong | {name for name, score in case.scores.items() if name == "recall@5" and score < 1})
