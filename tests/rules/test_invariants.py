"""What must hold for every profile, tried on random ones with a fixed seed."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rules.assessment import Applicant, Claim, RankRange
from rules.calculator import assess
from rules.loader import load_rules
from rules.model import Period, Place

BOOK = load_rules()
CONCEPTS = list(BOOK.vocabulary.concepts)
PLACES = [
    None,
    Place(province="浙江省"),
    Place(province="浙江省", city="台州市"),
    Place(province="浙江省", city="台州市", district="椒江区"),
    Place(province="浙江省", city="台州市", district="黄岩区"),
    Place(province="浙江省", city="台州市", district="三门县"),
    Place(province="福建省", city="福州市", district="长乐区"),
    Place(province="福建省", city="福州市", district="鼓楼区"),
    Place(province="浙江省", city="舟山市"),
]
TYPES = [None, None, "enterprise", "enterprise", "organisation", "association", "individual", "institution"]


HOMES = {"taizhou-2017": PLACES[1:6], "taizhou-2021": PLACES[1:6], "changle-2020": PLACES[6:8]}


def random_period(chance, policy):
    """Mostly a day on which the policy holds, else a year or any day."""
    if chance.random() < 0.75:
        period = BOOK.policies[policy].in_force
        return Period.day(period.first_day + timedelta(days=chance.randrange(700)))
    day = date(2017, 1, 1) + timedelta(days=chance.randrange(2700))
    return Period(first=date(day.year, 1, 1), last=date(day.year, 12, 31)) if chance.random() < 0.5 else Period.day(day)


def random_claim(chance, policy):
    """A claim near some award, so that many are paid; a few facts are unknown or wrong."""
    _, award = chance.choice(BOOK.policies[policy].awards())
    concept = award.concept if chance.random() < 0.9 else chance.choice(CONCEPTS)
    allowed = BOOK.vocabulary.concepts[concept].facets
    rank = chance.choice([1, 1, 1, 2, 3, 4])
    return Claim(
        concept=concept,
        facets={f: v for f, v in award.facets.items() if f in allowed} if chance.random() < 0.9 else {},
        obtained=random_period(chance, policy) if chance.random() < 0.95 else None,
        quantity=chance.choice([None, None, 1, 2, 5]),
        rank=RankRange(first=rank, last=rank) if chance.random() < 0.95 else None,
        result=chance.choice(["优秀", "优秀", "被国家采纳", "合格", None]),
        times=chance.choice([3, 3, 2, None]),
        completed=chance.random() < 0.95,
        cost_yuan=Decimal(chance.randrange(1, 50_000_000)) / 100 if chance.random() < 0.95 else None,
        project=chance.choice([None, None, "A", "B"]),
    )


def random_profile(chance):
    policy = chance.choice(list(HOMES))
    caps = [cap.id for rules in BOOK.policies.values() for cap in rules.caps]
    applicant = Applicant(
        place=chance.choice(HOMES[policy] if chance.random() < 0.9 else PLACES),
        type=chance.choice(TYPES),
        received_yuan={cap: chance.choice([0, 50_000, 400_000]) for cap in caps if chance.random() < 0.3},
    )
    claims = [random_claim(chance, policy) for _ in range(chance.choice([1, 2, 2, 3, 5]))]
    if chance.random() < 0.5:
        # One order of filing for each project, known in full.
        position = {"A": 0, "B": 0}
        for index, claim in enumerate(claims):
            if claim.project:
                position[claim.project] += 1
                claims[index] = claim.model_copy(update={"filed": position[claim.project]})
    return applicant, claims


_CHANCE = random.Random(170607)
PROFILES = [random_profile(_CHANCE) for _ in range(2000)]
RESULTS = [(applicant, claims, assess(BOOK, applicant, claims)) for applicant, claims in PROFILES]


def test_the_profiles_reach_every_outcome():
    outcomes = [result.assessment.outcome for _, _, result in RESULTS]
    for outcome in ("payable", "reference_only", "depends", "not_payable", "undetermined"):
        assert outcomes.count(outcome) >= 5, outcome
    assert sum(bool(result.assessment.adjustments) for _, _, result in RESULTS) >= 20


def test_lines_and_adjustments_make_the_total():
    for _, _, result in RESULTS:
        found = result.assessment
        if found.total_yuan is not None:
            lines = sum(line.amount_yuan or 0 for line in found.lines if line.outcome == "eligible")
            assert lines + sum(a.amount_yuan for a in found.adjustments) == found.total_yuan
            assert found.total_yuan >= 0


def test_unit_times_quantity_is_the_amount():
    for _, _, result in RESULTS:
        for line in result.assessment.lines:
            if line.outcome == "eligible" and line.unit_yuan is not None:
                assert line.unit_yuan * line.quantity == line.amount_yuan
            elif line.outcome != "eligible":
                assert not line.amount_yuan
                assert line.unit_yuan is None


def test_adjustments_only_take_away():
    for _, _, result in RESULTS:
        assert all(a.amount_yuan < 0 and a.clause and a.rule for a in result.assessment.adjustments)


def test_the_total_is_open_exactly_while_something_is_missing_or_undecided():
    for _, _, result in RESULTS:
        found = result.assessment
        assert bool(result.missing) == (found.outcome == "undetermined")
        if found.outcome in ("undetermined", "depends"):
            assert found.total_yuan is None
        if found.outcome in ("payable", "reference_only"):
            assert found.total_yuan is not None
            assert found.total_yuan > 0
        if found.outcome == "depends":
            assert len(found.alternatives) >= 2


def test_no_more_than_the_cap_is_paid():
    for applicant, claims, _ in RESULTS:
        for rules in BOOK.policies.values():
            for cap in rules.caps:
                concepts = {award.concept for _, award in rules.awards() if award.cap == cap.id}
                own = [claim for claim in claims if claim.concept in concepts]
                result = assess(BOOK, applicant, own) if own else None
                if result is None or result.assessment.policy != rules.policy:
                    continue
                years = {c.obtained and c.obtained.first.year for c in own} if cap.per == "year" else {None}
                room = max(cap.yuan - applicant.received_yuan.get(cap.id, 0), 0)
                assert (result.assessment.total_yuan or 0) <= room * len(years)


def test_the_order_of_claims_does_not_matter():
    chance = random.Random(1)
    for applicant, claims, result in RESULTS:
        shuffled = chance.sample(claims, len(claims))
        again = assess(BOOK, applicant, shuffled).assessment
        assert (again.outcome, again.total_yuan) == (result.assessment.outcome, result.assessment.total_yuan)
        assert sorted(a.total_yuan for a in again.alternatives) == sorted(
            a.total_yuan for a in result.assessment.alternatives
        )


@pytest.mark.parametrize("day", [date(2018, 6, 1), date(2022, 6, 1)])
def test_an_unrelated_claim_never_lowers_the_total_in_taizhou(day):
    extra = Claim(
        concept="quality-award", facets={"level": "municipal"}, obtained=Period.day(day), project="another project"
    )
    for applicant, claims, result in RESULTS:
        before = result.assessment.total_yuan
        if before is None or applicant.place is None or applicant.place.city != "台州市":
            continue
        after = assess(BOOK, applicant, [*claims, extra])
        if not after.missing:
            assert after.assessment.total_yuan >= before


def test_the_same_question_has_the_same_answer():
    for applicant, claims, result in RESULTS[:100]:
        assert assess(BOOK, applicant, claims) == result


def test_knowing_more_never_asks_for_more():
    """A place that is known is not asked for; a day that is known is not asked for."""
    for applicant, claims, result in RESULTS:
        kinds = {fact.kind for fact in result.missing}
        if applicant.place is not None and applicant.place.district is not None:
            assert "place" not in kinds
        if all(c.obtained and c.obtained.first == c.obtained.last for c in claims):
            assert "date" not in kinds
        for field in ("result", "times", "cost_yuan"):
            if all(getattr(claim, field) is not None for claim in claims):
                assert field.removesuffix("_yuan") not in kinds


def test_every_paid_line_names_its_clause_and_policy(texts):
    for _, _, result in RESULTS:
        for line in result.assessment.lines:
            if line.outcome == "eligible":
                assert (line.policy, line.clause) in texts
        for step in result.assessment.trace:
            if step.quote:
                assert "".join(step.quote.split()) in "".join(texts[(step.policy, step.clause)].split())
