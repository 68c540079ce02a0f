"""Worked examples from claim to total: the table of ``evals/cases/profiles*.yaml``."""

from __future__ import annotations

import pytest
from worked_examples import applicant_of, as_parameters, claim_of, examples

from evals.evaluators.profiles import compare
from rules.assessment import Applicant
from rules.calculator import ASSUME_DATE, ASSUME_NOT_RECEIVED, assess

EXAMPLES = examples()


def test_examples_are_many_and_each_has_its_own_name():
    assert len({example.case for example in EXAMPLES}) == len(EXAMPLES) >= 60


@pytest.mark.parametrize("example", as_parameters(EXAMPLES))
def test_worked_example(book, example):
    findings = compare(example.gold, assess(book, example.applicant, example.claims))
    assert {name: f.reason for name, f in findings.items() if not f.value} == {}, example.why


def test_every_kind_of_amount_and_condition_has_an_example(book):
    """The table is complete only while each kind is paid by one example at least."""
    paid = [
        found
        for example in EXAMPLES
        for ruling in assess(book, example.applicant, example.claims).rulings
        if ruling.judgement and ruling.judgement.outcome == "eligible"
        for found in ruling.judgement.found
    ]
    assert {found.award.amount.kind for found in paid} == {"fixed", "per_unit", "share", "no_figure"}
    assert {cap.id for rules in book.policies.values() for cap in rules.caps} == {
        found.award.cap for found in paid if found.award.cap
    }
    for condition in ("rank", "result", "times", "further"):
        assert any(getattr(found.award, condition) for found in paid), condition


def test_no_claim_is_an_error(book):
    with pytest.raises(ValueError, match="at least one claim"):
        assess(book, Applicant(), [])


def test_lines_name_award_policy_clause_and_date_of_their_own(book):
    result = assess(
        book,
        applicant_of("台州市椒江区", "企业"),
        [
            claim_of("政府质量奖", ["省级"], "2018-06-01"),
            claim_of("药品注册证书", ["创新药"], "2022-03", quantity=2),
        ],
    )
    first, second = result.assessment.lines
    assert (first.award, first.policy, first.clause, first.obtained_on) == (
        "浙江省政府质量奖", "taizhou-2017", "二/（四）", "2018-06-01",
    )  # fmt: skip
    assert (second.award, second.policy, second.clause, second.obtained_on) == (
        "创新药", "taizhou-2021", "三/（二）/3", "2022-03",
    )  # fmt: skip
    assert (second.quantity, second.unit_yuan, second.amount_yuan) == (2, 1000000, 2000000)
    assert (result.assessment.policy, result.assessment.obtained_on) == (None, None)
    assert result.assessment.region == "台州市椒江区"


def test_a_line_that_is_not_paid_says_why(book):
    def reason(applicant, claim):
        return "；".join(assess(book, applicant, [claim]).assessment.lines[0].reasons)

    jiaojiang = applicant_of("台州市椒江区", "企业")
    assert "第 2 位" in reason(jiaojiang, claim_of("制定标准", ["国家标准"], "2022-06-01", rank=2))
    assert "优秀" in reason(
        jiaojiang, claim_of("标准化试点（示范）项目", ["工业", "市级"], "2022-06-01", result="良好")
    )
    assert "连续 3 次" in reason(jiaojiang, claim_of("绿色食品和无公害农产品认证", obtained="2022-06-01", times=2))
    assert "行业协会或园区" in reason(jiaojiang, claim_of("浙江省区域名牌", obtained="2018-06-01"))
    assert "尚未取得" in reason(jiaojiang, claim_of("中国绿色产品认证", obtained="2022-06-01", completed=False))
    assert "没有列入" in reason(jiaojiang, claim_of("驰名商标", obtained="2022-06-01"))
    assert "施行期间" in reason(jiaojiang, claim_of("驰名商标", obtained="2016-06-01"))
    assert "没有适用" in reason(applicant_of("杭州市", "企业"), claim_of("驰名商标", obtained="2018-06-01"))


def test_the_other_policy_that_lists_the_award_is_named(book):
    claim = claim_of("驰名商标", obtained="2022-06-01")
    reasons = assess(book, applicant_of("台州市椒江区", "企业"), [claim]).assessment.lines[0].reasons
    assert any(book.policies["taizhou-2017"].name in reason for reason in reasons)


def test_assumptions_say_what_was_taken_for_granted(book):
    def assumptions(received=None, honour="“品字标”证书", kind=("自我声明",), day="2022-06-01"):
        applicant = applicant_of("台州市椒江区", "企业", received)
        return assess(book, applicant, [claim_of(honour, list(kind), day)]).assessment.assumptions

    assert assumptions() == [ASSUME_DATE, ASSUME_NOT_RECEIVED]
    assert assumptions({"pinzibiao": 0}) == [ASSUME_DATE]
    assert assumptions(honour="中国绿色产品认证", kind=()) == [ASSUME_DATE]
    assert assumptions(honour="驰名商标", kind=()) == []


def test_the_trace_goes_from_policy_to_total_with_clause_and_quotation(book, texts):
    result = assess(
        book,
        applicant_of("台州市椒江区", "企业", {"pinzibiao": 450000}),
        [claim_of("“品字标”证书", ["自我声明"], "2022-06-01")],
    )
    policy, award, cap, total = result.assessment.trace
    assert "台州市范围内" in policy.quote
    assert (award.clause, award.amount_yuan) == ("三/（一）/1", 100000)
    assert (cap.clause, cap.amount_yuan) == ("三/（一）/1", -50000)
    assert "已领 45 万元" in cap.step
    assert total.amount_yuan == result.assessment.total_yuan == 50000
    for step in (policy, award):
        assert "".join(step.quote.split()) in "".join(texts[(step.policy, step.clause)].split())


def test_missing_facts_offer_the_choices_of_the_rules(book):
    result = assess(book, applicant_of("台州市椒江区", "企业"), [claim_of("“品字标”证书", obtained="2022-06-01")])
    (fact,) = result.missing
    assert fact.choices == ("首张认证证书", "通过认证复评审", "自我声明")


def test_the_most_decisive_fact_comes_first(book):
    facts = assess(book, Applicant(), [claim_of("政府质量奖")]).missing
    assert [fact.kind for fact in facts] == ["place", "facet", "date"]
