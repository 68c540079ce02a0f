"""The terms of the rules: where and when a policy holds, and what it pays for."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PositiveInt, model_validator

Yuan = Annotated[int, Field(strict=True, ge=0)]
"""A whole number of yuan."""

ApplicantType = Literal[
    "enterprise",
    "organisation",
    "association",
    "park",
    "group",
    "individual",
    "laboratory",
    "institution",
    "public_institution",
]


class Model(BaseModel):
    """Closed and frozen: unknown keys are errors, values never change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Quotation(Model):
    """Words of an official text that support a rule."""

    clause: str
    """Clause path inside the policy: ``三/（一）/1``."""
    quote: str
    """Verbatim, whitespace aside."""


# ------------------------------------------------------------------ place and time
class Place(Model):
    """Province, city and district by their full names; what is not known is None."""

    province: str | None = None
    city: str | None = None
    district: str | None = None

    @property
    def name(self) -> str:
        """The place from the outside in: ``台州市黄岩区``; the province alone where nothing more is known."""
        return "".join(part for part in (self.city, self.district) if part) or self.province or ""

    def covers(self, other: Place) -> bool:
        """Whether every part that this place names is the same in the other."""
        return all(
            mine is None or mine == theirs
            for mine, theirs in zip(
                (self.province, self.city, self.district), (other.province, other.city, other.district), strict=True
            )
        )

    def may_be(self, other: Place) -> bool:
        """Whether what is known of both does not contradict: ``浙江省`` may be ``台州市``."""
        return all(
            mine is None or theirs is None or mine == theirs
            for mine, theirs in zip(
                (self.province, self.city, self.district), (other.province, other.city, other.district), strict=True
            )
        )


