"""One claim against one policy: which award it is, whether its conditions hold, what it pays."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Literal, assert_never

from rules.assessment import Applicant, Claim, MissingFact
from rules.loader import RuleBook
from rules.model import Amount, ApplicantType, Award, Fixed, NoFigure, PerUnit, PolicyRules, Provision, Share
from rules.vocabulary import compatible

# Who else counts as an organisation; an individual does not.
_ORGANISATIONS: tuple[ApplicantType, ...] = (
    "organisation",
    "enterprise",
    "association",
    "park",
    "laboratory",
    "institution",
    "public_institution",
)
# An applicant who does not say what it is may well be one of these, but not one of the others.
_USUAL: tuple[ApplicantType, ...] = ("enterprise", "organisation", "laboratory", "institution", "public_institution")
# 公司 may be a testing institution, 单位 may be anything that is no person.
_MAY_BE_NARROWER: dict[ApplicantType, tuple[ApplicantType, ...]] = {
    "enterprise": ("institution", "laboratory"),
    "organisation": ("enterprise", "association", "park", "laboratory", "institution"),
}
TYPE_LABELS: dict[ApplicantType, str] = {
    "enterprise": "企业", "organisation": "组织", "association": "行业协会", "park": "园区",
    "group": "团体", "individual": "个人", "laboratory": "实验室", "institution": "检测机构",
    "public_institution": "事业单位",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """An award that a claim may be, and how its conditions stand."""

    provision: Provision
    award: Award
    state: Literal["eligible", "not_eligible", "undetermined"]
    reasons: tuple[str, ...] = ()
    missing: tuple[MissingFact, ...] = ()
    quantity: int = 1
    unit_yuan: int | None = None
    amount_yuan: int | None = None
    """What it pays if eligible, before caps; None without a figure or while the base of a share is missing."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one policy says of one claim."""

    policy: str
    outcome: Literal["eligible", "not_eligible", "undetermined", "not_in_policy"]
    found: tuple[Found, ...] = ()
    """The awards paid when eligible (first and further units are two); every candidate otherwise."""
    equivalents: tuple[Found, ...] = ()
    """Other awards that the claim may as well be and that pay the same."""
    missing: tuple[MissingFact, ...] = ()

    @property
    def amount_yuan(self) -> int | None:
        """What the claim pays before caps; 0 when nothing; None while undetermined or without a figure."""
        if self.outcome == "undetermined" or any(f.amount_yuan is None for f in self.found if f.state == "eligible"):
            return None
        return sum(f.amount_yuan or 0 for f in self.found if f.state == "eligible")


def judge(book: RuleBook, rules: PolicyRules, applicant: Applicant, claim: Claim) -> Judgement:
    """What a policy says of a claim.

    Args:
        book: All rules, for the vocabulary.
        rules: The policy.
        applicant: Who claims.
        claim: What was obtained; unknown facts are None.

    Returns:
        Eligible with the awards paid; not eligible with the conditions that failed; undetermined
        with the facts that decide; or not in this policy.
    """
    claim = _with_unmarked(book, rules, applicant, claim)
    candidates = [
        _examine(book, provision, award, applicant, claim)
        for provision, award in rules.by_concept.get(claim.concept, ())
        if _can_be(award, claim)
    ]
    if not candidates:
        return Judgement(policy=rules.policy, outcome="not_in_policy")
    open_ones = [found for found in candidates if found.state != "not_eligible"]
    if not open_ones:
        return Judgement(policy=rules.policy, outcome="not_eligible", found=tuple(_distinct(candidates)))
    first = open_ones[0]
    same = all(
        f.state == "eligible" and (f.amount_yuan, f.unit_yuan) == (first.amount_yuan, first.unit_yuan)
        for f in open_ones
    )
    if same and (first.amount_yuan is not None or isinstance(first.award.amount, NoFigure)):
        paid = _with_further(book, rules, applicant, claim, first)
        return Judgement(policy=rules.policy, outcome="eligible", found=tuple(paid), equivalents=tuple(open_ones[1:]))
    return Judgement(
        policy=rules.policy,
        outcome="undetermined",
        found=tuple(open_ones),
        missing=tuple(_missing_of(book, claim, open_ones)),
    )


