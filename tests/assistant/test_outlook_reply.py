"""What it would take, on request: conditions, other awards, room under a cap, the order of filing."""

from __future__ import annotations

from datetime import date

import pytest
from answer_checks import broken

from assistant.conversation import Conversation

TODAY = date(2026, 11, 21)
NOMINATION = "黄岩的公司，22年3月拿到中国质量奖提名奖，奖多少钱？"
PROJECT = "同一个项目2022年5月拿了国家级和省级工业标准化试点，椒江企业，都给吗"


@pytest.fixture
def talk(calculating):
    """Asks one question after another and checks every answer; returns the last."""

    def answers(*turns, today=TODAY):
        conversation = Conversation()
        given = []
        for number, turn in enumerate(turns, 1):
            given.append(calculating.ask(turn, conversation, today))
            assert not broken(given[-1], "\n".join(turns[:number]))
        return given[-1]

    return answers


def total(answer):
    return answer.assessment.outcome, answer.assessment.total_yuan


# ------------------------------------------------------------------ other awards
@pytest.mark.parametrize("asked", ["还能拿什么？", "再拿什么能多拿？", "那还能申报哪些奖？", "還能拿什麼"])
def test_other_awards_of_the_kind_are_listed_on_request(talk, asked):
    answer = talk(NOMINATION, asked)
    assert answer.kind == "eligibility"
    assert total(answer) == ("payable", 750000)
    assert "中国质量奖（正奖）：150 万元，见三/（一）/1" in answer.text
    assert "浙江省政府质量奖：100 万元" in answer.text
    assert "150 万元" in "".join(citation.quote for citation in answer.citations)


def test_the_first_sentence_stays_the_amount(talk):
    assert talk(NOMINATION, "还能拿什么").text.startswith("可以领取 **75 万元**。")
    assert talk(f"{NOMINATION}还能拿什么").text.startswith("可以领取 **75 万元**。")


def test_without_request_nothing_is_listed(talk):
    assert "150 万元" not in talk(NOMINATION).text.split("\n\n**")[0]
    assert "同类奖项" not in talk(NOMINATION, "还能拿什么", "一共多少").text


def test_a_lapsed_policy_is_said_to_run_no_longer(talk):
    answer = talk(NOMINATION, "还能拿什么")
    assert "文件已过有效期；2023年2月10日及以前取得的同类奖项" in answer.text
    assert [notice.kind for notice in answer.notices] == ["expired"]


@pytest.mark.parametrize(
    ("today", "heading"), [(date(2023, 2, 10), "再获得以下同类奖项"), (date(2023, 2, 11), "已过有效期；")]
)
def test_the_last_day_is_the_boundary(talk, today, heading):
    assert heading in talk(NOMINATION.replace("22年", "2022年"), "还能拿什么", today=today).text


def test_a_repealed_policy_is_said_to_be_repealed(talk):
    answer = talk(NOMINATION, "如果是2018年拿的呢", "还能拿什么")
    assert total(answer) == ("payable", 300000)
    assert "文件已经废止；2021年2月10日及以前取得的同类奖项" in answer.text
    assert "中国质量奖" in answer.text
    assert "100 万元" in answer.text


def test_a_policy_without_end_offers_what_can_be_had_still(talk):
    answer = talk("长乐企业2022年福州市政府质量奖，能领多少", "再拿什么能多拿？")
    assert "再获得以下同类奖项，可得：" in answer.text
    assert "福建省政府质量奖（正奖）：100 万元" in answer.text
    assert "同年度获奖就高不重复" in answer.text


def test_where_no_policy_applies_nothing_is_promised(talk):
    answer = talk("杭州企业2022年拿了省质量奖", "还能拿什么")
    assert total(answer) == ("not_payable", None)
    assert "没有可以再争取的奖项" in answer.text


def test_what_is_missing_is_still_asked_for(talk):
    answer = talk("我们拿了省质量奖", "还能拿什么")
    assert answer.kind == "clarification"


def test_a_question_about_a_text_is_left_alone(talk):
    assert talk("台州2021年意见，怎样才能拿到中国质量奖的奖励").kind == "lookup"


