"""The questions of ``evals/cases`` that may be looked at, as conversations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

CASES = Path(__file__).parents[2] / "evals" / "cases"


@dataclass(frozen=True)
class Dialogue:
    """One case: its questions in order."""

    id: str
    turns: tuple[str, ...]


def dialogues() -> list[Dialogue]:
    """Every case that is not held out."""
    found: list[Dialogue] = []
    for path in sorted(CASES.glob("*.yaml")):
        for case in yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if not case["held_out"]:
                turns = [turn["question"] for turn in case["turns"]] if "turns" in case else [case["question"]]
                found.append(Dialogue(case["id"], tuple(turns)))
    return found
