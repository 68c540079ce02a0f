"""Two texts side by side: exact amounts of both, differences, what was added and dropped, plans by their parts."""

from __future__ import annotations

from datetime import date

import pytest
from answer_checks import broken

from assistant.conversation import Conversation
from assistant.pipeline import Assistant
from knowledge.library import load_policies
from knowledge.model import Hit
from knowledge.passages import passages_of
from rules.loader import load_rules
from rules.pairing import pairs

TODAY = date(2026, 11, 21)
PASSAGES = passages_of(load_policies().values())


def search(query, policies):
    """Every passage that has a word of the query, those with the most first."""
    words = query.split()
    inside = [p for p in PASSAGES if policies is None or p.policy in policies]
    counted = [(sum(word in p.indexed_text for word in words), p) for p in inside]
    ranked = sorted((pair for pair in counted if pair[0]), key=lambda pair: pair[0], reverse=True)
    return [Hit(passage=p, score=1.0 / rank, dense=0.95, keyword=1.0) for rank, (_, p) in enumerate(ranked[:20], 1)]


@pytest.fixture(scope="module")
def assistant():
    return Assistant(search)


@pytest.fixture
def ask(assistant):
    """Asks the turns of one conversation; each answer is held to the contract, every figure backed."""

    def answer(*turns):
        conversation = Conversation()
        for question in turns:
            last = assistant.ask(question, conversation, TODAY)
            assert not broken(last, "\n".join(turns))
        return last

    return answer


def table(text):
    """The rows of the tables, cell by cell."""
    lines = [line for line in text.splitlines() if line.startswith("|") and "---" not in line]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def cells_of(answer, award):
    return next(row[1:] for row in table(answer.text) if row[0].startswith(award))


# ------------------------------------------------------------------ two versions
def test_one_award_of_the_same_sum_says_which_condition_differs(ask):
    answer = ask("市级服务业标准化试点，17年同21年都是10万，条件上有冇两样")
    assert table(answer.text)[-1] == ["差别", "金额不变，条件有变；考核结果：不限 → 优秀"]
    assert {c.policy for c in answer.citations[:2]} == {"taizhou-2017", "taizhou-2021"}


@pytest.mark.parametrize(
    "question",
    [
        "台州的质量政策，2017 与 2021 有什么变化？",
        "台州新旧两版有什么不同",
        "13号文和4号文对比",
        "台州的政策有什么变化吗",
        "17年和21年的意见有啥区别",
    ],
)
def test_everything_of_two_versions(ask, question):
    answer = ask(question)
    assert answer.kind == "comparison"
    assert "提高 11 项；降低 1 项；金额不变，条件有变 6 项；不变 19 项；" in answer.text
    assert cells_of(answer, "中国质量奖") == ["100 万元（二/（四））", "150 万元（三/（一）/1）", "高 50 万元"]
    assert cells_of(answer, "质量奖提名奖（国家级）")[2] == "高 45 万元"
    assert cells_of(answer, "市级地方标准")[2] == "低 5 万元"
    assert len(table(answer.text)) <= 25 + 6


def test_every_award_is_told_and_cited(ask):
    answer = ask("台州2017和2021有什么变化")
    left, right = (load_rules().policies[policy] for policy in ("taizhou-2017", "taizhou-2021"))
    cited = {(c.policy, "".join(c.quote.split())) for c in answer.citations}
    for rules in (left, right):
        for provision in rules.provisions:
            assert (rules.policy, "".join(provision.quote.split())) in cited
    for pair in pairs(left, right):
        if pair.change == "added" and pair.right:
            assert pair.right.award.name in answer.text
        if pair.change == "dropped" and pair.left:
            assert pair.left.award.name in answer.text


def test_what_is_asked_is_cited_first(ask):
    first, second = ask("台州2017和2021有什么变化").citations[:2]
    assert (first.policy, first.clause) == ("taizhou-2017", "二/（四）")
    assert (second.policy, second.clause) == ("taizhou-2021", "三/（一）/1")


