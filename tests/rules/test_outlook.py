"""What it would take, from the rules alone: conditions, other awards, room under caps, orders of filing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rules.assessment import Applicant, Claim, RankRange
from rules.calculator import assess
from rules.model import Period, Place
from rules.outlook import NEAREST, filing, outlook

JIAOJIANG = Place(province="浙江省", city="台州市", district="椒江区")
CHANGLE = Place(province="福建省", city="福州市", district="长乐区")
NEW, OLD = Period.day(date(2022, 6, 1)), Period.day(date(2019, 6, 1))


def looked(book, *claims, place=JIAOJIANG, kind="enterprise", received=None):
    applicant = Applicant(place=place, type=kind, received_yuan=received or {})
    return outlook(book, applicant, assess(book, applicant, claims))


def filed(book, *claims, place=JIAOJIANG):
    applicant = Applicant(place=place, type="enterprise")
    return filing(book, applicant, assess(book, applicant, claims))


def claim(concept, obtained=NEW, **known):
    facets = {name: known.pop(name) for name in list(known) if name not in Claim.model_fields}
    return Claim(concept=concept, facets=facets, obtained=obtained, **known)


def rank(place):
    return RankRange(first=place, last=place)


def names(found):
    return [(one.found.award.id, one.found.unit_yuan) for one in found.nearest]


# ------------------------------------------------------------------ conditions that failed
@pytest.mark.parametrize(
    ("claimed", "place", "conditions", "yuan"),
    [
        (claim("standard-drafting", standard="national", rank=rank(2)), JIAOJIANG, "排名第一（第一起草单位）", 200000),
        (claim("standard-drafting", standard="group", rank=rank(4)), CHANGLE, "排名前三位", 50000),
        (
            claim("standardization-pilot", sector="industry", level="municipal", result="良好"),
            JIAOJIANG,
            "结果为“优秀”",
            100000,
        ),
        (claim("green-food", times=2), JIAOJIANG, "连续 3 次通过", 100000),
        (
            claim("quality-award", level="national", tier="main", completed=False),
            JIAOJIANG,
            "正式取得（通过验收、批准或发证）",
            1500000,
        ),
    ],
)
def test_a_condition_that_failed_is_named_with_what_it_would_pay(book, claimed, place, conditions, yuan):
    (unmet,) = looked(book, claimed, place=place).unmet
    assert (unmet.conditions, unmet.found.amount_yuan) == ((conditions,), yuan)


def test_the_wrong_applicant_is_told_who_could(book):
    (unmet,) = looked(book, claim("regional-brand", obtained=OLD)).unmet
    assert unmet.conditions == ("申报主体是行业协会、园区",)
    assert unmet.found.amount_yuan == 300000


def test_several_conditions_are_all_named(book):
    claimed = claim("standard-drafting", standard="national", rank=rank(2), completed=False)
    (unmet,) = looked(book, claimed).unmet
    assert len(unmet.conditions) == 2


@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_condition_that_holds_is_not_wanting(book, place):
    found = looked(book, claim("standard-drafting", standard="national", rank=rank(place)), place=CHANGLE)
    assert not found.unmet


# ------------------------------------------------------------------ other awards
def test_the_most_alike_come_first_and_more_before_less(book):
    found = looked(book, claim("quality-award", level="national", tier="nomination"))
    assert names(found)[0] == ("tz21-china-quality-award", 1500000)
    assert {yuan for _, yuan in names(found)} == {1500000, 1000000, 500000, 300000}


def test_what_was_claimed_is_not_offered_again(book):
    found = looked(book, claim("quality-award", level="national", tier="main"))
    assert "tz21-china-quality-award" not in dict(names(found))


def test_what_pays_by_the_unit_pays_for_one_more(book):
    found = looked(book, claim("drug-registration", drug="new/innovative", quantity=3))
    assert names(found)[0] == ("tz21-innovative-drug", 1000000)
    assert [one.again for one in found.nearest] == [True, False, False]


def test_no_more_than_can_be_taken_in(book):
    found = looked(book, claim("standard-drafting", standard="national", rank=rank(1)))
    assert len(found.nearest) == NEAREST
    assert names(found)[0] == ("tz21-standard-international", 1000000)


def test_what_the_applicant_cannot_have_is_not_offered(book):
    found = looked(book, claim("quality-award", level="municipal", tier="main", obtained=OLD))
    assert all("individual" not in one.found.provision.beneficiary for one in found.nearest)


def test_the_policy_of_the_date_counts(book):
    found = looked(book, claim("quality-award", level="national", tier="nomination", obtained=OLD))
    assert {one.policy for one in found.nearest} == {"taizhou-2017"}
    assert ("tz21-china-quality-award", 1500000) not in names(found)


def test_no_policy_gives_no_outlook(book):
    found = looked(book, claim("quality-award", level="national"), place=Place(province="浙江省", city="杭州市"))
    assert (found.unmet, found.nearest, found.rooms) == ((), (), ())


# ------------------------------------------------------------------ caps
@pytest.mark.parametrize(("received", "left"), [(0, 400000), (300000, 100000), (400000, 0), (500000, 0)])
def test_what_a_cap_leaves(book, received, left):
    (room,) = looked(book, claim("pinzibiao", certificate="self"), received={"pinzibiao": received}).rooms
    assert room.left_yuan == left


def test_a_cap_that_is_used_up_offers_nothing(book):
    claimed = claim("pinzibiao", certificate="self")
    assert names(looked(book, claimed, received={"pinzibiao": 399999}))
    assert not names(looked(book, claimed, received={"pinzibiao": 400000}))


def test_first_and_further_units_count_one_by_one(book):
    (room,) = looked(book, claim("zhejiang-made-certification", unit="first", obtained=OLD, quantity=3)).rooms
    assert (room.counted_yuan, room.left_yuan) == ((200000, 100000, 100000), 100000)


def test_a_yearly_cap_is_that_of_the_year(book):
    claimed = claim("international-registration-fee", obtained=OLD, cost_yuan=Decimal(120000))
    (room,) = looked(book, claimed).rooms
    assert (room.year, room.left_yuan, room.of_cost) == (2019, 20000, True)


# ------------------------------------------------------------------ the order of filing
PILOTS = ("national", "provincial")


def pilots(**known):
    return [claim("standardization-pilot", sector="industry", level=level, **known) for level in PILOTS]


def totals(found):
    return [order.total_yuan for order in found.orders]


def test_the_order_that_pays_most_comes_first(book):
    found = filed(book, *reversed(pilots(project="A")))
    assert (totals(found), found.presumed) == ([500000, 200000], False)


def test_an_order_that_was_said_is_opened_again(book):
    first, second = pilots(project="A")
    told = [first.model_copy(update={"filed": 2}), second.model_copy(update={"filed": 1})]
    assert totals(filed(book, *told)) == [500000, 200000]


def test_claims_of_no_project_are_tried_as_one(book):
    found = filed(book, *pilots())
    assert (totals(found), found.presumed) == ([500000, 200000], True)


def test_the_other_projects_are_part_of_each_total(book):
    found = filed(book, *pilots(project="A"), claim("laboratory-accreditation"))
    assert totals(found) == [600000, 300000]


@pytest.mark.parametrize(("place", "obtained", "rule"), [(JIAOJIANG, OLD, "best"), (CHANGLE, NEW, "highest_of_year")])
def test_under_another_rule_the_order_does_not_matter(book, place, obtained, rule):
    found = filed(book, *pilots(project="A", obtained=obtained), place=place)
    assert (found.rule.rule, found.orders) == (rule, ())


def test_orders_that_pay_the_same_do_not_matter(book):
    same = [claim("pinzibiao", certificate=kind, project="A") for kind in ("first", "review")]
    assert filed(book, *same).orders == ()


def test_one_claim_has_no_order(book):
    assert filed(book, claim("laboratory-accreditation")) is None
