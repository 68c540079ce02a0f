"""Every award: paid exactly when its conditions are met, and not paid when one of them fails."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal

import pytest

from rules.assessment import Applicant, Claim, RankRange
from rules.calculator import assess
from rules.loader import load_rules
from rules.model import Period, Place
from rules.vocabulary import compatible

BOOK = load_rules()
COST = Decimal("12345.67")
AWARDS = [
    pytest.param(rules, provision, award, id=award.id)
    for rules in BOOK.policies.values()
    for provision, award in rules.awards()
    if award.amount.kind != "no_figure"
]
CONDITIONS = ("beneficiary", "rank", "result", "times", "completed", "before", "after", "place")
# None of these is an association, a park, a company, a laboratory or a person in the eyes of the other side.
STRANGER = {"individual": "enterprise", "group": "enterprise", "association": "individual", "park": "individual"}


def day_in_force(rules):
    return rules.in_force.first_day + timedelta(days=30)


def applicant_for(rules, provision):
    place = next(t.place for t in rules.territories if t.effect == "binding")
    return Applicant(place=place, type=provision.beneficiary[0])


def claim_for(rules, award, **changed):
    """A claim that meets every condition of an award, as one unit."""
    met = {
        "concept": award.concept,
        "facets": award.facets,
        "obtained": Period.day(day_in_force(rules)),
        "rank": RankRange(first=award.rank.first, last=award.rank.first) if award.rank else None,
        "result": award.result.value if award.result else None,
        "times": award.times,
        "cost_yuan": COST if award.amount.kind == "share" else None,
    }
    return Claim(**(met | changed))


def expected_yuan(award):
    if award.amount.kind == "share":
        return int((COST * award.amount.percent / 100).to_integral_value(ROUND_FLOOR))
    return award.amount.yuan


def paid(result):
    """Ids of the awards that a result pays."""
    return [
        found.award.id
        for ruling in result.rulings
        if ruling.judgement and ruling.judgement.outcome == "eligible"
        for found in ruling.judgement.found
    ]


def test_there_are_158_awards():
    assert len(AWARDS) == 158


@pytest.mark.parametrize(("rules", "provision", "award"), AWARDS)
def test_paid_exactly_when_every_condition_is_met(rules, provision, award):
    result = assess(BOOK, applicant_for(rules, provision), [claim_for(rules, award)])
    (line,) = result.assessment.lines
    assert (line.award, line.level, line.clause, line.policy) == (
        award.name,
        award.level,
        provision.clause,
        rules.policy,
    )
    assert (line.amount_yuan, result.assessment.total_yuan) == (expected_yuan(award), expected_yuan(award))
    assert (result.assessment.outcome, result.missing) == ("payable", ())
    assert paid(result) == [award.id]


@pytest.mark.parametrize(("rules", "provision", "award"), AWARDS)
def test_paid_to_each_beneficiary_from_the_first_day_to_the_last(rules, provision, award):
    days = [day for day in (rules.in_force.first_day, rules.in_force.last_day) if day]
    for kind in provision.beneficiary:
        for day in days:
            applicant = applicant_for(rules, provision).model_copy(update={"type": kind})
            claim = claim_for(rules, award, obtained=Period.day(day))
            assert assess(BOOK, applicant, [claim]).assessment.total_yuan == expected_yuan(award), (kind, day)


@pytest.mark.parametrize("concept", [c for p in AWARDS for c in p.values[2].includes])
def test_what_a_clause_includes_is_paid_like_what_it_names(concept):
    for rules, provision, award in (p.values for p in AWARDS if concept in p.values[2].includes):
        result = assess(BOOK, applicant_for(rules, provision), [claim_for(rules, award, concept=concept, facets={})])
        assert (paid(result), result.assessment.total_yuan) == ([award.id], expected_yuan(award))


def broken(condition, rules, provision, award):
    """Applicant and claim that fail one condition and meet every other; None where the award has none such."""
    applicant, claim = applicant_for(rules, provision), claim_for(rules, award)
    day = Period.day
    changed_applicant, changed_claim = {}, {}
    match condition:
        case "beneficiary":
            changed_applicant["type"] = STRANGER.get(provision.beneficiary[0], "group")
        case "rank" if award.rank:
            beyond = award.rank.last + 1 if award.rank.last else award.rank.first - 1
            changed_claim["rank"] = RankRange(first=beyond, last=beyond)
        case "result" if award.result:
            changed_claim["result"] = "良好"
        case "times" if award.times:
            changed_claim["times"] = award.times - 1
        case "completed" if not award.on_approval:
            changed_claim["completed"] = False
        case "before":
            changed_claim["obtained"] = day(min(rules.in_force.first_day, date(2017, 6, 7)) - timedelta(days=1))
        case "after" if rules.in_force.last_day:
            changed_claim["obtained"] = day(date(2023, 2, 11))
        case "place":
            changed_applicant["place"] = Place(province="浙江省", city="杭州市", district="西湖区")
        case _:
            return None
    return applicant.model_copy(update=changed_applicant), claim.model_copy(update=changed_claim)


@pytest.mark.parametrize(("rules", "provision", "award"), AWARDS)
def test_not_paid_when_one_condition_fails(rules, provision, award):
    for condition in CONDITIONS:
        case = broken(condition, rules, provision, award)
        if case is None:
            continue
        result = assess(BOOK, case[0], [case[1]])
        assert award.id not in paid(result), condition
        # 长乐 pays what comes after the third place by another award of the same standard.
        if not (condition == "rank" and rules.policy == "changle-2020"):
            assert not result.assessment.total_yuan, condition
            assert (result.assessment.outcome, result.missing) == ("not_payable", ()), condition


@pytest.mark.parametrize(("rules", "provision", "award"), AWARDS)
def test_not_paid_for_another_of_its_kind(rules, provision, award):
    for facet, own in award.facets.items():
        for value in BOOK.vocabulary.facets[facet].values:
            if compatible(value, own):
                continue
            claim = claim_for(rules, award, facets={**award.facets, facet: value})
            assert award.id not in paid(assess(BOOK, applicant_for(rules, provision), [claim])), value


@pytest.mark.parametrize(("rules", "provision", "award"), AWARDS)
def test_a_condition_that_is_not_known_is_asked_for(rules, provision, award):
    for field, kind in (("rank", "rank"), ("result", "result"), ("times", "times"), ("cost_yuan", "cost")):
        claim = claim_for(rules, award)
        if getattr(claim, field) is None:
            continue
        result = assess(BOOK, applicant_for(rules, provision), [claim.model_copy(update={field: None})])
        condition = {"rank": award.rank, "result": award.result}.get(field)
        if condition is not None and condition.presumed:
            assert result.assessment.total_yuan == expected_yuan(award)
            said = "".join(result.assessment.assumptions)
            assert (award.rank.text if field == "rank" else award.result.value) in said
            continue
        assert [fact.kind for fact in result.missing] == [kind]
        assert result.assessment.total_yuan is None


def test_what_is_paid_on_approval_does_not_wait_for_acceptance():
    found = [case.values for case in AWARDS if case.values[2].on_approval]
    assert {award.concept for _, _, award in found} == {
        "energy-metrology-project",
        "famous-brand-zone",
        "metrology-innovation-base",
        "product-test-center",
        "standard-internationalization-base",
        "standard-internationalization-pilot",
        "testing-research",
    }
    for rules, provision, award in found:
        result = assess(BOOK, applicant_for(rules, provision), [claim_for(rules, award, completed=False)])
        assert (paid(result), result.assessment.total_yuan) == ([award.id], expected_yuan(award))