def test_the_rules_around_the_awards(ask):
    rows = {row[0]: row[1:] for row in table(ask("台州2017和2021有什么变化").text)}
    assert rows["同时符合多项"] == ["同一项目按最优一项执行", "同一项目按最先申报一项执行"]
    assert rows["资金由谁承担"][0] == "没有写明"
    assert "可参照" in rows["适用范围"][0]
    assert rows["施行期间"][1] == "有效期 2 年，2023年2月到期"


def test_both_are_said_to_run_no_longer(ask):
    assert [n.kind for n in ask("台州2017和2021有什么变化").notices] == ["repealed", "expired"]


def test_differences_are_computed(ask):
    answer = ask("台州两版标准创新贡献奖差多少")
    assert {(int(s.operands[0]), int(s.operands[1]), int(s.value)) for s in answer.computations} == {
        (1000000, 300000, 700000), (800000, 100000, 700000), (500000, 100000, 400000),
    }  # fmt: skip
    assert all(step.unit == "yuan" for step in answer.computations)


@pytest.mark.parametrize(
    ("question", "there", "absent"),
    [
        ("台州新政策比老政策取消了哪些奖励", "驰名商标", "创新药"),
        ("2021年意见比2017年意见新增了哪些奖项", "创新药", "驰名商标"),
        ("台州新旧两版相比，哪些奖励提高了", "中国绿色产品认证", "驰名商标"),
        ("台州两版对比，有没有哪项奖励降低了", "市级地方标准", "创新药"),
    ],
)
def test_only_the_change_that_is_asked_for(ask, question, there, absent):
    text = ask(question).text
    assert there in text
    assert absent not in text


# ------------------------------------------------------------------ a kind of award, a chapter, a word
@pytest.mark.parametrize(
    ("question", "there", "absent"),
    [
        ("台州两版品牌奖励有什么不同", ("中国质量奖", "驰名商标", "首张“品字标”认证证书"), ("标准化试点", "CNAS")),
        ("台州两版计量方面的奖励变化", ("产业计量测试中心", "国家级计量科技创新基地"), ("驰名商标", "重点检测实验室")),
        ("台州新老政策认证认可的奖励区别", ("CNAS", "测量管理体系认证"), ("驰名商标", "产业计量测试中心")),
        ("台州两版对检验检测机构的奖励差别", ("重点检测实验室", "一站式"), ("CNAS", "驰名商标")),
        ("台州新老两版药品奖励有何不同", ("创新药", "仿制药"), ("CNAS", "中国质量奖")),
        ("台州新旧政策标准化试点变化", ("工业", "优秀"), ("CNAS", "中国质量奖")),
    ],
)
def test_a_topic_narrows_the_table(ask, question, there, absent):
    rows = " ".join(row[0] + "".join(row[1:]) for row in table(ask(question).text))
    assert all(word in rows for word in there)
    assert not any(word in rows for word in absent)


def test_conditions_that_changed(ask):
    answer = ask("台州两版对检验检测机构的奖励差别")
    change = cells_of(answer, "产品质量监督检测中心（国家）")
    assert change[:2] == ["100 万元（五/（二十二））", "100 万元（三/（四）/2）"]
    assert change[2].startswith("金额不变，条件有变；时点：获批（筹建")
    pilots = ask("台州新旧政策标准化试点变化")
    assert cells_of(pilots, "市级工业标准化试点")[2] == "金额不变，条件有变；考核结果：不限 → 优秀"


def test_what_stands_in_no_award_is_quoted_from_both(ask):
    answer = ask("台州两份文件的专项资金规模有没有变化")
    assert "2000万元" in answer.text
    assert {c.clause for c in answer.citations if "2000" in c.quote} == {"五/（二十六）", "四"}


def test_a_topic_of_one_text_only_is_said_to_be_missing_in_the_other(ask):
    text = ask("台州两版关于智能马桶产业的内容有什么变化").text
    assert "台州2021年意见：没有找到写到“智能马桶产业”的条款" in text


def test_a_single_award_stays_with_the_comparison_of_single_awards(ask):
    answer = ask("台州17年和21年的中国质量奖提名奖相差多少")
    assert table(answer.text)[0] == ["文件", "规定"]


