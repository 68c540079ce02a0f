"""Typed spans that the recognisers return, and the request that the resolver makes of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from assistant.language import Language
from rules.assessment import Claim, RankRange
from rules.model import ApplicantType, Period, Place


@dataclass(frozen=True)
class Span:
    """A stretch of the folded question."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether both share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class AwardMention(Span):
    """A name of a kind of honour."""

    concept: str
    implies: dict[str, str] = field(default_factory=dict[str, str], compare=False)
    instance: bool = False
    generic: bool = False
    gaps: tuple[Span, ...] = field(default=(), compare=False)
    """Stretches inside it that are not of the name: 工业计量(方面的省级)标杆示范企业."""

    def covers(self, other: Span) -> bool:
        """Whether another span shares a character of the name itself."""
        inside = any(gap.start <= other.start and other.end <= gap.end for gap in self.gaps)
        return self.overlaps(other) and not inside


@dataclass(frozen=True)
class FacetMention(Span):
    """A word that tells awards of one concept apart."""

    facet: str
    value: str


@dataclass(frozen=True)
class PlaceMention(Span):
    """A place name with everything it can mean."""

    places: tuple[Place, ...]


@dataclass(frozen=True)
class DateMention(Span):
    """A day, month or year, absolute or counted from today."""

    period: Period


@dataclass(frozen=True)
class PolicyMention(Span):
    """A policy named by its number, name, year or age."""

    policies: tuple[str, ...]


@dataclass(frozen=True)
class MoneyMention(Span):
    """A sum of money and what it is."""

    yuan: Decimal
    role: Literal["received", "cost", "asserted"]


@dataclass(frozen=True)
class CountMention(Span):
    """How many were obtained."""

    quantity: int


@dataclass(frozen=True)
class RankMention(Span):
    """A place among the drafting units."""

    rank: RankRange
    exact: bool
    """A number was said, not only 主导 or 参与."""


@dataclass(frozen=True)
class ResultMention(Span):
    """An examination result."""

    value: str


@dataclass(frozen=True)
class Mentions:
    """Everything recognised in one folded question."""

    text: str
    awards: tuple[AwardMention, ...]
    facets: tuple[FacetMention, ...]
    places: tuple[PlaceMention, ...]
    dates: tuple[DateMention, ...]
    policies: tuple[PolicyMention, ...]
    money: tuple[MoneyMention, ...]
    counts: tuple[CountMention, ...]
    ranks: tuple[RankMention, ...]
    results: tuple[ResultMention, ...]
    times: int | None


RequestKind = Literal["award", "text", "comparison", "premise", "smalltalk", "vague", "injection"]


class Request(BaseModel):
    """What a question asks, as far as it can be told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: RequestKind
    question: str
    """As typed."""
    today: date
    language: Language = "zh"
    """In which it is put and answered."""
    dated: bool = False
    """A date was said, whatever it is of."""
    own_claim: bool = False
    """Somebody obtained something and asks what it pays; otherwise a question about a text."""
    place: Place | None = None
    compared_places: tuple[Place, ...] = ()
    """Places that a comparison sets side by side."""
    policies: tuple[str, ...] = ()
    """Policies that the question names; empty when it names none."""
    applicant_type: ApplicantType | None = None
    claims: tuple[Claim, ...] = ()
    received_yuan: int | None = None
    """Already received before, under the cap that the claims fall under."""
    asserted_yuan: tuple[int, ...] = ()
    """Sums that the question takes for granted."""
    tag_question: bool = False
    """…对吧？"""
    asks_funding: bool = False
    asks_in_force: bool = False
    asks_stacking: bool = False
    asks_interpreter: bool = False
    asks_territory: bool = False
    asks_repeal: bool = False
    asks_who: bool = False
    asks_procedure: bool = False
    asks_award_money: bool = False
    asks_outlook: bool = False
    """What more could be had, and what is wanting for it."""
    asks_filing_order: bool = False
    heard: tuple[tuple[str, str], ...] = ()
    """Part of the request and the words of this question, as typed, from which it was understood; in their order."""
