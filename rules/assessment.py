"""What an applicant claims and what the calculator answers.

Money is whole yuan; shares of a cost are computed in ``Decimal`` and cut to whole yuan.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, PositiveInt

from rules.model import ApplicantType, Model, Period, Place, Yuan

ConditionKind = Literal["rank", "result", "times", "beneficiary", "cost", "place", "date", "facet"]


class RankRange(Model):
    """Between which places among the drafting units the applicant stands."""

    first: PositiveInt
    last: PositiveInt

    @property
    def label(self) -> str:
        """``第 3 位`` or ``第 1 至 3 位``."""
        return (
            f"第 {self.first} 位"
            if self.first == self.last
            else f"第 {self.first} 位及之后"
            if self.last >= 99
            else f"第 {self.first} 至 {self.last} 位"
        )


class Claim(Model):
    """One thing an applicant obtained; what is not known is None and never assumed."""

    concept: str
    facets: dict[str, str] = Field(default_factory=dict)
    obtained: Period | None = None
    quantity: PositiveInt | None = None
    rank: RankRange | None = None
    result: str | None = None
    times: PositiveInt | None = None
    completed: bool = True
    """False when the person says that acceptance, approval or award is still to come."""
    cost_yuan: Decimal | None = None
    """What was spent or granted, for a share."""
    project: str | None = None
    """Claims with the same project are one project."""
    filed: PositiveInt | None = None
    """Order of filing inside the project."""


class Applicant(Model):
    """Who asks."""

    place: Place | None = None
    type: ApplicantType | None = None
    received_yuan: dict[str, Yuan] = Field(default_factory=dict)
    """Already received under each cap, by cap id."""


LineOutcome = Literal["eligible", "not_eligible", "undetermined", "not_in_policy"]
AssessmentOutcome = Literal["payable", "reference_only", "depends", "not_payable", "undetermined"]


class Line(Model):
    """One award claimed."""

    award: str
    level: str | None
    policy: str | None
    obtained_on: str | None
    clause: str | None
    quantity: int
    unit_yuan: int | None
    amount_yuan: int | None
    """Before caps and non-duplication."""
    outcome: LineOutcome
    reasons: list[str]


class Adjustment(Model):
    """The part of the lines that is not paid."""

    rule: str
    clause: str
    amount_yuan: int
    """Negative."""


class Alternative(Model):
    """Another reading of an unclear text, or another order of filing."""

    reading: str
    total_yuan: int


class TraceStep(Model):
    """One step of the calculation that a person can follow."""

    step: str
    clause: str | None = None
    quote: str | None = None
    amount_yuan: int | None = None
    policy: str | None = None


class Assessment(Model):
    """The calculator's result: sum of lines and adjustments is the total."""

    policy: str | None
    region: str | None
    obtained_on: str | None
    outcome: AssessmentOutcome
    lines: list[Line]
    adjustments: list[Adjustment] = Field(default_factory=list[Adjustment])
    total_yuan: int | None
    alternatives: list[Alternative] = Field(default_factory=list[Alternative])
    assumptions: list[str] = Field(default_factory=list)
    trace: list[TraceStep] = Field(default_factory=list[TraceStep])


class MissingFact(Model):
    """A fact that changes the amount and is not known."""

    kind: ConditionKind
    concept: str | None = None
    facet: str | None = None
    choices: tuple[str, ...] = ()
    """The values that the rules know, in the words of the vocabulary."""