def _with_unmarked(book: RuleBook, rules: PolicyRules, applicant: Applicant, claim: Claim) -> Claim:
    """What is meant when nothing is said: 省质量奖 is the award itself; an individual's is the individual one."""
    vocabulary = book.vocabulary
    told = {facet for _, award in rules.by_concept.get(claim.concept, ()) for facet in award.facets}
    added: dict[str, str] = {}
    for name in vocabulary.concepts[claim.concept].facets:
        if name in claim.facets or name not in told:
            continue
        facet = vocabulary.facets[name]
        own = [value for value, entry in facet.values.items() if applicant.type and entry.applicant == applicant.type]
        value = own[0] if own else facet.unmarked
        if value is not None:
            added[name] = value
    return claim.model_copy(update={"facets": {**claim.facets, **added}}) if added else claim


def _can_be(award: Award, claim: Claim) -> bool:
    if award.concept != claim.concept:
        return True
    # Asked of every award of a concept: a generator would cost a tenth of an assessment.
    for facet, value in claim.facets.items():  # noqa: SIM110
        if not compatible(value, award.facets.get(facet)):
            return False
    return True


def _examine(book: RuleBook, provision: Provision, award: Award, applicant: Applicant, claim: Claim) -> Found:
    """Each condition in turn: met, failed with the reason, or missing."""
    failed: list[str] = []
    missing: list[MissingFact] = []
    if not claim.completed and not award.on_approval:
        failed.append("尚未取得（验收、批准或发证还没有完成）")
    _check_beneficiary(provision, applicant, failed, missing)
    if award.rank is not None:
        last = award.rank.last or 10_000
        if claim.rank is None and award.rank.presumed:
            pass
        elif claim.rank is None:
            missing.append(MissingFact(kind="rank", concept=award.concept, choices=(award.rank.text,)))
        elif claim.rank.last < award.rank.first or claim.rank.first > last:
            failed.append(f"起草排名为{claim.rank.label}，条款只奖{award.rank.text}")
        elif claim.rank.first < award.rank.first or claim.rank.last > last:
            missing.append(MissingFact(kind="rank", concept=award.concept, choices=(award.rank.text,)))
    if award.result is not None:
        if claim.result is None and award.result.presumed:
            pass
        elif claim.result is None:
            missing.append(MissingFact(kind="result", concept=award.concept, choices=(award.result.value,)))
        elif claim.result != award.result.value:
            failed.append(f"结果为“{claim.result}”，条款要求“{award.result.value}”")
    elif claim.result in book.vocabulary.failed_results:
        failed.append(f"结果为“{claim.result}”")
    if award.times is not None:
        if claim.times is None:
            missing.append(MissingFact(kind="times", concept=award.concept, choices=(str(award.times),)))
        elif claim.times < award.times:
            failed.append(f"通过 {claim.times} 次，条款要求连续 {award.times} 次")
    quantity, unit, amount = _amount_of(award, claim)
    if isinstance(award.amount, Share) and amount is None and not failed:
        missing.append(MissingFact(kind="cost", concept=award.concept, choices=(award.amount.base,)))
    state = "not_eligible" if failed else "undetermined" if missing else "eligible"
    return Found(
        provision=provision,
        award=award,
        state=state,
        reasons=tuple(failed),
        missing=tuple(missing),
        quantity=quantity,
        unit_yuan=unit,
        amount_yuan=amount,
    )


def _check_beneficiary(
    provision: Provision, applicant: Applicant, failed: list[str], missing: list[MissingFact]
) -> None:
    allowed = set(provision.beneficiary)
    if "organisation" in allowed:
        allowed.update(_ORGANISATIONS)
    if "enterprise" in allowed:  # testing institutions are companies as often as not
        allowed.update(("institution", "laboratory"))
    if applicant.type is None:
        if not allowed.intersection(_USUAL):
            missing.append(MissingFact(kind="beneficiary", choices=(provision.beneficiary_text,)))
    elif (
        applicant.type in _MAY_BE_NARROWER
        and allowed.intersection(_MAY_BE_NARROWER[applicant.type])
        and applicant.type not in allowed
    ):
        missing.append(MissingFact(kind="beneficiary", choices=(provision.beneficiary_text,)))
    elif applicant.type not in allowed:
        failed.append(f"奖励对象是{provision.beneficiary_text}，申报主体是{TYPE_LABELS[applicant.type]}")


