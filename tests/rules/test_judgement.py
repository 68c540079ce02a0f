"""One claim against one policy, without place and date."""

from __future__ import annotations

from decimal import Decimal

import pytest
from worked_examples import claim_of, examples

from rules.assessment import Applicant
from rules.judgement import amount_figures, judge
from rules.model import Fixed, NoFigure, PerUnit, PolicyRules, Share

ENTERPRISE = Applicant(type="enterprise")

# With one claim under one policy and nothing to reduce, the judgement is the whole of the assessment.
SIMPLE = [
    example
    for example in examples()
    if example.gold.policy or example.case.startswith(("2021-", "2017-", "changle-"))
    if len(example.claims) == 1 and example.claims[0].obtained is not None
    if not example.gold.adjustments and "date" not in example.gold.missing
    if example.gold.total is not None or example.gold.missing
    if not example.case.endswith(("-without-month", "-february"))
]


def policy_of(example):
    if example.case.startswith("changle-"):
        return "changle-2020"
    year = example.claims[0].obtained.first.year
    return example.gold.policy or ("taizhou-2017" if year < 2021 else "taizhou-2021")


@pytest.mark.parametrize("example", SIMPLE, ids=[example.case for example in SIMPLE])
def test_worked_example_as_the_policy_sees_it(book, example):
    judgement = judge(book, book.policies[policy_of(example)], example.applicant, example.claims[0])
    missing = sorted(example.gold.missing)
    assert sorted(fact.facet or fact.kind for fact in judgement.missing) == missing, example.why
    assert (judgement.outcome == "undetermined") == bool(missing)
    assert judgement.amount_yuan == example.gold.total, example.why


def test_enough_examples_are_simple():
    assert len(SIMPLE) >= 60


def found_ids(judgement):
    return [found.award.id for found in judgement.found]


def test_other_awards_of_the_same_amount_are_named_beside_the_one_that_pays(book):
    claim = claim_of("药品注册证书", ["新药"])
    judgement = judge(book, book.policies["taizhou-2021"], ENTERPRISE, claim)
    assert found_ids(judgement) == ["tz21-innovative-drug"]
    assert [found.award.id for found in judgement.equivalents] == ["tz21-improved-drug"]


def test_first_and_further_units_are_two_lines(book):
    claim = claim_of("“浙江制造”产品认证", ["首个"], quantity=3)
    judgement = judge(book, book.policies["taizhou-2017"], ENTERPRISE, claim)
    assert [(f.quantity, f.unit_yuan, f.amount_yuan) for f in judgement.found] == [
        (1, 200000, 200000),
        (2, 100000, 200000),
    ]


def test_every_candidate_of_an_open_question_is_kept(book):
    judgement = judge(book, book.policies["taizhou-2021"], ENTERPRISE, claim_of("“品字标”证书"))
    assert found_ids(judgement) == ["tz21-pinzibiao-first", "tz21-pinzibiao-review", "tz21-pinzibiao-self"]
    assert judgement.amount_yuan is None


def test_reasons_that_are_the_same_are_said_once(book):
    claim = claim_of("制定标准", ["地方标准"], rank=2)
    judgement = judge(book, book.policies["taizhou-2021"], ENTERPRISE, claim)
    assert len(judgement.found) == 1
    assert judgement.amount_yuan == 0


def test_several_conditions_that_fail_are_all_said(book):
    claim = claim_of("制定标准", ["国家标准"], rank=2, completed=False)
    judgement = judge(book, book.policies["taizhou-2021"], Applicant(type="individual"), claim)
    assert len(judgement.found[0].reasons) == 3


def test_a_failed_condition_settles_the_claim_though_another_is_unknown(book):
    claim = claim_of("标准化试点（示范）项目", ["市级"])
    judgement = judge(book, book.policies["taizhou-2021"], Applicant(type="individual"), claim)
    assert (judgement.outcome, judgement.missing) == ("not_eligible", ())


