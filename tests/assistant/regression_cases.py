"""The questions of ``evals/cases`` that may be looked at, as conversations."""

from __future__ import annotations

from evals.case_files import load_cases
from evals.model import Case


def dialogues() -> list[Case]:
    """Every case that is asked in turns and is not held out."""
    return [case for case in load_cases() if case.turns and not case.held_out]
