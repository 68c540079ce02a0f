"""Answers, cases and an assistant by script for the tests of the evaluation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import yaml

from assistant.conversation import Conversation
from assistant.model import Answer, Citation
from assistant.sources import Sources
from evals.case_files import load_cases
from evals.model import Case
from knowledge.library import load_policies
from knowledge.model import Hit
from knowledge.passages import passages_of
from rules.assessment import Assessment
from rules.loader import load_rules

TEXTS = load_policies()
QUALITY = ("taizhou-2021", "三/（一）/1", "对获得浙江省政府质量奖、质量管理创新奖的组织，分别给予100万元、30万元的奖励")
"""Policy, clause and words that give 100 and 300 thousand."""
_SOURCES = Sources(TEXTS, load_rules())


@cache
def shipped_cases() -> list[Case]:
    """The gold cases, read once for all tests."""
    return load_cases()


def cite(policy: str = QUALITY[0], clause: str = QUALITY[1], quote: str = QUALITY[2]) -> Citation:
    """A citation of words that stand in a clause."""
    return _SOURCES.cite(policy, clause, quote)


def cite_span(start: int, end: int, policy: str = QUALITY[0]) -> Citation:
    """A citation of a stretch of a text."""
    return _SOURCES.cite_span(policy, start, end)


def answer(text: str = "给予 100 万元的奖励。", kind: str = "lookup", **fields: Any) -> Answer:
    """An answer, by default a right one about the provincial quality award."""
    return Answer.model_validate({"kind": kind, "text": text, "citations": [cite()]} | fields)


def assessment(
    total: int | None = 1_000_000, lines: list[int | dict[str, Any]] | None = None, **fields: Any
) -> Assessment:
    """An assessment with one line for each amount; the total is its only line where none are given."""
    given = lines if lines is not None else [total] if total else []
    plain: dict[str, Any] = {
        "policy": "taizhou-2021",
        "region": "台州市椒江区",
        "obtained_on": "2022-06",
        "outcome": "payable",
        "total_yuan": total,
        "lines": [one if isinstance(one, dict) else line(one) for one in given],
    }
    return Assessment.model_validate(plain | fields)


def line(amount: int | None, outcome: str = "eligible", **fields: Any) -> dict[str, Any]:
    """A line of an assessment."""
    plain: dict[str, Any] = {
        "award": "浙江省政府质量奖", "level": None, "policy": "taizhou-2021", "obtained_on": "2022-06", "quantity": 1,
        "clause": "三/（一）/1", "unit_yuan": amount, "amount_yuan": amount, "outcome": outcome, "reasons": [],
    }  # fmt: skip
    return plain | fields


def case_of(folder: Path, name: str, **fields: Any) -> Case:
    """A case as it is read from a file of that name."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump([fields], allow_unicode=True, sort_keys=False), encoding="utf-8")
    (case,) = load_cases(folder)
    path.unlink()
    return case


def hit(policy: str, clause: str) -> Hit:
    """The first passage of a clause, as if it had been found."""
    passage = next(p for p in passages_of([TEXTS[policy]]) if p.clause == clause)
    return Hit(passage=passage, score=1.0, dense=None, keyword=None)


class Scripted:
    """Answers by a script; an exception in it is raised.

    Args:
        script: The answer to a question; several are given in turn, the last again and again.
        found: What a query finds.
    """

    def __init__(
        self,
        script: dict[str, Any],
        found: dict[str, list[Hit]] | None = None,
        otherwise: Callable[[], Answer] = answer,
    ) -> None:
        self._script = {question: list(said) if isinstance(said, list) else [said] for question, said in script.items()}
        self._found = found or {}
        self._otherwise = otherwise
        self._lock = Lock()
        self.conversations: dict[str, list[Conversation | None]] = {}
        self.days: set[date | None] = set()

    def ask(self, text: str, conversation: Conversation | None = None, today: date | None = None) -> Answer:
        with self._lock:  # several cases run at once
            self.conversations.setdefault(text, []).append(conversation)
            self.days.add(today)
            said = self._script.get(text) or [self._otherwise()]
            one = said.pop(0) if len(said) > 1 else said[0]
        if isinstance(one, Exception):
            raise one
        return one

    def find(self, text: str, today: date | None = None) -> list[Hit]:
        return self._found.get(text, [])
