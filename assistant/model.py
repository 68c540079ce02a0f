"""The typed answer that every way of asking gives, and the question that leads to it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from rules.assessment import Assessment

AnswerKind = Literal["eligibility", "lookup", "comparison", "correction", "clarification", "refusal", "smalltalk"]
NoticeKind = Literal[
    "expired", "repealed", "not_yet_in_force", "reference_only", "interpretation", "funding", "outside_collection"
]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Citation(_Model):
    """A verbatim quotation and where it stands."""

    policy: str
    title: str
    document_number: str | None
    clause: str
    heading: str
    quote: str
    start: int
    end: int
    """Character offsets of the quotation in the body of ``knowledge/policies/<policy>``, front matter not counted."""


class Notice(_Model):
    """Something the person must know beside the answer; what it says stands in the answer's text too."""

    kind: NoticeKind
    text: str
    citation: Citation | None = None


def _as_json_number(value: Decimal) -> int | float:
    """JSON has one kind of number; whole ones stay whole. Nothing is computed with the result."""
    return int(value) if value == value.to_integral_value() else float(value)


Number = Annotated[Decimal, PlainSerializer(_as_json_number, return_type=int | float, when_used="json")]


class Computation(_Model):
    """Arithmetic in the text that is not part of an assessment."""

    operation: Literal["sum", "difference"]
    operands: Annotated[list[Number], Field(min_length=1)]
    value: Number
    unit: str
    """``yuan``, ``%``, ``家``, …"""


class Answer(_Model):
    """What a question gets back, the same from Python, command line, HTTP and page."""

    kind: AnswerKind
    text: str = Field(min_length=1)
    """Markdown, in the language and script of the question; quotations as printed."""
    citations: list[Citation] = Field(default_factory=list[Citation])
    """Most important first."""
    assessment: Assessment | None = None
    computations: list[Computation] = Field(default_factory=list[Computation])
    questions: list[str] = Field(default_factory=list)
    """What must still be known; never empty for a clarification."""
    notices: list[Notice] = Field(default_factory=list[Notice])
    elapsed_ms: float = 0.0
