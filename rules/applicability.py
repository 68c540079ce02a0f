"""Which policy governs, by place and by the day an honour was obtained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from rules.loader import RuleBook
from rules.model import Period, Place, PolicyRules, Territory


@dataclass(frozen=True, slots=True)
class Governing:
    """A policy that governs a part of a period at a place."""

    policy: str
    effect: Literal["binding", "reference"]
    territory: Territory
    period: Period | None
    """The part of the period in which it holds; None when the day is not known."""


@dataclass(frozen=True, slots=True)
class Applicability:
    """Every policy that may govern, and whether there are days or places without one."""

    governing: tuple[Governing, ...]
    gap: bool
    """Some day of the period, or some place that is still possible, has no policy."""
    place_covered: bool
    """Whether the collection has any award policy for the place."""
    effect_open: bool
    """A policy that governs binds in parts of the place only."""
    place_open: bool
    """The place is not known closely enough to tell which policy governs it."""


def territory_of(policy: PolicyRules, place: Place) -> Territory | None:
    """The narrowest territory of a policy that holds a place; None when it does not hold there."""
    holding = [territory for territory in policy.territories if territory.place.covers(place)]
    return max(holding, key=lambda t: (t.place.city is not None, t.place.district is not None), default=None)


@dataclass(frozen=True, slots=True)
class AtPlace:
    """An award policy that holds, or may hold, at a place."""

    rules: PolicyRules
    territory: Territory
    certain: bool
    """False when only a part of the place lies in the territory."""
    mixed: bool
    """It binds in some parts of the place and may only be referred to in others."""


def policies_at(book: RuleBook, place: Place | None) -> list[AtPlace]:
    """Every award policy that holds, or may hold, at a place that need not be known exactly."""
    place = place or Place()
    found: list[AtPlace] = []
    for rules in book.policies.values():
        if not rules.provisions:
            continue
        territory = territory_of(rules, place)
        possible = [t for t in rules.territories if t.place.may_be(place)]
        if territory is None and not possible:
            continue
        mixed = territory is not None and _wider_than_some(rules, territory, place)
        found.append(
            AtPlace(rules=rules, territory=territory or possible[0], certain=territory is not None, mixed=mixed)
        )
    return found


def applicable_policies(book: RuleBook, place: Place | None, obtained: Period | None) -> Applicability:
    """Which award policies may govern an honour obtained at a place within a period.

    Args:
        book: All rules.
        place: Where the applicant is; parts that are not known are None.
        obtained: First and last day on which it can have been obtained; None when not known.

    Returns:
        Every candidate. More than one, or a gap, means that a fact is still missing or that the
        period straddles two policies.

    Source: 台政发〔2021〕4号 五; 台政发〔2017〕13号 六; 长乐若干意见 末段.
    """
    return in_period(policies_at(book, place), place, obtained)


def in_period(at_place: list[AtPlace], place: Place | None, obtained: Period | None) -> Applicability:
    """The policies of a place that govern within a period; see ``applicable_policies``."""
    governing: list[Governing] = []
    effect_open = False
    for one in at_place:
        period = one.rules.in_force
        part = obtained.overlap(period.first_day, period.last_day) if obtained else None
        if obtained is None or part is not None:
            effect_open = effect_open or one.mixed
            governing.append(
                Governing(policy=one.rules.policy, effect=one.territory.effect, territory=one.territory, period=part)
            )
    place_open = effect_open or any(not one.certain for one in at_place)
    gap = any(not one.certain for one in at_place)  # the rest of the place may have no policy
    if obtained is not None:
        gap = gap or bool(_days_without(obtained, [g.period for g in governing if g.period]))
    return Applicability(
        governing=tuple(governing),
        gap=gap,
        place_covered=bool(at_place),
        effect_open=effect_open,
        place_open=place_open,
    )


def _wider_than_some(rules: PolicyRules, territory: Territory, place: Place) -> bool:
    """Whether the policy has narrower territories of another effect inside the place."""
    return place.district is None and any(
        t.effect != territory.effect and t.place.may_be(place) and t.place.district for t in rules.territories
    )


def _days_without(period: Period, parts: list[Period]) -> list[date]:
    """First day of each stretch of the period that no part covers."""
    found: list[date] = []
    day = period.first
    for part in sorted(parts, key=lambda p: p.first):
        if day < part.first:
            found.append(day)
        day = max(day, part.last + timedelta(days=1))
    if day <= period.last:
        found.append(day)
    return found


def versions_with(book: RuleBook, place: Place | None, concept: str) -> list[str]:
    """Policies that have an award of a concept and may hold at a place, latest first."""
    place = place or Place()
    found = [
        book.policies[policy]
        for policy in book.policies_with(concept)
        if any(t.place.may_be(place) for t in book.policies[policy].territories)
    ]
    found.sort(key=lambda rules: rules.in_force.first_day or date.min, reverse=True)
    return [rules.policy for rules in found]