@pytest.mark.parametrize(("first", "last"), [(1, 2), (2, 3), (1, 99)])
def test_a_rank_between_two_is_within_the_condition_only_as_a_whole(book, first, last):
    claim = claim_of("制定标准", ["团体标准"], rank=[first, last])
    judgement = judge(book, book.policies["changle-2020"], ENTERPRISE, claim)
    assert judgement.outcome == ("eligible" if last <= 3 else "undetermined")


@pytest.mark.parametrize(
    ("first", "last", "outcome"), [(3, 3, "not_eligible"), (3, 4, "undetermined"), (4, 9, "eligible")]
)
def test_a_rank_that_reaches_below_the_condition_is_open_too(book, first, last, outcome):
    """Without the award for the first three, only the one from the fourth place on is left."""
    rules = book.policies["changle-2020"]
    later = tuple(p for p in rules.provisions if p.awards[0].id == "cl20-standard-international-join")
    rules = PolicyRules.model_validate({**rules.model_dump(), "provisions": [p.model_dump() for p in later]})
    claim = claim_of("制定标准", ["国家标准"], rank=[first, last])
    assert judge(book, rules, ENTERPRISE, claim).outcome == outcome


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("enterprise", "eligible"),
        ("institution", "eligible"),  # testing institutions are companies as often as not
        ("laboratory", "eligible"),
        ("organisation", "undetermined"),  # 单位 may be an enterprise
        (None, "eligible"),
        ("association", "not_eligible"),
        ("park", "not_eligible"),
        ("individual", "not_eligible"),
        ("group", "not_eligible"),
        ("public_institution", "not_eligible"),
    ],
)
def test_who_counts_as_an_enterprise(book, kind, outcome):
    judgement = judge(book, book.policies["taizhou-2021"], Applicant(type=kind), claim_of("中国绿色产品认证"))
    assert judgement.outcome == outcome


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("organisation", "eligible"),
        ("association", "eligible"),
        ("public_institution", "eligible"),
        (None, "eligible"),
        ("individual", "not_eligible"),
    ],
)
def test_who_counts_as_an_organisation(book, kind, outcome):
    judgement = judge(book, book.policies["taizhou-2021"], Applicant(type=kind), claim_of("农产品地理标志"))
    assert judgement.outcome == outcome


@pytest.mark.parametrize(("kind", "amount"), [("individual", 50000), ("group", 100000)])
def test_the_applicant_tells_which_contribution_award_it_is(book, kind, amount):
    claim = claim_of("政府质量奖", ["省级", "贡献奖"])
    assert judge(book, book.policies["taizhou-2017"], Applicant(type=kind), claim).amount_yuan == amount


@pytest.mark.parametrize(
    ("cost", "paid"),
    [
        ("0.01", 0),
        ("1", 0),
        ("1.99", 0),
        ("2", 1),
        ("99999.99", 49999),
        ("100000", 50000),
        ("12345678901.50", 6172839450),
    ],
)
def test_a_share_is_cut_to_whole_yuan_without_binary_rounding(book, cost, paid):
    claim = claim_of("检验检测设备研制和检测方法研究科研项目", cost=cost)
    judgement = judge(book, book.policies["taizhou-2017"], ENTERPRISE, claim)
    assert (judgement.amount_yuan, type(judgement.amount_yuan)) == (paid, int)
    assert judgement.found[0].unit_yuan is None


@pytest.mark.parametrize(
    ("amount", "figures"),
    [
        (Fixed(yuan=400000), [("yuan", Decimal(400000))]),
        (PerUnit(yuan=100000, unit="项"), [("yuan", Decimal(100000))]),
        (Share(percent=Decimal(50), base="费用"), [("%", Decimal(50))]),
        (NoFigure(), []),
    ],
)
def test_figures_that_an_amount_states(amount, figures):
    assert amount_figures(amount) == figures


def test_a_policy_without_awards_has_nothing(book):
    judgement = judge(book, book.policies["sanmen-145"], Applicant(), claim_of("政府质量奖", ["省级"]))
    assert (judgement.outcome, judgement.amount_yuan) == ("not_in_policy", 0)