def _amount_of(award: Award, claim: Claim) -> tuple[int, int | None, int | None]:
    """Quantity, yuan for each unit, yuan in all; the last two None where they are not known."""
    quantity = 1 if award.once else claim.quantity or 1
    match award.amount:
        case Fixed(yuan=yuan) | PerUnit(yuan=yuan):
            return quantity, yuan, yuan * quantity
        case Share(percent=percent):
            if claim.cost_yuan is None:
                return 1, None, None
            # A part of a yuan is not paid: cut, never rounded up.
            return 1, None, int((claim.cost_yuan * percent / Decimal(100)).to_integral_value(ROUND_DOWN))
        case NoFigure():
            return quantity, None, None
        case _ as never:  # pyright: ignore[reportUnnecessaryComparison]
            assert_never(never)


def amount_figures(amount: Amount) -> list[tuple[str, Decimal]]:
    """The figures that an amount states: ``yuan`` or ``%`` with the value; none without a figure."""
    match amount:
        case Fixed(yuan=yuan) | PerUnit(yuan=yuan):
            return [("yuan", Decimal(yuan))]
        case Share(percent=percent):
            return [("%", percent)]
        case NoFigure():
            return []
        case _ as never:  # pyright: ignore[reportUnnecessaryComparison]
            assert_never(never)


def _with_further(book: RuleBook, rules: PolicyRules, applicant: Applicant, claim: Claim, first: Found) -> list[Found]:
    """First and further units of one award at different prices are two lines."""
    if first.award.further is None or first.quantity == 1:
        return [first]
    provision, award = next((p, a) for p, a in rules.awards() if a.id == first.award.further)
    rest = claim.model_copy(update={"quantity": first.quantity - 1})
    one = _examine(book, first.provision, first.award, applicant, claim.model_copy(update={"quantity": 1}))
    return [one, _examine(book, provision, award, applicant, rest)]


def _missing_of(book: RuleBook, claim: Claim, found: list[Found]) -> list[MissingFact]:
    """The facts on which the candidates part, facets first, each with the choices the rules know."""
    facts: list[MissingFact] = []
    vocabulary = book.vocabulary
    for facet in vocabulary.concepts[claim.concept].facets:
        by_value: dict[str, set[int | None]] = {}
        for one in found:
            if facet in one.award.facets:
                by_value.setdefault(one.award.facets[facet], set()).add(one.amount_yuan)
        known = claim.facets.get(facet)
        if len(by_value) < 2 or known in by_value or len(set(map(frozenset, by_value.values()))) == 1:
            continue
        labels = tuple(vocabulary.label(facet, value) for value in by_value)
        facts.append(MissingFact(kind="facet", concept=claim.concept, facet=facet, choices=labels))
    # 团体 or 个人 says who claims as well: one question is enough.
    tells = any(vocabulary.facets[f.facet].tells_applicant for f in facts if f.facet)
    for one in found:
        for fact in one.missing:
            if tells and fact.kind == "beneficiary":
                continue
            twin = next((f for f in facts if (f.kind, f.concept) == (fact.kind, fact.concept)), None)
            if twin is None:
                facts.append(fact)
            elif not set(fact.choices) <= set(twin.choices):
                facts[facts.index(twin)] = twin.model_copy(update={"choices": (*twin.choices, *fact.choices)})
    return facts


def _distinct(found: list[Found]) -> list[Found]:
    """Candidates that fail for the same reasons say it once, unless none has a reason."""
    seen: set[tuple[str, ...]] = set()
    kept: list[Found] = []
    for one in found:
        if one.reasons not in seen:
            seen.add(one.reasons)
            kept.append(one)
    return kept
