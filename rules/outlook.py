"""What it would take: conditions still to meet, other awards of the same kind, room under a cap, the order of filing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.assessment import Alternative, Applicant, Claim, RankRange
from rules.calculator import Result, Ruling, assess
from rules.judgement import TYPE_LABELS, Found, Judgement, judge
from rules.loader import RuleBook
from rules.model import ApplicantType, Award, Cap, NoFigure, NonStacking, PerUnit, PolicyRules
from rules.vocabulary import compatible

NEAREST = 5
"""Other awards that a person can take in at a glance."""
_ONE_PROJECT = "同一项目"


@dataclass(frozen=True, slots=True)
class Unmet:
    """A claim that pays nothing because conditions failed, and what it would pay with them met."""

    policy: str
    found: Found
    """The award with its conditions met, so with what it would pay before caps and non-duplication."""
    conditions: tuple[str, ...]
    """What is still wanting: ``排名第一（第一起草单位）``."""


@dataclass(frozen=True, slots=True)
class Reachable:
    """Another award of a kind that was claimed."""

    policy: str
    found: Found
    """The award with its conditions met."""
    again: bool = False
    """It was claimed already, and pays for each further unit as well."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a cap leaves after the claims and what was received before."""

    policy: str
    cap: Cap
    year: int | None
    """The year of a yearly cap."""
    received_yuan: int
    counted_yuan: tuple[int, ...]
    """What counts towards it, before the cap: one sum for each unit."""
    of_cost: bool
    """A sum among them is a share of a cost, so that no text prints it."""

    @property
    def left_yuan(self) -> int:
        """What can still be had under it; never negative."""
        return max(self.cap.yuan - self.received_yuan - sum(self.counted_yuan), 0)


@dataclass(frozen=True, slots=True)
class Filing:
    """Whether the order of filing matters to several claims, and what each order pays."""

    policy: str
    rule: NonStacking
    orders: tuple[Alternative, ...] = ()
    """What each first filing gives in all, the most first; empty where the order does not matter."""
    presumed: bool = False
    """Nobody said that the claims are one project; the orders are those if they were."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would pay more than the claims do now."""

    unmet: tuple[Unmet, ...]
    nearest: tuple[Reachable, ...]
    rooms: tuple[Room, ...]


def outlook(book: RuleBook, applicant: Applicant, result: Result) -> Outlook:
    """What would pay more, under the policies that govern the claims.

    Args:
        book: All rules.
        applicant: Who claims.
        result: What the calculator answered; claims without a policy are passed over.

    Returns:
        Conditions that failed; at most ``NEAREST`` other awards, the most alike first and those that
        pay more before those that pay less; what is left under the caps of the claims.
    """
    judged = [(r, r.judgement) for r in result.rulings if r.governing and r.judgement and not r.missing]
    unmet = [
        found for ruling, judgement in judged if (found := _unmet(book, applicant, ruling.claim, judgement)) is not None
    ]
    rooms = _rooms(book, applicant, judged)
    used_up = {(room.policy, room.cap.id) for room in rooms if not room.left_yuan}
    named = {f.award.id for _, judgement in judged for f in (*judgement.found, *judgement.equivalents)}
    reachable: dict[tuple[str, bool], tuple[tuple[int, bool, int], Reachable]] = {}
    for ruling, judgement in judged:
        for found in _of_kind(book, applicant, ruling.claim, judgement):
            again = found.award.id in named
            if (again and not _pays_again(judgement, found.award)) or (judgement.policy, found.award.cap) in used_up:
                continue
            ranked = (_distance(ruling.claim, judgement, found), Reachable(judgement.policy, found, again))
            held = reachable.get((found.award.id, again))
            if held is None or ranked[0] < held[0]:
                reachable[found.award.id, again] = ranked
    nearest = [one for _, one in sorted(reachable.values(), key=lambda pair: pair[0])]
    return Outlook(unmet=tuple(unmet), nearest=tuple(nearest[:NEAREST]), rooms=tuple(rooms))


def filing(book: RuleBook, applicant: Applicant, result: Result) -> Filing | None:
    """What each order of filing pays.

    Args:
        book: All rules.
        applicant: Who claims.
        result: What the calculator answered.

    Returns:
        None where fewer than two claims are paid by one policy, or the policy has no rule for it.

    Source: 台政发〔2021〕4号 五; 台政发〔2017〕13号 六; 长乐若干意见 三/（二）/末段.
    """
    paid: dict[str, list[Claim]] = {}
    for ruling in result.rulings:
        if ruling.governing and ruling.judgement and ruling.judgement.outcome == "eligible":
            paid.setdefault(ruling.governing.policy, []).append(ruling.claim)
    several = next((policy for policy, claims in paid.items() if len(claims) > 1), None)
    rule = book.policies[several].non_stacking if several else None
    if several is None or rule is None:
        return None
    if rule.rule != "first_filed":
        return Filing(several, rule)
    presumed = all(claim.project is None for claim in paid[several])
    tried = [_unfiled(ruling.claim, presumed and ruling.claim in paid[several]) for ruling in result.rulings]
    orders = assess(book, applicant, tried).assessment.alternatives
    ranked = tuple(sorted(orders, key=lambda order: -order.total_yuan))
    return Filing(several, rule, ranked, presumed)


def met(award: Award, claim: Claim) -> Claim:
    """A claim with every condition of an award met, in the least demanding way."""
    rank = award.rank
    return claim.model_copy(
        update={
            "concept": award.concept,
            "facets": dict(award.facets),
            "completed": True,
            "rank": RankRange(first=rank.first, last=rank.first) if rank else None,
            "result": award.result.value if award.result else None,
            "times": award.times,
        }
    )


