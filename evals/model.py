"""Gold cases as a person writes them, one form for each kind of file.

A field that is not known is an error: a misspelt one would otherwise measure nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel

from assistant.model import NoticeKind

Suite = Literal["lookup", "comparison", "eligibility", "refuse", "multiturn", "retrieval", "profile"]
AnyOf = list[str | list[str]]
"""All items must occur; of an inner list any one."""
Texts = Annotated[
    list[str],
    BeforeValidator(
        lambda value: [] if value is None else [value] if isinstance(value, str) else value,
        json_schema_input_type=str | list[str] | None,
    ),
]
"""One text, several, or none."""
Outcome = Literal[
    "payable", "reference_floor", "ambiguous", "depends", "not_listed", "not_eligible", "cap_exhausted",
    "not_applicable_region", "expired", "before_policy", "clarify",
]  # fmt: skip
NOTHING_PAYABLE = ("not_listed", "not_eligible", "expired", "before_policy", "not_applicable_region")


class EvalsError(Exception):
    """Base of every error of this package."""


class CaseError(EvalsError):
    """A case file cannot be used; names file and line."""


class Form(BaseModel):
    """Base of everything that stands in a case file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# ------------------------------------------------------------------ what a right answer has
class LookupGold(Form):
    """An answer from a text: the clauses that it must cite and the facts that it must state."""

    type: Literal["answer"] = "answer"
    policy: Texts = []
    clause: Texts = []
    """``policy:path`` of every clause needed, most important first."""
    must_contain: AnyOf = []
    computed: list[int] = []
    """Values of the arithmetic in the answer, in the unit of the text; a difference is what the higher has more."""
    derived: AnyOf = []
    """Items of ``must_contain`` that follow from the text without standing in it."""
    note: str = ""


class GoldLine(Form):
    """An award claimed."""

    award_id: str = ""
    quantity: int = 1
    amount_yuan: int | None = None
    """Before caps and non-duplication."""
    base_yuan: int | None = None
    """What a share is taken of."""
    year: int | None = None
    filed_order: int | None = None


class GoldAdjustment(Form):
    """A part of the lines that is not paid."""

    rule: str = ""
    amount_yuan: int
    """Negative."""


class GoldOrder(Form):
    """What one order of filing gives."""

    order: str = ""
    filed_first: str = ""
    total_yuan: int


class EligibilityGold(Form):
    """An assessment to the yuan, why nothing is paid, or what must be asked."""

    type: Literal["eligibility"] = "eligibility"
    outcome: Outcome
    policy: str | None = None
    region: str | None = None
    date: str | None = None
    lines: list[GoldLine] = []
    adjustments: list[GoldAdjustment] = []
    total_yuan: int | None = None
    acceptable_totals_yuan: list[int] = []
    depends: list[GoldOrder] = []
    must_mention: AnyOf = []
    should_mention: AnyOf = []
    notices: list[NoticeKind] = []
    """What the reader must be told beside the amount."""
    clarify_any_of: AnyOf = []
    # Notes for the reader; nothing is measured by them.
    note: str = ""
    ambiguity: str = ""
    applied_rules: list[str] = []
    considered: list[Any] = []
    clarify: list[str] = []
    conditional: list[str] = []
    must_not_assert: str = ""
    prior_paid_yuan: int | None = None
    same_project: str = ""
    pooled_reading: bool = False


class ClarifyGold(Form):
    """A question back: for each missing fact, words of which one must be asked with."""

    type: Literal["clarify"] = "clarify"
    clarify_any_of: AnyOf = []
    clarify: list[str] = []
    must_not_assert: str = ""
    conditional: list[str] = []
    note: str = ""


class RefuseGold(Form):
    """What must not be answered with an amount or an invented clause."""

    type: Literal["refuse"] = "refuse"
    expected: Literal["refuse", "correct", "clarify", "smalltalk"] = "refuse"
    must_not_contain: list[str] = []
    must_not_start_with: list[str] = []
    should_contain: AnyOf = []
    clause: Texts = []
    note: str = ""


Gold = Annotated[LookupGold | EligibilityGold | ClarifyGold | RefuseGold, Field(discriminator="type")]


# ------------------------------------------------------------------ cases as they stand in the files
class _Case(Form):
    id: Annotated[str, Field(min_length=1)]
    held_out: bool = False
    """Counted, but not looked at while the assistant is tuned."""


class AskedCase(_Case):
    """A case that is a question, or several."""

    today: date | None = None
    """What relative dates are counted from; the day of the run's ``TODAY`` when it is not written."""


class LookupCase(AskedCase):
    """``qa_lookup*.yaml`` and ``qa_comparison*.yaml``."""

    question: str
    kind: str = ""
    policy: Texts = []
    clause: Annotated[Texts, Field(min_length=1)]
    must_contain: AnyOf
    computed: list[int] = []
    derived: AnyOf = []
    answer: str = ""
    style: Texts = []
    notes: str = ""


class EligibilityCase(AskedCase):
    """``qa_eligibility*.yaml``."""

    question: str
    region: str | None = None
    date: str | None = None
    style: Texts = []
    note: str = ""
    expected: EligibilityGold


class RefuseCase(AskedCase):
    """``qa_refuse*.yaml``."""

    category: str = ""
    question: str
    expected: Literal["refuse", "correct", "clarify", "smalltalk"]
    must_not_contain: list[str] = []
    must_not_start_with: list[str] = []
    should_contain: AnyOf = []
    clause: Texts = []
    answer: str = ""
    note: str = ""


