"""Reads ``cases.yaml``: applicants and claims in the words of the vocabulary, as a lawyer writes them."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules.assessment import Applicant, Claim, Line, MissingFact, RankRange
from rules.calculator import Result
from rules.judgement import TYPE_LABELS
from rules.loader import load_rules
from rules.model import Period, Place

_TYPES = {label: kind for kind, label in TYPE_LABELS.items()}


@dataclass(frozen=True)
class Example:
    """One worked example."""

    case: str
    why: str
    applicant: Applicant
    claims: list[Claim]
    expect: dict[str, Any]
    xfail: str | None = None


def examples() -> list[Example]:
    """Every example of ``cases.yaml``; a key that is not known is an error."""
    raw = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text("utf-8"))
    return [_example(**entry) for entry in raw]


def _example(
    *,
    case: str,
    why: str,
    claims: list[dict[str, Any]],
    expect: dict[str, Any],
    applicant: dict[str, Any] | None = None,
    xfail: str | None = None,
) -> Example:
    applying = applicant_of(**(applicant or {}))
    return Example(case, why, applying, [claim_of(**claim) for claim in claims], expect, xfail)


def as_parameters(found: list[Example]) -> list[Any]:
    """The examples for ``parametrize``, known faults marked."""
    return [
        pytest.param(
            example,
            id=example.case,
            marks=[pytest.mark.xfail(strict=True, reason=example.xfail)] if example.xfail else [],
        )
        for example in found
    ]


def applicant_of(
    place: str | None = None, type: str | None = None, received: dict[str, int] | None = None
) -> Applicant:
    return Applicant(
        place=place_of(place) if place else None, type=_TYPES[type] if type else None, received_yuan=received or {}
    )


def claim_of(
    honour: str,
    kind: list[str] | None = None,
    obtained: str | int | date | None = None,
    rank: int | list[int] | None = None,
    cost: int | str | None = None,
    **others: Any,
) -> Claim:
    """A claim: ``honour`` and ``kind`` are labels of the vocabulary."""
    vocabulary = load_rules().vocabulary
    concept = next(key for key, entry in vocabulary.concepts.items() if entry.label == honour)
    facets = {
        facet: value
        for label in kind or []
        for facet in vocabulary.concepts[concept].facets
        for value, entry in vocabulary.facets[facet].values.items()
        if entry.label == label
    }
    assert len(facets) == len(kind or []), f"{honour} is not told apart by {kind}"
    ranks = [rank, rank] if isinstance(rank, int) else rank
    return Claim(
        concept=concept,
        facets=facets,
        obtained=period_of(str(obtained)) if obtained is not None else None,
        rank=RankRange(first=ranks[0], last=ranks[1]) if ranks else None,
        cost_yuan=Decimal(str(cost)) if cost is not None else None,
        **others,
    )


@cache
def _places() -> dict[str, Place]:
    return {place.name: place for places in load_rules().gazetteer.names.values() for place in places}


def place_of(name: str) -> Place:
    """``台州市椒江区``, ``福州市`` or ``浙江省``."""
    return _places()[name]


def period_of(text: str) -> Period:
    """``2022``, ``2022-03``, ``2022-03-15``, or two of them joined by ``/``."""
    first, _, last = text.partition("/")
    return Period(first=_edge(first, 0), last=_edge(last or first, 1))


def _edge(text: str, end: int) -> date:
    year, month, day = ([int(part) for part in text.split("-")] + [0, 0])[:3]
    if day:
        return date(year, month, day)
    month = month or (12 if end else 1)
    return date(year, month, calendar.monthrange(year, month)[1] if end else 1)


def shown(line: Line) -> int | str:
    """A line as the examples write it: its amount, ``no_figure``, or why it is not paid."""
    if line.outcome != "eligible":
        return line.outcome
    return "no_figure" if line.amount_yuan is None else line.amount_yuan


def fact_name(fact: MissingFact) -> str:
    """``rank``, ``date``; a facet by its own name: ``level``."""
    return fact.facet or fact.kind


def summary(result: Result) -> dict[str, Any]:
    """What the examples state of a result."""
    found = result.assessment
    return {
        "outcome": found.outcome,
        "total": found.total_yuan,
        "lines": [shown(line) for line in found.lines],
        "adjustments": [a.amount_yuan for a in found.adjustments],
        "alternatives": sorted(a.total_yuan for a in found.alternatives),
        "missing": sorted(fact_name(fact) for fact in result.missing),
        "policy": found.policy,
    }
