"""Values of indicators and who answers for which task: exact, with the clause, and never for something else."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from answer_checks import broken

from assistant.conversation import Conversation
from assistant.understanding.facts import FactRecogniser, letters_of
from knowledge.facts import load_facts
from knowledge.library import load_policies

TODAY = date(2026, 11, 21)
FACTS = load_facts()
TABLE = "二/（三）/质量强县建设“十四五”规划主要指标"
PLACES = {
    "taizhou-2017": "台州2017年意见", "taizhou-2021": "台州2021年意见", "changle-2020": "长乐意见",
    "sanmen-145": "三门", "zhoushan-2023": "舟山",
}  # fmt: skip
INDICATORS = [
    pytest.param(policy, one, name, id=f"{one.id}-{name}")
    for policy, found in FACTS.indicators.items()
    for one in found
    for name in (one.name, *one.aliases)
]
# Who pays and who interprets is told by the rules.
TOLD_OTHERWISE = ("解释", "谁出钱")
TASKS = [
    pytest.param(policy, one, name, id=f"{one.id}-{name}")
    for policy, found in FACTS.responsibilities.items()
    for one in found
    for name in (one.task, *one.aliases)
    if not any(word in name for word in TOLD_OTHERWISE)
]


@pytest.fixture(scope="module")
def recogniser():
    return FactRecogniser(FACTS, load_policies())


@pytest.fixture
def ask(calculating):
    """Asks the turns of one conversation without a search; each answer is held to the contract, every figure backed."""

    def answer(*turns):
        conversation = Conversation()
        for question in turns:
            last = calculating.ask(question, conversation, TODAY)
            assert not broken(last, "\n".join(turns))
        return last

    return answer


def plain(text):
    return "".join(text.split())


# ------------------------------------------------------------------ every fact by every name
@pytest.mark.parametrize(("policy", "indicator", "name"), INDICATORS)
def test_every_indicator_answers_to_each_of_its_names(ask, policy, indicator, name):
    answer = ask(f"{PLACES[policy]}里{name}目标是多少")
    quotes = [plain(c.quote) for c in answer.citations if c.policy == policy]
    assert plain(indicator.quote) in quotes
    assert indicator.name in answer.text
    for value in indicator.values:
        assert value.value is None or str(value.value) in answer.text


@pytest.mark.parametrize(("policy", "duty", "name"), TASKS)
def test_every_task_answers_to_each_of_its_names(ask, policy, duty, name):
    answer = ask(f"{PLACES[policy]}里{name}由哪些部门负责")
    assert plain(duty.quote) in [plain(c.quote) for c in answer.citations if c.policy == policy]
    assert all(department in answer.text for department in duty.departments)
    assert ("等（原文" in answer.text) == duty.and_others or len(answer.citations) > 2


# ------------------------------------------------------------------ values
def test_the_row_comes_first_then_where_the_years_are_printed(ask):
    answer = ask("三门国内有效商标注册数2025年目标多少")
    assert answer.kind == "lookup"
    assert plain(answer.citations[0].quote) == "国内有效商标注册数(累计)639010000"
    assert "2025年目标" in plain(answer.citations[1].quote)
    assert answer.citations[0].clause == TABLE
    assert "2025年目标 **10000**；2020年实绩 6390" in answer.text


def test_a_plan_that_is_over_is_said_to_be_over(ask):
    answer = ask("三门国内有效商标注册数2025年目标多少")
    assert [notice.kind for notice in answer.notices] == ["expired"]


@pytest.mark.parametrize(
    ("question", "operands", "value", "unit", "words"),
    [
        ("三门有效商标2025年目标比2020年高多少", ("10000", "6390"), "3610", "", "比2020年实绩高 3610"),
        ("三门农产品合格率2025比2020高几个百分点", ("98.2", "98.1"), "0.1", "个百分点", "高 0.1 个百分点"),
        ("三门空气优良天数2025年目标和2020年差多少", ("100", "97"), "3", "个百分点", "比2020年实绩低 3 个百分点"),
        ("三门高品质服务认证证书到2025年要增加多少", ("16", "8"), "8", "", "高 8"),
    ],
)
def test_differences_are_computed(ask, question, operands, value, unit, words):
    answer = ask(question)
    (step,) = answer.computations
    assert step.operation == "difference"
    assert step.operands == [Decimal(operand) for operand in operands]
    assert (step.value, step.unit) == (Decimal(value), unit)
    assert words in answer.text


@pytest.mark.parametrize("question", ["三门浙江出口名牌2025比2020高多少", "三门国际标准2025年目标和2020年差多少"])
def test_nothing_is_computed_from_a_dash(ask, question):
    answer = ask(question)
    assert answer.computations == []
    assert "算不出差额" in answer.text


@pytest.mark.parametrize(
    "question", ["三门地表水水质2025比2020高多少", "三门国家级标准化试点示范项目目标比2020年高多少"]
)
def test_equal_values_have_no_difference(ask, question):
    answer = ask(question)
    assert answer.computations == []
    assert "数相同" in answer.text


def test_one_value_has_no_difference(ask):
    assert "没有可比的年份" in ask("舟山食品抽检合格率目标比以前提高多少").text


def test_a_dash_is_not_given_and_not_zero(ask):
    answer = ask("三门绿色产品认证覆盖领域2025年目标值是多少")
    assert "没有给出（印为“-”）" in answer.text
    assert "2025年目标 0" not in answer.text


def test_zero_is_a_value(ask):
    assert "2020年实绩 **0**" in ask("三门单项冠军企业2020年有几家").text


@pytest.mark.parametrize("question", ["三门制造业产品质量合格率目标是多少", "三门空气优良天数比例目标百分之几"])
def test_a_target_below_the_result_is_said_to_be_printed_so(ask, question):
    assert "目标低于2020年实绩，原文就是这样印的" in ask(question).text


@pytest.mark.parametrize(
    ("question", "printed"),
    [
        ("舟山规上工业增加值占比目标", "40%左右"),
        ("舟山服务质量满意度打算做到多少", "85 分以上"),
        ("舟山每千人体育指导员要几个", "不少于 2.8 人"),
        ("台州2021年意见里药品抽检合格率目标", "高于 99.5%"),
        ("台州智能马桶产业总产值要达到多少", "超1000亿元"),
        ("三门农产品合格率目标", "（单位：%）：2020年实绩 98.1；2025年目标 98.2以上"),
        ("台州2021年品牌企业销售占比要提高多少", "提高 10 个百分点"),
    ],
)
def test_the_qualification_stays_with_the_value(ask, question, printed):
    assert printed in ask(question).text


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("舟山全员劳动生产率、研发经费占比分别定到多少", ("100 万元/人以上", "2.6%")),
        ("舟山农产品、食品合格率目标", ("98%以上", "99%以上")),
        ("三门马德里商标和地理标志2025年目标各多少", ("**52**", "**10**")),
    ],
)
def test_several_indicators_in_one_question(ask, question, values):
    text = ask(question).text
    assert all(value in text for value in values)


def test_the_first_named_comes_first(ask):
    first, second = ask("三门马德里商标和地理标志2025年目标各多少").citations[:2]
    assert "马德里" in first.quote
    assert "地理标志" in second.quote


@pytest.mark.parametrize(
    "question", ["舟山2022年全员劳动生产率实际是多少", "舟山到2027年服务质量满意度要多少分", "三门2019年有效商标多少"]
)
def test_a_year_for_which_the_text_gives_nothing(ask, question):
    answer = ask(question)
    assert answer.kind == "refusal"
    assert "原文没有给出" in answer.text
    assert answer.citations


def test_the_year_of_a_text_is_not_the_year_of_a_value(ask):
    answer = ask("台州2021年文件里品字标企业要达到多少家")
    assert answer.kind == "lookup"
    assert "没有给出2021" not in answer.text


def test_each_text_of_several_places_answers(ask):
    answer = ask("三门和舟山制造业产品质量合格率目标各多少")
    assert {c.policy for c in answer.citations} == {"sanmen-145", "zhoushan-2023"}
    assert [(step.value, step.unit) for step in answer.computations] == [(2, "个百分点")]
    assert "高 2 个百分点" in answer.text


def test_each_text_that_has_an_indicator_answers_where_no_place_is_named(ask):
    answer = ask("服务质量满意度要多少分")
    assert {"taizhou-2017", "zhoushan-2023"} <= {c.policy for c in answer.citations}
    assert "年份不同：2020年、2025年" in answer.text or "数相同" in answer.text


# ------------------------------------------------------------------ lists
def test_the_indicators_of_a_category(ask):
    answer = ask("三门规划标准建设有哪些指标")
    assert "指标有 6 项" in answer.text
    assert "制定“浙江制造”标准(新增)" in answer.text
    assert "马德里" not in answer.text
    assert all(c.clause == TABLE for c in answer.citations[:6])


def test_all_indicators_by_category(ask):
    text = ask("三门规划有哪些指标").text
    assert text.index("**质量建设**") < text.index("**标准建设**") < text.index("**品牌建设**")


def test_targets_that_are_not_given(ask):
    text = ask("三门规划有哪些指标2025年没有给出").text
    assert "指标有 4 项" in text
    assert "国际标准" in text
    assert "出口名牌" not in text


def test_targets_below_results(ask):
    assert "指标有 2 项" in ask("三门哪些指标的目标低于2020年").text


# ------------------------------------------------------------------ tasks
def test_examples_stay_examples(ask):
    answer = ask("舟山工程质量由哪些部门负责")
    assert "市住建局、市交通局、市水利局、市港航和口岸局等（原文以“等”结尾" in answer.text
    assert answer.citations[0].clause == "二/（三）/9"


def test_members_without_a_name(ask):
    text = ask("舟山质量社会共治谁负责").text
    assert "质量强市各成员单位" in text
    assert "没有点名" in text


def test_each_leads_its_own_kind(ask):
    text = ask("三门产品、工程、服务三块质量由哪三个局牵头").text
    assert "产品质量建设**（三/（一））：县市场监管局牵头" in text
    assert "工程质量建设**（三/（一））：住建局牵头" in text
    assert "服务质量建设**（三/（一））：发改局牵头" in text


def test_who_leads_is_not_made_up(ask):
    assert "没有写明由谁牵头" in ask("舟山全面质量管理谁牵头").text


@pytest.mark.parametrize(
    ("question", "clauses"),
    [
        ("舟山方案第9项谁负责", {"二/（三）/9"}),
        ("舟山第二十一项任务谁负责", {"二/（六）/21"}),
        ("舟山第3项和第5项谁负责", {"二/（一）/3", "二/（二）/5"}),
        ("舟山第18、19项由哪些部门负责", {"二/（六）/18", "二/（六）/19"}),
    ],
)
def test_tasks_by_number(ask, question, clauses):
    assert {c.clause for c in ask(question).citations} == clauses


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("舟山居家养老服务中心归哪些部门管", "二/（三）/10"),
        ("舟山推行第三方质量争议仲裁谁负责", "二/（六）/18"),
        ("舟山争创中华老字号是哪些部门的活", "二/（四）/14"),
    ],
)
def test_what_stands_in_the_text_of_one_task_means_the_task(ask, question, clause):
    assert {c.clause for c in ask(question).citations} == {clause}


def test_words_of_another_task_are_not_taken_for_a_shorter_name(recogniser):
    # 质量管理 names task 13; 质量管理数字化赋能 stands in 1 and 20.
    found = recogniser.tasks("舟山质量管理数字化赋能谁负责", ["zhoushan-2023"])
    assert {named.fact.id for named in found} == {"zs23-innovation", "zs23-digital-governance"}


@pytest.mark.parametrize(
    ("question", "count", "task"),
    [
        ("舟山市场监管局负责哪些任务", 17, "创新质量数字治理"),
        ("舟山市监局要做哪些", 17, "创新质量数字治理"),
        ("舟山人力资源和社会保障局在方案里负责什么", 1, "健全质量政策制度"),
        ("舟山发展改革委参与哪几项任务", 6, "打造优势产业集群"),
        ("三门住建局牵头什么", 1, "工程质量建设"),
    ],
)
def test_the_tasks_of_a_department(ask, question, count, task):
    answer = ask(question)
    assert f"的有 {count} 项" in answer.text
    assert task in answer.text
    assert len([c for c in answer.citations if c.clause.startswith(("二", "三"))]) == count


def test_a_department_that_is_not_listed(ask):
    answer = ask("舟山工程质量由市教育局负责，对吧")
    assert answer.kind == "correction"
    assert "名单里没有市教育局" in answer.text


def test_a_department_that_is_listed(ask):
    answer = ask("舟山工程质量是市水利局负责吗，还有谁")
    assert answer.kind == "lookup"
    assert "其中列有市水利局" in answer.text


def test_tasks_are_counted(ask):
    answer = ask("舟山方案一共多少项任务")
    assert "分 6 个部分，共 21 项" in answer.text
    assert len(answer.citations) == 22
    assert "共 7 项" in ask("三门规划有几项重点任务").text


@pytest.mark.parametrize(
    "question",
    ["三门品字标企业目标是30家，对吧", "舟山智慧校园覆盖率要到90%是吧", "三门25年制造业合格率目标是100%，没错吧"],
)
def test_a_number_that_the_text_does_not_give_is_corrected(ask, question):
    assert ask(question).kind == "correction"


@pytest.mark.parametrize("question", ["三门品字标企业2025年目标是21家，对吧", "舟山十分钟健身圈，是10分钟对吧，目标"])
def test_a_number_that_the_text_gives_is_not_corrected(ask, question):
    assert ask(question).kind == "lookup"


@pytest.mark.parametrize(
    "question",
    [
        "有人说三门制造业产品合格率2025年目标定得比2020年还低",
        "三门农产品合格率两个年份各是多少",
        "三门和舟山的地表水水质目标",
    ],
)
def test_a_percentage_is_told_as_the_table_prints_it(ask, question):
    """100 under a column of % is not printed as 100%: the unit is told beside the name."""
    text = ask(question).text
    assert "（单位：%）：" in text
    assert not re.search(r"2020年实绩 [*]*[0-9.]+%", text)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("三门规划和舟山方案2025年制造业产品合格率，谁定得高？", "三门县质量强县建设“十四五”规划的数高 2 个百分点"),
        ("舟山和三门，哪边的地表水水质目标更高", "三门县质量强县建设“十四五”规划的数高 5 个百分点"),
        ("三门跟舟山的制造业产品合格率目标哪个要求低", "高 2 个百分点"),
    ],
)
def test_who_has_the_greater_value_asks_for_no_department(ask, question, words):
    answer = ask(question)
    assert answer.kind == "comparison"
    assert words in answer.text


@pytest.mark.parametrize(
    "question",
    ["Which Zhoushan bureaus are in charge of item 14?", "Which departments are responsible for task 14 in Zhoushan?"],
)
def test_an_english_question_names_a_task_by_its_number(ask, question):
    answer = ask(question)
    assert answer.citations[0].clause == "二/（四）/14"
    assert "市公安局" in answer.text


# ------------------------------------------------------------------ follow-ups
@pytest.mark.parametrize(
    ("turns", "words"),
    [
        (("三门2025年品字标企业要多少家", "有效商标呢？"), "10000"),
        (("三门2025年品字标企业要多少家", "有效商标呢？", "马德里的呢"), "52"),
        (("三门2025年品字标企业要多少家", "那2020年呢？"), "2020年实绩 **11**"),
        (("三门2025年有效商标要多少", "比2020年高多少"), "高 3610"),
        (("舟山制造业产品质量合格率多少", "三门呢？"), "目标 96"),
        (("舟山工程质量由哪些部门负责", "服务质量呢？"), "市文广旅体局"),
        (("舟山工程质量由哪些部门负责", "服务质量呢？", "那环境质量"), "市城管局"),
        (("舟山工程质量由哪些部门负责", "第8项呢"), "市海洋与渔业局"),
        (("三门和舟山制造业合格率各多少", "地表水水质呢"), "高 5 个百分点"),
    ],
)
def test_follow_ups_say_only_what_changes(ask, turns, words):
    assert words in ask(*turns).text


def test_a_short_question_of_its_own_is_not_answered_with_what_was_asked_before(real):
    conversation = Conversation()
    real.ask("三门2025年品字标企业要多少家", conversation, TODAY)
    answer = real.ask("规划期限到哪年", conversation, TODAY)
    assert answer.citations[0].clause == "前言"


# ------------------------------------------------------------------ what is no fact, and hostile input
@pytest.mark.parametrize(
    "question",
    [
        "三门怎么培育品字标企业",
        "三门合格率目标是多少",
        "台州省政府质量奖多少",
        "台州2021年品字标企业奖多少",
        "三门十四五规划里，品字标奖企业多少",
        "国家标准给多少",
        "舟山有哪些任务",
        "长乐那份意见谁解释",
        "台州21 品字标",
        "三门企业拿了省质量奖能领多少",
    ],
)
def test_what_asks_for_no_fact_is_left_to_others(real, question):
    answer = real.ask(question, today=TODAY)
    assert not broken(answer, question)
    assert "原文逐项计数" not in answer.text
    assert "2025年目标 " not in answer.text
    assert "2022年目标 " not in answer.text


def test_what_is_named_for_several_indicators_alike_is_not_guessed(recogniser):
    assert recogniser.indicators("三门合格率多少", ["sanmen-145"]) == []
    assert recogniser.indicators("三门抽检合格率多少", ["sanmen-145"]) == []


@pytest.mark.parametrize(
    ("question", "identity"),
    [
        ("三门制造业产品质量和个率", "sm145-manufacturing-pass-rate"),
        ("三門國內有效商標註冊數", "sm145-domestic-trademarks"),
        ("三门“浙江制造”精品　数量", "sm145-zhejiang-fine-products"),
        ("三门拿过台州市政府质量奖的企业要累计几家", "sm145-government-quality-award"),
        ("三门马德里", "sm145-madrid-trademarks"),
        ("三门累计培育“品字标”企业几家", "sm145-pinzibiao-enterprises"),
        ("三门国家级标准化试点示范项目几个", "sm145-standardisation-pilots"),
    ],
)
def test_names_in_another_writing(recogniser, question, identity):
    assert [named.fact.id for named in recogniser.indicators(question, ["sanmen-145"])] == [identity]


@pytest.mark.parametrize(
    "text", ["", " ", "？！，。", "\n", "\x00", "质量" * 900, "三门" * 900, "谁负责" * 600, "1" * 1800, "𝟙😀" * 300]
)
def test_hostile_text_names_little_and_takes_no_time(recogniser, text):
    policies = list(PLACES)
    recogniser.indicators(text, policies)
    recogniser.tasks(text, policies)
    recogniser.departments(text, policies)


@pytest.mark.parametrize("question", ["谁负责" * 300, "三门多少" * 300, "舟山第99项谁负责", "<b>三门</b>有效商标多少"])
def test_hostile_questions_keep_to_the_contract(real, question):
    assert not broken(real.ask(question, today=TODAY), question)


def test_letters_leave_out_signs():
    assert letters_of("“品字标” 企业（累计）、A%") == "品字标企业累计a"
