"""A profile: an applicant with claims, as a person writes it in YAML."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, PositiveInt, model_validator

from rules.assessment import Applicant, Claim, RankRange
from rules.errors import ProfileError, RuleFileError
from rules.loader import RuleBook
from rules.model import ApplicantType, Model, Period, Place, Yuan
from rules.yaml_source import load_model

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_OPEN_END = 99


def _as_text(value: object) -> object:
    """YAML reads 2022 as a number and 2022-03-15 as a date; here both are text."""
    return str(value) if isinstance(value, (int, date)) and not isinstance(value, bool) else value


def _exact(value: object) -> object:
    """Money is never a binary float."""
    if isinstance(value, float):
        raise ValueError("金额写整数元；有角分时写成带引号的小数")
    return value


class ProfileClaim(Model):
    """One thing that was obtained."""

    award: str | None = None
    """Id of an award (``policy-assistant awards`` lists them); or give ``concept`` and ``facets``."""
    concept: str | None = None
    facets: dict[str, str] = Field(default_factory=dict)
    obtained: Annotated[str | None, BeforeValidator(_as_text)] = None
    """``2022``, ``2022-03``, ``2022-03-15``, or first and last joined by ``/``."""
    quantity: PositiveInt | None = None
    rank: Annotated[str | None, BeforeValidator(_as_text)] = None
    """Place among the drafting units: ``1``, or a range: ``1-3``, ``4-``."""
    result: str | None = None
    times: PositiveInt | None = None
    completed: bool = True
    cost_yuan: Annotated[Annotated[Decimal, Field(ge=0)] | None, BeforeValidator(_exact)] = None
    project: str | None = None
    filed: PositiveInt | None = None

    @model_validator(mode="after")
    def _names_one(self) -> ProfileClaim:
        if (self.award is None) == (self.concept is None):
            raise ValueError("award 和 concept 要写一个，而且只写一个")
        return self


class ProfileApplicant(Model):
    """Who claims."""

    place: str | None = None
    """Name of the place: ``台州市黄岩区``, ``长乐``."""
    type: ApplicantType | None = None
    received_yuan: dict[str, Yuan] = Field(default_factory=dict)
    """Already received under each cap, by cap id."""


class Profile(Model):
    """An applicant with claims."""

    applicant: ProfileApplicant = ProfileApplicant()
    claims: Annotated[tuple[ProfileClaim, ...], Field(min_length=1)]


def load_profile(path: Path) -> Profile:
    """Reads a profile.

    Raises:
        ProfileError: names file, line, field, value and what is allowed.
    """
    if not path.is_file():
        raise ProfileError(f"档案文件 {path} 打不开：没有这个文件。")
    try:
        return load_model(path, Profile)
    except RuleFileError as error:
        raise ProfileError(f"档案有误，{error}。字段的写法见 policy-assistant assess --schema。") from error


def resolve(book: RuleBook, profile: Profile) -> tuple[Applicant, list[Claim]]:
    """The applicant and claims that a profile means.

    Args:
        book: The rules whose awards, places and caps it names.
        profile: As written.

    Raises:
        ProfileError: a place, award, concept, facet, cap, date or rank is unknown; names the
            claim (counted from 1), the value and what is allowed.
    """
    caps = {cap.id for rules in book.policies.values() for cap in rules.caps}
    for cap in profile.applicant.received_yuan:
        if cap not in caps:
            raise ProfileError(f"applicant.received_yuan：没有叫 {cap} 的限额，可以是 {'、'.join(sorted(caps))}。")
    applicant = Applicant(
        place=place_named(book, profile.applicant.place) if profile.applicant.place else None,
        type=profile.applicant.type,
        received_yuan=profile.applicant.received_yuan,
    )
    return applicant, [_claim(book, number, claim) for number, claim in enumerate(profile.claims, 1)]


def place_named(book: RuleBook, name: str, field: str = "applicant.place") -> Place:
    """The place of a name: a division, or a city and what lies in it (``台州市黄岩区``).

    Raises:
        ProfileError: the name is unknown or means several places; names the field.
    """
    found = book.gazetteer.places(name)
    for cut in range(2, len(name)):  # 台州市黄岩区: a city, then what lies in it
        outer, inner = book.gazetteer.places(name[:cut]), book.gazetteer.places(name[cut:])
        found = found or tuple(p for p in inner if any(o.covers(p) for o in outer))
    if len(found) != 1:
        what = f"可能是 {'、'.join(p.name for p in found)}" if found else "不是已知的地名"
        raise ProfileError(f"{field}：“{name}”{what}；请写市和区县，例如 台州市黄岩区。")
    return found[0]


def _claim(book: RuleBook, number: int, claim: ProfileClaim) -> Claim:
    where = f"claims[{number}]"
    concept, facets = claim.concept or "", dict(claim.facets)
    if claim.award is not None:
        ids = [award.id for rules in book.policies.values() for _, award in rules.awards()]
        if claim.award not in ids:
            raise ProfileError(f"{where}.award：没有编号为 {claim.award} 的奖项{_near(claim.award, ids)}")
        _, _, award = book.award(claim.award)
        concept, facets = award.concept, {**award.facets, **facets}
    concepts = book.vocabulary.concepts
    if concept not in concepts:
        raise ProfileError(f"{where}.concept：没有叫 {concept} 的奖项类别{_near(concept, list(concepts))}")
    _check_facets(book, where, concept, facets)
    return Claim(
        concept=concept,
        facets=facets,
        obtained=period_of(claim.obtained, f"{where}.obtained") if claim.obtained is not None else None,
        quantity=claim.quantity,
        rank=_rank(where, claim.rank),
        result=claim.result,
        times=claim.times,
        completed=claim.completed,
        cost_yuan=claim.cost_yuan,
        project=claim.project,
        filed=claim.filed,
    )


def _check_facets(book: RuleBook, where: str, concept: str, facets: Mapping[str, str]) -> None:
    allowed = book.vocabulary.concepts[concept].facets
    for facet, value in facets.items():
        if facet not in allowed:
            raise ProfileError(
                f"{where}.facets：{concept} 没有 {facet} 这一项，可以是 {'、'.join(allowed) or '（无）'}。"
            )
        values = list(book.vocabulary.facets[facet].values)
        if value not in values:
            raise ProfileError(f"{where}.facets.{facet}：{value} 不对，可以是 {'、'.join(values)}。")


def period_of(text: str, field: str) -> Period:
    """The period of a date as profiles write it: ``2022``, ``2022-03``, ``2022-03-15``, or two joined by ``/``.

    Raises:
        ProfileError: it is no date; names the field.
    """
    try:
        parts = [_days(part.strip()) for part in text.split("/")]
        return Period(first=parts[0][0], last=parts[-1][1])
    except ValueError as error:
        raise ProfileError(
            f"{field}：“{text}”不是日期；请写 2022、2022-03 或 2022-03-15，起止两个日期用 / 连接。"
        ) from error


def _days(text: str) -> tuple[date, date]:
    match = _DAY.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not year-month-day")
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if day:
        return date(year, month, day), date(year, month, day)
    if month:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, 1, 1), date(year, 12, 31)


def _rank(where: str, text: str | None) -> RankRange | None:
    if text is None:
        return None
    match = re.fullmatch(r"(\d{1,2})(?:(-)(\d{1,2})?)?", text)
    first, last = (int(match[1]), int(match[3] or (_OPEN_END if match[2] else match[1]))) if match else (0, 0)
    if not 1 <= first <= last:
        raise ProfileError(f"{where}.rank：“{text}”不是名次；请写 1、1-3 或 4-。")
    return RankRange(first=first, last=last)


def _near(word: str, known: list[str]) -> str:
    close = get_close_matches(word, known, n=3, cutoff=0.5)
    return f"；是不是 {'、'.join(close)}？" if close else "；policy-assistant awards 列出全部奖项。"