class Period(Model):
    """First and last day on which something can have happened."""

    first: date
    last: date

    @model_validator(mode="after")
    def _ordered(self) -> Period:
        if self.first > self.last:
            raise ValueError(f"first day {self.first} is after last day {self.last}")
        return self

    @classmethod
    def day(cls, value: date) -> Period:
        """The period of one day."""
        return cls(first=value, last=value)

    @cached_property
    def label(self) -> str:
        """``2022``, ``2022-03`` or ``2022-03-15`` where the period is just that; else both days."""
        first, last = self.first, self.last
        if first == last:
            return first.isoformat()
        if first.year == last.year and (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
            return str(first.year)
        whole = (first.year, first.month) == (last.year, last.month) and first.day == 1
        if whole and last.day == monthrange(last.year, last.month)[1]:
            return f"{first.year}-{first.month:02d}"
        return f"{first.isoformat()}/{last.isoformat()}"

    def overlap(self, first: date | None, last: date | None) -> Period | None:
        """The part that lies between two days, either of them open; None where there is none."""
        start = max(self.first, first) if first else self.first
        end = min(self.last, last) if last else self.last
        return Period(first=start, last=end) if start <= end else None


# ------------------------------------------------------------------ rules of a policy
class Territory(Quotation):
    """Where a policy holds, and whether it binds there or may only be referred to."""

    place: Place
    effect: Literal["binding", "reference"] = "binding"


class InForce(Quotation):
    """When a policy holds; an open end is None."""

    first_day: date | None = None
    last_day: date | None = None
    dated: Quotation | None = None
    """Where the first day is printed, when the sentence only speaks of the day of issue."""
    note: str | None = None
    """What is said of the period in replies: ``有效期 2 年，2023年2月到期``."""
    is_plan: bool = False
    """A planning period: targets are quoted as those of that period, nothing lapses."""


class Repeal(Quotation):
    """An earlier policy that this one ends."""

    policy: str


class Interpreter(Quotation):
    """Who interprets the policy, where the text says so."""

    name: str


class Funding(Quotation):
    """Who pays, where the text says so."""

    text: str
    places: tuple[Place, ...] = ()
    """Where it holds; empty means everywhere the policy does."""
    concepts: tuple[str, ...] = ()
    """Award concepts it concerns; empty means all."""
    levels: tuple[str, ...] = ()
    """Levels of those awards that it concerns; empty means all."""


class NonStacking(Quotation):
    """What happens when one project, or one year, meets several awards."""

    rule: Literal["first_filed", "best", "highest_of_year"]
    text: str
    """The rule in the words of the text: ``同一项目按最先申报一项执行``."""
    items: tuple[tuple[str, ...], ...] = ()
    """``highest_of_year`` only: clause prefixes of each item that the rule names."""


class Cap(Quotation):
    """The most that one enterprise gets for a group of awards."""

    id: str
    yuan: Yuan
    per: Literal["lifetime", "year"]
    text: str


class Fixed(Model):
    """One sum for one award."""

    kind: Literal["fixed"] = "fixed"
    yuan: Yuan


class PerUnit(Model):
    """A sum for each unit."""

    kind: Literal["per_unit"] = "per_unit"
    yuan: Yuan
    unit: str
    """What is counted: ``品种``."""


class Share(Model):
    """A share of what the applicant spent or was granted."""

    kind: Literal["share"] = "share"
    percent: Annotated[Decimal, Field(gt=0, le=100)]
    base: str
    """What the share is taken of, as printed: ``国际注册费``."""


class NoFigure(Model):
    """A support for which the text gives no figure."""

    kind: Literal["no_figure"] = "no_figure"


def _fixed_by_default(value: object) -> object:
    """``{yuan: 1}`` means a fixed sum: the commonest kind need not be named."""
    if not isinstance(value, dict):
        return value
    fields = cast("dict[str, object]", value)
    return fields if "kind" in fields else {"kind": "fixed", **fields}


Amount = Annotated[Fixed | PerUnit | Share | NoFigure, Field(discriminator="kind"), BeforeValidator(_fixed_by_default)]


class RankCondition(Model):
    """Place among the drafting units, both ends included; ``last`` open when None."""

    first: PositiveInt
    last: PositiveInt | None = None
    text: str
    presumed: bool = False
    """Taken to hold, and said so, where nobody says otherwise: the honour itself goes to such units."""


class ResultCondition(Model):
    """An examination result that the clause requires."""

    value: str
    """``优秀``; for an award without examination what must have come of it: ``被国家采纳``."""
    presumed: bool = False
    """Taken to hold, and said so, where nobody says otherwise."""


class Award(Model):
    """What one clause pays for: a name, perhaps a level, conditions, an amount."""

    id: str
    name: str
    """As printed."""
    level: str | None = None
    concept: str
    """What kind of honour it is, in the vocabulary: the same in every policy."""
    includes: tuple[str, ...] = ()
    """Other concepts that the clause names as part of it: ``含有机产品``."""
    facets: dict[str, str] = Field(default_factory=dict)
    """What tells it from others of its concept: ``{level: national}``."""
    amount: Amount
    rank: RankCondition | None = None
    result: ResultCondition | None = None
    times: PositiveInt | None = None
    """How often in succession it must have been obtained."""
    on_approval: bool = False
    """Paid when the project is approved or listed; acceptance may still be to come."""
    same_figure: bool = False
    """Shares the printed figure of the award before it: names joined by 或 or 和."""
    once: bool = False
    """Paid for the first only (首张): a quantity does not multiply it."""
    further: str | None = None
    """Id of the award that pays for each unit after the first."""
    cap: str | None = None
    """Id of the cap that it counts towards."""


class Provision(Quotation):
    """A sentence that pays, with the awards it holds."""

    beneficiary: tuple[ApplicantType, ...]
    beneficiary_text: str
    """As printed: ``行业协会或园区``."""
    levels_repeat: bool = False
    """The printed figures are those of the levels, and several names have the same levels."""
    awards: tuple[Award, ...]


def _only(values: list[str | None]) -> str | None:
    return values[0] if len(set(values)) == 1 else None


class NotAward(Quotation):
    """A figure that is no award: an indicator or a budget."""

    kind: Literal["indicator", "budget"]


class PolicyRules(Model):
    """Everything of one policy that is computed, each part with its quotation."""

    policy: str
    name: str
    """What the policy is called in replies: ``台州2021年意见``."""
    words: tuple[str, ...] = ()
    """What people call it."""
    territories: tuple[Territory, ...]
    in_force: InForce
    repeals: tuple[Repeal, ...] = ()
    interpreter: Interpreter | None = None
    funding: tuple[Funding, ...] = ()
    non_stacking: NonStacking | None = None
    caps: tuple[Cap, ...] = ()
    provisions: tuple[Provision, ...] = ()
    not_awards: tuple[NotAward, ...] = ()
    """Figures that look like awards and are none."""

    @property
    def home(self) -> Place:
        """The narrowest place that holds all territories: 台州市, though one binds in five of its areas only."""
        places = [territory.place for territory in self.territories]
        return Place(
            province=_only([p.province for p in places]),
            city=_only([p.city for p in places]),
            district=_only([p.district for p in places]),
        )

    def awards(self) -> list[tuple[Provision, Award]]:
        """Every award with the provision that holds it, in the order of the text."""
        return [(provision, award) for provision in self.provisions for award in provision.awards]

    @cached_property
    def by_concept(self) -> dict[str, list[tuple[Provision, Award]]]:
        """The awards that a claim of each concept may be, those that include it last."""
        found: dict[str, list[tuple[Provision, Award]]] = {}
        for provision, award in self.awards():
            found.setdefault(award.concept, []).append((provision, award))
        for provision, award in self.awards():
            for concept in award.includes:
                found.setdefault(concept, []).append((provision, award))
        return found

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> PolicyRules:
        """A copy with other fields; what was worked out of the old ones does not go along."""
        copied = super().model_copy(update=update, deep=deep)
        vars(copied).pop("by_concept", None)
        return copied
