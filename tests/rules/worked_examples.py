"""The calculator's table of ``evals/cases``, and its words turned into what the calculator takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from evals.case_files import SHIPPED, load_cases
from evals.model import ProfileApplicant, ProfileCase, ProfileClaim, ProfileGold
from evals.profile_cases import applicant_of as read_applicant
from evals.profile_cases import claim_of as read_claim
from rules import profile
from rules.assessment import Applicant, Claim
from rules.loader import load_rules
from rules.model import Period, Place


@dataclass(frozen=True)
class Example:
    """One worked example."""

    case: str
    why: str
    applicant: Applicant
    claims: list[Claim]
    gold: ProfileGold


def examples() -> list[Example]:
    """Every case of the table."""
    forms = [case.form for case in load_cases(SHIPPED) if isinstance(case.form, ProfileCase)]
    return [
        Example(
            form.id,
            form.why,
            read_applicant(load_rules(), form.applicant),
            [read_claim(load_rules(), claim) for claim in form.claims],
            form.expect,
        )
        for form in forms
    ]


def as_parameters(found: list[Example]) -> list[Any]:
    """The examples for ``parametrize``."""
    return [pytest.param(example, id=example.case) for example in found]


def applicant_of(
    place: str | None = None, type: str | None = None, received: dict[str, int] | None = None
) -> Applicant:
    return read_applicant(load_rules(), ProfileApplicant(place=place, type=type, received=received or {}))


def claim_of(honour: str, kind: list[str] | None = None, obtained: Any = None, **others: Any) -> Claim:
    return read_claim(load_rules(), ProfileClaim(honour=honour, kind=kind or [], obtained=obtained, **others))


def place_of(name: str) -> Place:
    """``台州市椒江区``, ``福州市`` or ``浙江省``."""
    return profile.place_named(load_rules(), name)


def period_of(text: str) -> Period:
    """``2022``, ``2022-03``, ``2022-03-15``, or two of them joined by ``/``."""
    return profile.period_of(text, "obtained")