# ------------------------------------------------------------------ conditions
@pytest.mark.parametrize(
    ("turns", "said"),
    [
        (["椒江的企业，2022年5月国标起草排第四，还差什么才能拿奖励？"], "若排名第一（第一起草单位），可得 20 万元"),
        (["长乐的企业2022年团体标准起草排第五，能领多少", "还差什么"], "若排名前三位，可得 5 万元"),
        (["椒江企业，2022年市级工业标准化试点考核良好", "怎样才能拿到"], "若结果为“优秀”，可得 10 万元"),
        (["仙居合作社2022年3月绿色食品连续两次通过认证", "还差什么"], "若连续 3 次通过，可得 10 万元"),
        (["黄岩2018年我们公司拿了浙江省区域名牌能领多少", "怎样才能拿到"], "若申报主体是行业协会、园区，可得 30 万元"),
    ],
)
def test_what_was_wanting_and_what_it_would_pay(talk, turns, said):
    answer = talk(*turns)
    assert total(answer) == ("not_payable", 0)
    assert said in answer.text


# ------------------------------------------------------------------ caps
@pytest.mark.parametrize(
    ("turns", "left"),
    [
        (["椒江企业2022年6月品字标自我声明，能领多少，还能拿什么"], "还可以再领 40 万元"),
        (["椒江企业2022年6月品字标自我声明，能领多少", "之前领过20万", "还能拿什么"], "还可以再领 20 万元"),
        (["椒江企业2022年6月品字标自我声明，能领多少", "之前领过40万", "还能拿什么"], "已经用完"),
    ],
)
def test_what_a_cap_leaves(talk, turns, left):
    answer = talk(*turns)
    assert left in answer.text
    assert ("首张" in answer.text.split("\n\n**")[0]) == (left != "已经用完")


def test_what_a_share_leaves_is_not_worked_out(talk):
    answer = talk("路桥企业2019年商标国际注册费花了12万，能补多少", "还能拿什么")
    assert total(answer) == ("payable", 60000)
    assert "2019年度，国际注册费单个企业年度最高补助不超过8万元，还没有用完" in answer.text


# ------------------------------------------------------------------ the order of filing
@pytest.mark.parametrize("asked", ["先报哪个划算", "哪个先申报好", "怎么报最多？"])
def test_the_order_that_pays_most(talk, asked):
    answer = talk(PROJECT, asked)
    assert total(answer) == ("depends", None)
    assert {order.total_yuan for order in answer.assessment.alternatives} == {500000, 200000}
    assert "得到最多的是最先申报“工业领域标准化试点（示范）项目”（国家级）" in answer.text


def test_another_order_than_the_one_that_was_said(talk):
    answer = talk(PROJECT, "先申报的是省级", "怎么报最多")
    assert answer.text.startswith("可以领取 **20 万元**。")
    assert [order.total_yuan for order in answer.assessment.alternatives] == [500000, 200000]
    assert "得到最多的是最先申报“工业领域标准化试点（示范）项目”（国家级）" in answer.text


def test_claims_that_are_not_said_to_be_one_project(talk):
    answer = talk("椒江企业2022年5月拿了国家级和省级工业标准化试点，哪个先申报好")
    assert total(answer) == ("payable", 700000)
    assert "各项不是同一项目的，先后不影响" in answer.text
    assert "合计 50 万元" in answer.text
    assert "合计 20 万元" in answer.text


@pytest.mark.parametrize(
    ("question", "paid", "rule"),
    [
        ("路桥企业2019年同一个项目拿了国家级和省级标准化试点，先报哪个划算", 500000, "最优一项"),
        ("长乐企业2022年同一个项目拿了国家级和省级标准化试点，先报哪个划算", 200000, "就高不重复"),
    ],
)
def test_where_the_order_does_not_matter(talk, question, paid, rule):
    answer = talk(question)
    assert answer.assessment.total_yuan == paid
    assert "申报的先后不影响金额" in answer.text
    assert rule in answer.text


def test_one_award_has_no_order(talk):
    assert "没有申报先后之分" in talk(NOMINATION, "先报哪个划算").text
