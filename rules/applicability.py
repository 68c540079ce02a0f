"""Which policy governs, by place and by the day an honour was obtained."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from rules.loader import RuleBook
from rules.model import Model, Period, Place, PolicyRules, Territory


class Governing(Model):
    """A policy that governs a part of a period at a place."""

    policy: str
    effect: Literal["binding", "reference"]
    territory: Territory
    period: Period | None
    """The part of the period in which it holds; None when the day is not known."""


class Applicability(Model):
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
    place = place or Place()
    governing: list[Governing] = []
    place_open = place_covered = effect_open = False
    for rules in book.policies.values():
        if not rules.provisions:
            continue
        territory = territory_of(rules, place)
        if territory is None:
            if any(t.place.may_be(place) for t in rules.territories):
                place_open = place_covered = True
                territory = next(t for t in rules.territories if t.place.may_be(place))
            else:
                continue
        elif _wider_than_some(rules, territory, place):
            # 台州市 alone: binding in five areas, for reference in the others.
            if obtained is None or obtained.overlap(rules.in_force.first_day, rules.in_force.last_day):
                place_open = effect_open = True
        place_covered = True
        part = obtained.overlap(rules.in_force.first_day, rules.in_force.last_day) if obtained else None
        if obtained is None or part is not None:
            governing.append(
                Governing(policy=rules.policy, effect=territory.effect, territory=territory, period=part)
            )
    gap = place_open and place.city is None
    if obtained is not None:
        gap = gap or bool(_days_without(obtained, [g.period for g in governing if g.period]))
    return Applicability(
        governing=tuple(governing),
        gap=gap,
        place_covered=place_covered,
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