def _unfiled(claim: Claim, as_one_project: bool) -> Claim:
    """The claim with the order of filing open."""
    return claim.model_copy(update={"filed": None, **({"project": _ONE_PROJECT} if as_one_project else {})})


def _unmet(book: RuleBook, applicant: Applicant, claim: Claim, judgement: Judgement) -> Unmet | None:
    """The conditions that failed; None where none did, or nothing would be paid with all of them met."""
    if judgement.outcome != "not_eligible":
        return None
    failed = judgement.found[0]
    award, conditions = failed.award, list[str]()
    if not claim.completed and not award.on_approval:
        conditions.append("正式取得（通过验收、批准或发证）")
    if award.rank and claim.rank and not _within(award, claim.rank):
        conditions.append(_rank_wanted(award))
    if award.result and claim.result not in (None, award.result.value):
        conditions.append(f"结果为“{award.result.value}”")
    elif claim.result in book.vocabulary.failed_results:
        conditions.append("考核（验收）通过")
    if award.times and claim.times and claim.times < award.times:
        conditions.append(f"连续 {award.times} 次通过")
    rules = book.policies[judgement.policy]
    now = _judged(book, rules, applicant, award, claim)
    if now is None:
        allowed = failed.provision.beneficiary
        conditions.append(f"申报主体是{'、'.join(TYPE_LABELS[kind] for kind in allowed)}")
        now = _judged(book, rules, _as(applicant, allowed[0]), award, claim)
    if now is None or isinstance(award.amount, NoFigure):
        return None
    return Unmet(judgement.policy, now, tuple(conditions))


def _within(award: Award, rank: RankRange) -> bool:
    return award.rank is not None and award.rank.first <= rank.first and rank.last <= (award.rank.last or rank.last)


def _rank_wanted(award: Award) -> str:
    rank = award.rank
    if rank is None:
        return ""
    if rank.first == rank.last == 1:
        return f"排名第一（{rank.text}）"
    return rank.text if rank.text.startswith("排名") else f"是{rank.text}"


def _as(applicant: Applicant, kind: ApplicantType) -> Applicant:
    return applicant.model_copy(update={"type": kind})


def _judged(book: RuleBook, rules: PolicyRules, applicant: Applicant, award: Award, claim: Claim) -> Found | None:
    """An award with its conditions met; None where the applicant cannot have it."""
    judgement = judge(book, rules, applicant, met(award, claim))
    if judgement.outcome not in ("eligible", "undetermined"):
        return None
    return next((found for found in judgement.found if found.award.id == award.id), None)


def _of_kind(book: RuleBook, applicant: Applicant, claim: Claim, judgement: Judgement) -> list[Found]:
    """The awards of the claim's kind that the applicant can have and that state what they pay."""
    rules = book.policies[judgement.policy]
    one = claim.model_copy(update={"quantity": None, "cost_yuan": None, "project": None, "filed": None})
    found = [
        _judged(book, rules, applicant, award, one)
        for _, award in rules.by_concept.get(claim.concept, ())
        if not isinstance(award.amount, NoFigure)
    ]
    return [one for one in found if one is not None]


def _pays_again(judgement: Judgement, award: Award) -> bool:
    """Whether an award that is paid now pays for one more unit as well: 每个品种."""
    paid = judgement.outcome == "eligible" and any(found.award.id == award.id for found in judgement.found)
    return paid and isinstance(award.amount, PerUnit) and not award.once


def _distance(claim: Claim, judgement: Judgement, found: Found) -> tuple[int, bool, int]:
    """How far an award is from what was claimed: unlike facets, whether it pays less, by how much."""
    own = judgement.found[0] if judgement.outcome in ("eligible", "not_eligible") else None
    facets = own.award.facets if own else claim.facets
    names = dict.fromkeys((*facets, *found.award.facets))
    unlike = sum(not compatible(facets.get(name), found.award.facets.get(name)) for name in names)
    paid = (own.unit_yuan if own else None) or 0
    offered = found.unit_yuan or 0
    return unlike, offered < paid, abs(offered - paid)


def _rooms(book: RuleBook, applicant: Applicant, judged: Sequence[tuple[Ruling, Judgement]]) -> list[Room]:
    """What is left under each cap of the claims; a project of several awards may leave more and is passed over."""
    counted: dict[tuple[str, str, int | None], list[Found]] = {}
    for ruling, judgement in judged:
        for found in judgement.found:
            if judgement.outcome != "eligible" or found.award.cap is None or ruling.claim.project is not None:
                continue
            cap = book.cap(judgement.policy, found.award.cap)
            obtained = ruling.claim.obtained
            year = obtained.first.year if cap.per == "year" and obtained else None
            counted.setdefault((judgement.policy, cap.id, year), []).append(found)
    return [
        Room(
            policy=policy,
            cap=book.cap(policy, cap),
            year=year,
            received_yuan=applicant.received_yuan.get(cap, 0),
            counted_yuan=tuple(yuan for found in lines for yuan in _units(found)),
            of_cost=any(found.unit_yuan is None for found in lines),
        )
        for (policy, cap, year), lines in counted.items()
    ]


def _units(found: Found) -> list[int]:
    if found.unit_yuan is None:
        return [found.amount_yuan or 0]
    return [found.unit_yuan] * found.quantity
