"""Non-duplication and caps, against a second, simpler reading of the same clauses."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from worked_examples import applicant_of, claim_of

from rules.assessment import Applicant, Claim
from rules.calculator import assess
from rules.judgement import judge
from rules.model import Period
from rules.stacking import Payable, reduce

JIAOJIANG = applicant_of("台州市椒江区", "企业")
CHANGLE = applicant_of("福州市长乐区", "企业")
PILOT = "标准化试点（示范）项目"


def pilots(day, *levels, **others):
    return [claim_of(PILOT, ["工业", level], day, **others) for level in levels]


def totals(assessment):
    return sorted(alternative.total_yuan for alternative in assessment.alternatives)


# ------------------------------------------------------------------ one project
def test_an_unknown_order_of_filing_gives_every_order_its_total(book):
    claims = [
        *pilots("2022-06-01", "国家级", "省级", project="A"),
        claim_of("中国绿色产品认证", obtained="2022-06-01", project="A"),
        claim_of("政府质量奖", ["市级"], "2022-06-01"),
    ]
    result = assess(book, JIAOJIANG, claims).assessment
    assert (result.outcome, result.total_yuan, result.adjustments) == ("depends", None, [])
    assert totals(result) == [600000, 700000, 1000000]
    assert {"国家级" in a.reading for a in result.alternatives} == {True, False}


@pytest.mark.parametrize("first", [0, 1, 2])
def test_whatever_was_filed_first_is_paid(book, first):
    claims = [
        *pilots("2022-06-01", "国家级", "省级", project="A"),
        claim_of("中国绿色产品认证", obtained="2022-06-01", project="A"),
    ]
    claims = [c.model_copy(update={"filed": 1 if i == first else 2}) for i, c in enumerate(claims)]
    result = assess(book, JIAOJIANG, claims).assessment
    assert result.total_yuan == [500000, 200000, 100000][first]
    assert [a.clause for a in result.adjustments] == ["五", "五"]


def test_the_order_of_filing_does_not_matter_for_the_best(book):
    for filed in (1, 2):
        claims = [
            claim.model_copy(update={"filed": order})
            for claim, order in zip(
                pilots("2018-06-01", "国家级", "省级", project="A"), (filed, 3 - filed), strict=True
            )
        ]
        assert assess(book, JIAOJIANG, claims).assessment.total_yuan == 500000


def test_an_award_that_is_not_paid_does_not_stand_in_the_way(book):
    claims = [
        claim_of("制定标准", ["国家标准"], "2022-06-01", rank=2, project="A", filed=1),
        claim_of("政府质量奖", ["市级"], "2022-06-01", project="A", filed=2),
    ]
    assert assess(book, JIAOJIANG, claims).assessment.total_yuan == 500000


def test_claims_without_a_project_are_projects_of_their_own(book):
    assert assess(book, JIAOJIANG, pilots("2022-06-01", "国家级", "省级")).assessment.total_yuan == 700000


def test_totals_of_the_orders_of_filing_respect_caps(book):
    claims = [
        *pilots("2022-06-01", "国家级", "省级", project="A"),
        claim_of("“品字标”证书", ["首张认证证书"], "2022-06-01"),
    ]
    applicant = applicant_of("台州市椒江区", "企业", {"pinzibiao": 400000})
    assert totals(assess(book, applicant, claims).assessment) == [300000, 600000]


def test_two_projects_of_unknown_order_give_only_totals_that_can_be_paid(book):
    claims = pilots("2022-06-01", "国家级", "省级", project="A") + pilots("2022-06-01", "国家级", "省级", project="B")
    assert set(totals(assess(book, JIAOJIANG, claims).assessment)) == {400000, 700000, 1000000}


def test_totals_of_the_orders_of_filing_respect_a_project_whose_order_is_known(book):
    known = pilots("2022-06-01", "国家级", "省级", project="B")
    claims = pilots("2022-06-01", "国家级", "省级", project="A") + [
        claim.model_copy(update={"filed": order}) for order, claim in enumerate(known, 1)
    ]
    assert totals(assess(book, JIAOJIANG, claims).assessment) == [700000, 1000000]


def test_awards_of_one_name_are_told_apart_by_what_they_pay(book):
    claims = [claim_of("药品注册证书", ["创新药"], "2022-06-01", quantity=quantity, project="A") for quantity in (1, 2)]
    assert totals(assess(book, JIAOJIANG, claims).assessment) == [1000000, 2000000]


def test_equal_awards_of_which_one_is_capped_depend_on_the_order_of_filing(book):
    applicant = applicant_of("台州市椒江区", "企业", {"pinzibiao": 500000})
    claims = [
        claim_of("“品字标”证书", ["自我声明"], "2022-06-01", project="A"),
        claim_of("中国绿色产品认证", obtained="2022-06-01", project="A"),
    ]
    for listed in (claims, claims[::-1]):
        result = assess(book, applicant, listed).assessment
        assert (result.outcome, totals(result)) == ("depends", [0, 100000])


def test_nothing_depends_on_the_order_when_every_order_pays_the_same(book):
    applicant = applicant_of("台州市椒江区", "企业", {"pinzibiao": 500000})
    claims = [
        claim_of("“品字标”证书", [certificate], "2022-06-01", project="A")
        for certificate in ("首张认证证书", "自我声明")
    ]
    result = assess(book, applicant, claims).assessment
    assert (result.outcome, result.total_yuan) == ("not_payable", 0)


# ------------------------------------------------------------------ 长乐: highest of the year
def changle(*claims):
    made = {
        "quality": lambda day: claim_of("政府质量奖", ["省级"], day),
        "city": lambda day: claim_of("政府质量奖", ["市级"], day),
        "national": lambda day: claim_of("制定标准", ["国家标准"], day, rank=1),
        "pilot": lambda day: claim_of(PILOT, ["省级"], day),
        "measuring": lambda day: claim_of("测量管理体系认证", None, day),
    }
    return [made[name](day) for name, day in claims]


@pytest.mark.parametrize(
    ("claims", "total", "others"),
    [
        ([("quality", "2022-01-01"), ("national", "2022-12-31")], 1000000, [1300000]),
        ([("quality", "2022-12-31"), ("national", "2023-01-01")], 1300000, []),
        ([("national", "2022-03-01"), ("pilot", "2022-04-01")], 300000, [450000]),
        ([("quality", "2022-03-01"), ("city", "2022-04-01")], 1000000, []),
        ([("quality", "2022-03-01"), ("measuring", "2022-04-01")], 1030000, []),
        ([("quality", "2022-03-01"), ("city", "2022-04-01"), ("national", "2022-05-01"), ("pilot", "2022-05-01")],
         1000000, [1300000, 1450000]),
        ([("quality", "2022-03-01"), ("national", "2022-05-01"), ("national", "2023-05-01"), ("pilot", "2023-05-01")],
         1300000, [1600000, 1750000]),
    ],
)  # fmt: skip
def test_strictest_reading_is_the_total_and_the_others_are_named(book, claims, total, others):
    result = assess(book, CHANGLE, changle(*claims)).assessment
    assert (result.outcome, result.total_yuan, totals(result)) == ("payable", total, others)
    assert all(adjustment.clause == "三/（二）/末段" for adjustment in result.adjustments)


def test_no_reading_pays_less_than_the_total(book):
    names = ("quality", "city", "national", "pilot", "measuring")
    for first, second, third in product(names, repeat=3):
        claims = changle((first, "2022-01-01"), (second, "2022-05-01"), (third, "2022-09-01"))
        result = assess(book, CHANGLE, claims).assessment
        assert all(alternative.total_yuan > result.total_yuan for alternative in result.alternatives)


def test_only_the_items_that_the_rule_names_are_pooled(book):
    """三/（二）/10 would not be item 1, nor 三/（二）/30 item 3."""
    rules = book.policies["changle-2020"]
    provision, award = rules.awards()[0]
    claim = Claim(concept=award.concept, obtained=Period.day(date(2022, 1, 1)))

    def line(clause):
        return Payable(
            policy=rules.policy,
            clause=clause,
            award=award,
            claim=claim,
            quantity=1,
            unit_yuan=100000,
            amount_yuan=100000,
        )

    inside = [provision.clause, "三/（二）/3", "三/（二）/3/（7）"]
    for clause in ("三/（二）/10", "三/（二）/30", "三/（二）/2", "三/（二）/4", "三/（一）/1"):
        assert reduce(book, Applicant(), [line(clause), line(provision.clause)]).adjustments == (), clause
    for clause in inside:
        assert len(reduce(book, Applicant(), [line(clause), line(provision.clause)]).adjustments) == 1, clause


# ------------------------------------------------------------------ brute force over small random inputs
def kept_of_project(rule, lines, pool):
    """Which line of one project is paid, its order of filing being known."""
    amounts = [lines[i].amount_yuan for i in pool]
    if rule == "best":
        return pool[amounts.index(max(amounts))]
    return next(i for i in pool if lines[i].claim.filed == 1)


def expected(book, policy, lines, received):
    """Total by a plain reading of the clauses, every order of filing being known."""
    rules = book.policies[policy]
    years = [line.claim.obtained.first.year for line in lines]
    left = [line.amount_yuan for line in lines]
    if policy == "changle-2020":
        pooled = [line.clause == "三/（二）/1" or line.clause.startswith("三/（二）/3/") for line in lines]
        for year in set(years):
            pool = [i for i in range(len(lines)) if pooled[i] and years[i] == year]
            for i in pool:
                left[i] = 0
            if pool:
                left[pool[0]] = max(lines[i].unit_yuan for i in pool)
    for project in {line.claim.project for line in lines} - {None}:
        pool = [i for i, line in enumerate(lines) if line.claim.project == project]
        kept = kept_of_project(rules.non_stacking.rule, lines, pool)
        for i in pool:
            left[i] = left[i] if i == kept else 0
    total = sum(left)
    for cap in rules.caps:
        groups: dict[int, int] = {}
        for line, amount, year in zip(lines, left, years, strict=True):
            if line.award.cap == cap.id:
                key = year if cap.per == "year" else 0
                groups[key] = groups.get(key, 0) + amount
        room = max(cap.yuan - received[cap.id], 0)
        total -= sum(max(amount - room, 0) for amount in groups.values())
    return total


def every_order(book, policy, lines, received):
    """Totals of all orders of filing that are possible; one where the order is known or does not matter."""
    if book.policies[policy].non_stacking.rule != "first_filed":
        return {expected(book, policy, lines, received)}
    open_projects = [
        [i for i, line in enumerate(lines) if line.claim.project == project]
        for project in {line.claim.project for line in lines} - {None}
        if not any(line.claim.filed == 1 for line in lines if line.claim.project == project)
    ]
    found = set()
    for firsts in product(*open_projects):
        filed = [
            replace(line, claim=line.claim.model_copy(update={"filed": 1})) if i in firsts else line
            for i, line in enumerate(lines)
        ]
        found.add(expected(book, policy, filed, received))
    return found


def random_line(rules, chance, orders):
    capped = [(p, a) for p, a in rules.awards() if a.cap]
    provision, award = chance.choice(capped if capped and chance.random() < 0.5 else rules.awards())
    quantity, unit = chance.choice([1, 1, 1, 2, 3]), chance.choice([30000, 50000, 100000, 200000, 500000])
    project = None if rules.non_stacking.rule == "highest_of_year" else chance.choice([None, "A", "B"])
    return Payable(
        policy=rules.policy,
        clause=provision.clause,
        award=award,
        claim=Claim(
            concept=award.concept,
            obtained=Period.day(date(chance.choice([2021, 2022]), chance.randint(1, 12), 5)),
            project=project,
            # One order of filing a project, as far as it is known.
            filed=orders[project].pop() if project else None,
        ),
        quantity=quantity,
        unit_yuan=unit,
        amount_yuan=unit * quantity,
    )


@pytest.mark.parametrize("policy", ["taizhou-2017", "taizhou-2021", "changle-2020"])
def test_agrees_with_a_plain_reading(book, policy):
    chance = random.Random(20210211)
    rules = book.policies[policy]
    seen = set()
    for _ in range(400):
        orders = {}
        for project in "AB":
            orders[project] = chance.sample([1, 2, 3, 4], 4) if chance.random() < 0.6 else [None] * 4
        lines = [random_line(rules, chance, orders) for _ in range(chance.randint(1, 4))]
        received = {cap.id: chance.choice([0, 30000, cap.yuan, cap.yuan + 1]) for cap in rules.caps}
        reduced = reduce(book, Applicant(received_yuan=received), lines)
        possible = every_order(book, policy, lines, received)
        paid = sum(line.amount_yuan for line in lines) + sum(a.amount_yuan for a in reduced.adjustments)
        assert reduced.depends == (len(possible) > 1)
        if reduced.depends:
            assert {alternative.total_yuan for alternative in reduced.alternatives} == possible
        else:
            assert {paid} == possible
            assert all(adjustment.amount_yuan < 0 for adjustment in reduced.adjustments)
        seen.add((reduced.depends, bool(reduced.adjustments)))
    # Enough was drawn to see every outcome: reduced, not reduced, and open for the policy that asks who filed first.
    assert {(False, True), (False, False)} <= seen
    assert any(open_order for open_order, _ in seen) == (policy == "taizhou-2021")


def test_policies_do_not_reduce_each_other(book):
    claims = pilots("2018-06-01", "国家级", project="A") + pilots("2022-06-01", "国家级", project="A")
    assert assess(book, JIAOJIANG, claims).assessment.total_yuan == 1000000


def test_nothing_to_reduce(book):
    reduced = reduce(book, Applicant(), [])
    assert (reduced.adjustments, reduced.alternatives, reduced.depends) == ((), (), False)


def test_a_cap_says_what_was_received_before(book):
    applicant = applicant_of("台州市椒江区", "企业", {"pinzibiao": 450000})
    result = assess(book, applicant, [claim_of("“品字标”证书", ["首张认证证书"], "2022-06-01")])
    assert "此前已领 45 万元" in result.assessment.adjustments[0].rule


def test_first_and_further_units_share_one_ceiling(book):
    rules = book.policies["taizhou-2017"]
    claim = claim_of("“浙江制造”产品认证", ["首个"], quantity=9)
    assert judge(book, rules, Applicant(), claim).amount_yuan == 1000000
    dated = claim.model_copy(update={"obtained": Period.day(date(2019, 1, 1))})
    assert assess(book, JIAOJIANG, [dated]).assessment.total_yuan == 500000