class Turn(Form):
    """One question of a conversation with what a right answer has."""

    question: str
    expected: Gold


class DialogueCase(AskedCase):
    """``qa_multiturn*.yaml``: the turns are one conversation."""

    topic: str = ""
    turns: Annotated[list[Turn], Field(min_length=1)]


class RetrievalCase(_Case):
    """``qa_retrieval*.yaml``: a query and the clauses that answer it."""

    question: str
    policy: Texts = []
    clause: Texts = []
    """``policy:path``; none where the collection holds no answer."""
    quote: str = ""
    """Words of the first clause that answer."""
    style: Texts = []
    why: str = ""
    """Where nothing answers: what is missing."""


class ProfileApplicant(Form):
    """Who claims, in the words of the vocabulary."""

    place: str | None = None
    type: str | None = None
    received: dict[str, int] = {}
    """Yuan already received under each cap."""


class ProfileClaim(Form):
    """What was obtained, in the words of the vocabulary."""

    honour: str
    kind: list[str] = []
    obtained: str | int | date | None = None
    """A day, month or year, or two joined by ``/``."""
    quantity: int | None = None
    rank: int | list[int] | None = None
    result: str | None = None
    times: int | None = None
    completed: bool = True
    cost: int | str | None = None
    project: str | None = None
    filed: int | None = None


class ProfileGold(Form):
    """What the calculator must answer; what is not written here is not compared, three fields excepted."""

    outcome: Literal["payable", "reference_only", "depends", "not_payable", "undetermined"]
    total: int | None
    lines: list[int | str] | None = None
    """Amounts before reductions, ``no_figure``, or why a line is not paid."""
    policy: str | None = None
    clause: str | None = None
    adjustments: list[int] | None = []
    """None where it is not told what is taken off, only what remains."""
    alternatives: list[int] = []
    missing: list[str] = []
    """This and the two above are empty where they are not written."""


class OtherApplicants(Form):
    """What the same claims give other kinds of applicant, in the words of the vocabulary; ``未说明`` is nobody named."""

    paid: list[str] = []
    """The same as the applicant of the case."""
    not_paid: list[str] = []
    asked: list[str] = []
    """Whether the clause means them, they do not say: they are asked what they are."""


class ListedAward(Form):
    """The award of a line as the text gives it."""

    name: str
    level: str | None = None
    others: OtherApplicants = OtherApplicants()
    not_yet: Literal["paid", "not_paid"] | None = None
    """What it pays before it is obtained: where approval is enough the same; None where the text leaves it open."""


class ProfileCase(_Case):
    """``profiles*.yaml``: the calculator's table."""

    why: str
    applicant: ProfileApplicant = ProfileApplicant()
    claims: Annotated[list[ProfileClaim], Field(min_length=1)]
    expect: ProfileGold
    award: ListedAward | None = None
    """Which award every line of the result is; None where that is not told."""


AnyCase = LookupCase | EligibilityCase | RefuseCase | DialogueCase | RetrievalCase | ProfileCase


class LookupFile(RootModel[list[LookupCase]]):
    """A file of look-ups or comparisons."""


class EligibilityFile(RootModel[list[EligibilityCase]]):
    """A file of questions for an amount."""


class RefuseFile(RootModel[list[RefuseCase]]):
    """A file of what must not be answered."""


class DialogueFile(RootModel[list[DialogueCase]]):
    """A file of conversations."""


class RetrievalFile(RootModel[list[RetrievalCase]]):
    """A file of labelled queries."""


class ProfileFile(RootModel[list[ProfileCase]]):
    """A file of the calculator's table."""


# ------------------------------------------------------------------ cases as they are run
@dataclass(frozen=True)
class Case:
    """A case with its suite and where it stands."""

    id: str
    suite: Suite
    held_out: bool
    turns: tuple[Turn, ...]
    """The conversation; one turn for a single question, none for a query or a profile."""
    form: AnyCase
    source: str
    """File and line."""

    @property
    def question(self) -> str:
        """What is asked, in one line."""
        if isinstance(self.form, ProfileCase):
            return self.form.why
        if isinstance(self.form, RetrievalCase):
            return self.form.question
        return " → ".join(turn.question for turn in self.turns)

    @property
    def today(self) -> date | None:
        """What relative dates of the question are counted from, where the case says so."""
        return self.form.today if isinstance(self.form, AskedCase) else None

    @property
    def clauses(self) -> tuple[str, ...]:
        """``policy:path`` of the clauses that the gold names."""
        if isinstance(self.form, RetrievalCase):
            return tuple(self.form.clause)
        golds = [turn.expected for turn in self.turns]
        return tuple(clause for gold in golds if isinstance(gold, LookupGold | RefuseGold) for clause in gold.clause)

    @property
    def policies(self) -> tuple[str, ...]:
        """The policies that the gold names."""
        named = [clause.partition(":")[0] for clause in self.clauses]
        for turn in self.turns:
            if isinstance(turn.expected, LookupGold):
                named += turn.expected.policy
            elif isinstance(turn.expected, EligibilityGold) and turn.expected.policy:
                named.append(turn.expected.policy)
        if isinstance(self.form, ProfileCase) and self.form.expect.policy:
            named.append(self.form.expect.policy)
        return tuple(dict.fromkeys(named))