# ------------------------------------------------------------------ two places
def test_two_places_are_not_versions(ask):
    answer = ask("长乐和台州2021的质量奖各给多少差多少")
    rows = table(answer.text)
    assert rows[0][1:] == ["台州2021年意见", "长乐2020年意见", "差别"]
    assert cells_of(answer, "中国质量奖") == [
        "150 万元（三/（一）/1）", "200 万元（三/（二）/1）", "长乐2020年意见高 50 万元；奖励对象：组织 / 企业",
    ]  # fmt: skip
    assert "取消" not in answer.text


def test_each_place_has_its_own_name_for_an_award(ask):
    row = cells_of(ask("长乐和台州2021的质量奖各给多少差多少"), "政府质量奖（省级·正奖）")
    assert "浙江省政府质量奖" in row[0]
    assert "福建省政府质量奖" in row[1]


def test_ranks_that_are_paid(ask):
    answer = ask("起草标准，台州2021和长乐的奖励有什么差别")
    assert "限第一起草单位" in answer.text
    assert "限排名前三位" in answer.text
    assert "只有长乐2020年意见列入" in answer.text


def test_of_the_versions_of_one_place_the_latest_is_taken(ask):
    answer = ask("台州和长乐差多少")
    assert answer.text.startswith("一次比较两份文件")
    assert {c.policy for c in answer.citations} == {"taizhou-2021", "changle-2020"}


# ------------------------------------------------------------------ plans
def test_two_plans_by_their_parts_and_shared_indicators(ask):
    answer = ask("三门规划和舟山方案有什么不同")
    assert answer.kind == "comparison"
    assert cells_of(answer, "制造业产品质量合格率")[2] == "2 个百分点"
    assert cells_of(answer, "全县环境空气质量优良天数比例")[2] == "数相同"
    assert "三/（七） 夯实质量治理基础" in answer.text
    assert "没有奖励标准" in answer.text
    assert {(str(s.value), s.unit) for s in answer.computations} >= {("2", "个百分点"), ("5", "个百分点")}


def test_a_plan_beside_a_text_with_awards(ask):
    answer = ask("三门规划和台州2021年意见有什么区别")
    assert "列有奖励" in answer.text
    assert "没有奖励标准" in answer.text
    assert {"sanmen-145", "taizhou-2021"} == {c.policy for c in answer.citations}


def test_a_topic_of_two_plans(ask):
    answer = ask("三门规划和舟山方案在首席质量官上有什么不同")
    assert "写到“首席质量官”的条款" in answer.text
    assert {c.policy for c in answer.citations} == {"sanmen-145", "zhoushan-2023"}


# ------------------------------------------------------------------ follow-ups
@pytest.mark.parametrize(
    ("turns", "words"),
    [
        (("台州两版品牌奖励有什么不同", "那计量的呢"), "产业计量测试中心"),
        (("台州新旧两版有什么不同", "那标准化试点呢"), "考核结果：不限 → 优秀"),
        (("台州两版中国质量奖差多少", "那提名奖呢"), "45 万元"),
        (("台州新旧两版有什么不同", "那有效期呢"), "有效期 2 年"),
    ],
)
def test_follow_ups_compare_again(ask, turns, words):
    answer = ask(*turns)
    assert answer.kind == "comparison"
    assert words in answer.text


@pytest.mark.parametrize("question", ["你好", "那由谁解释呢", "三门2025年有效商标多少", "台州2021年创新药给多少"])
def test_what_compares_nothing_ends_the_comparison(ask, question):
    assert ask("台州新旧两版有什么不同", question).kind != "comparison"


# ------------------------------------------------------------------ what is no comparison, and hostile input
@pytest.mark.parametrize("question", ["有什么变化", "杭州和宁波有什么不同", "区别"])
def test_without_two_texts_nothing_is_compared(ask, question):
    assert ask(question).kind != "comparison"


@pytest.mark.parametrize(
    "question",
    [
        "台州两版" + "品牌标准" * 400 + "有什么区别",
        "2017和2021有什么变化" * 60,
        "台州两版|<b>品牌</b>|奖励|有什么不同",
        "台州两版 $$$ ``` 有什么不同",
        "长乐三门舟山台州有什么不同",
    ],
)
def test_hostile_comparisons_keep_to_the_contract(ask, question):
    ask(question)
