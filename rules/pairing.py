"""The awards of two policies side by side: which belong together, what changed in amount and condition."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from rules.model import Award, Fixed, PerUnit, PolicyRules, Provision, RankCondition, Share
from rules.vocabulary import compatible

Change = Literal["raised", "lowered", "same", "conditions", "added", "dropped", "other"]
"""From the first policy to the second; ``same`` in amount and conditions, ``conditions`` in amount only, ``other``
where the amounts are of different kinds."""


@dataclass(frozen=True)
class Entry:
    """An award with the sentence that pays it."""

    provision: Provision
    award: Award


@dataclass(frozen=True)
class Condition:
    """A condition that differs."""

    kind: Literal["rank", "result", "times", "beneficiary", "stage", "unit"]
    left: str | None
    """As printed; None where the policy has no such condition."""
    right: str | None


@dataclass(frozen=True)
class Pair:
    """An award of two policies, or of one of them."""

    left: Entry | None
    right: Entry | None
    change: Change
    conditions: tuple[Condition, ...] = ()


def pairs(left: PolicyRules, right: PolicyRules) -> list[Pair]:
    """The awards of two policies, those of both first, in the order of the first policy.

    Args:
        left: The earlier, or the one named first.
        right: The other.

    Returns:
        Every award at least once. Two belong together when they are of one concept, or one includes the other, and
        nothing that is told of both differs; of several that fit, those that agree in everything.
    """
    mine = [Entry(provision, award) for provision, award in left.awards()]
    theirs = [Entry(provision, award) for provision, award in right.awards()]
    fitting = [(one, other) for one in mine for other in theirs if _fit(one.award, other.award)]
    exact = [(one, other) for one, other in fitting if _same_kind(one.award, other.award)]
    settled = {id(entry) for pair in exact for entry in pair}
    kept = [p for p in fitting if p in exact or id(p[0]) not in settled or id(p[1]) not in settled]
    found = [_pair(one, other) for one, other in kept]
    paired = {id(entry) for pair in kept for entry in pair}
    found += [Pair(None, other, "added") for other in theirs if id(other) not in paired]
    found += [Pair(one, None, "dropped") for one in mine if id(one) not in paired]
    return found


def yuan_of(award: Award) -> int | None:
    """What an award pays for one, in yuan; None for a share and where the text gives no figure."""
    return award.amount.yuan if isinstance(award.amount, Fixed | PerUnit) else None


def _fit(one: Award, other: Award) -> bool:
    if one.concept == other.concept:
        told = all(compatible(value, other.facets.get(facet)) for facet, value in one.facets.items())
        return told and _ranks_meet(one.rank, other.rank)
    return bool({one.concept, *one.includes} & {other.concept, *other.includes})


def _ranks_meet(one: RankCondition | None, other: RankCondition | None) -> bool:
    """Whether some drafting unit meets both conditions; no condition is met by all."""
    if one is None or other is None:
        return True
    return not (other.last and one.first > other.last) and not (one.last and other.first > one.last)


def _same_kind(one: Award, other: Award) -> bool:
    return one.concept == other.concept and one.facets == other.facets


def _pair(left: Entry, right: Entry) -> Pair:
    conditions = tuple(_conditions(left, right))
    mine, theirs = _figure(left.award), _figure(right.award)
    if mine is None or theirs is None or mine[0] != theirs[0]:
        change: Change = "other" if mine != theirs else "conditions" if conditions else "same"
    elif mine[1] == theirs[1]:
        change = "conditions" if conditions else "same"
    else:
        change = "raised" if theirs[1] > mine[1] else "lowered"
    return Pair(left, right, change, conditions)


def _figure(award: Award) -> tuple[str, Decimal] | None:
    match award.amount:
        case Fixed(yuan=yuan) | PerUnit(yuan=yuan):
            return "yuan", Decimal(yuan)
        case Share(percent=percent):
            return "%", percent
        case _:
            return None


def _conditions(left: Entry, right: Entry) -> list[Condition]:
    """The conditions in which two awards differ."""
    one, other = left.award, right.award
    found: list[Condition] = []
    if (one.rank and (one.rank.first, one.rank.last)) != (other.rank and (other.rank.first, other.rank.last)):
        found.append(Condition("rank", one.rank and one.rank.text, other.rank and other.rank.text))
    if (one.result and one.result.value) != (other.result and other.result.value):
        found.append(Condition("result", one.result and one.result.value, other.result and other.result.value))
    if one.times != other.times:
        found.append(Condition("times", *(str(award.times) if award.times else None for award in (one, other))))
    if _who(left.provision) != _who(right.provision):
        found.append(Condition("beneficiary", left.provision.beneficiary_text, right.provision.beneficiary_text))
    if one.on_approval != other.on_approval:
        found.append(Condition("stage", _stage(one), _stage(other)))
    if _unit(one) != _unit(other):
        found.append(Condition("unit", _unit(one), _unit(other)))
    return found


def _who(provision: Provision) -> set[str]:
    """Who is paid; an organisation may be of any kind."""
    return {"organisation"} if "organisation" in provision.beneficiary else set(provision.beneficiary)


def _stage(award: Award) -> str | None:
    return "approved" if award.on_approval else None


def _unit(award: Award) -> str | None:
    return award.amount.unit if isinstance(award.amount, PerUnit) else None
