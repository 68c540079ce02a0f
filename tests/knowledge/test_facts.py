"""Indicators and responsibilities: files that cannot be used, facts that do not agree with a text, and the shipped ones."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from knowledge.errors import FactsFileError
from knowledge.facts import load_facts
from knowledge.facts_check import check_facts
from knowledge.library import load_policies, locate
from knowledge.printed import read_value, table_rows

POLICIES = load_policies()
FACTS = load_facts()

TEXT = """前言一句。
一、目标
到2030年,产品合格率达到95%以上,检测平台不少于3个。建成2所实验室。
主要指标
类别\t指标\t单位\t2025年实绩\t2030年目标
质量
满意度\t分\t80\t85以上
名牌(累计)\t\t-\t4
二、任务
（一）提升产品质量。抓质量。（责任部门：市经信局、市科技局等按职责分工负责）
（二）提升服务质量。抓服务。（牵头单位：市商务局；责任单位：市文旅局）
"""

INDICATORS = """\
policy: test
indicators:
  - id: pass-rate
    name: 产品合格率
    aliases: [合格率]
    category: 目标
    unit: "%"
    values:
      - {year: 2030, kind: target, value: "95", bound: at_least, printed: 95%以上}
    clause: 一
    quote: &aims 到2030年,产品合格率达到95%以上,检测平台不少于3个。
  - id: platforms
    name: 检测平台
    aliases: [平台]
    category: 目标
    unit: 个
    values:
      - {year: 2030, kind: target, value: "3", bound: at_least, printed: 不少于3个}
    clause: 一
    quote: *aims
  - id: satisfaction
    name: 满意度
    aliases: [满意]
    category: 质量
    unit: 分
    values:
      - {year: 2025, kind: result, value: "80", printed: "80"}
      - {year: 2030, kind: target, value: "85", bound: at_least, printed: 85以上}
    dated: &header {clause: 一/主要指标, quote: 类别 指标 单位 2025年实绩 2030年目标}
    clause: 一/主要指标
    quote: 满意度 分 80 85以上
  - id: brands
    name: 名牌(累计)
    aliases: [名牌数]
    category: 质量
    unit: null
    values:
      - {year: 2025, kind: result, value: null, printed: "-"}
      - {year: 2030, kind: target, value: "4", printed: "4"}
    dated: *header
    clause: 一/主要指标
    quote: 名牌(累计) - 4
not_indicators:
  - {clause: 一, quote: 建成2所实验室。, why: 试验}
"""

RESPONSIBILITIES = """\
policy: test
responsibilities:
  - id: products
    task: 提升产品质量
    aliases: [产品质量]
    departments: [市经信局, 市科技局]
    clause: 二/（一）
    quote: （责任部门：市经信局、市科技局等按职责分工负责）
  - id: services
    task: 提升服务质量
    aliases: [服务质量]
    departments: [市商务局, 市文旅局]
    lead: [市商务局]
    clause: 二/（二）
    quote: （牵头单位：市商务局；责任单位：市文旅局）
"""


@pytest.fixture
def load(tmp_path):
    """Loads one file of each kind as the facts of a policy called ``test``; texts or bytes."""

    def from_texts(indicators=INDICATORS, responsibilities=RESPONSIBILITIES):
        for kind, text in (("indicators", indicators), ("responsibilities", responsibilities)):
            (tmp_path / kind).mkdir(exist_ok=True)
            (tmp_path / kind / "test.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_facts(tmp_path)

    return from_texts


@pytest.fixture
def findings(load, make_policy):
    """What the check says after words of the good files were changed."""

    def after(*changes):
        indicators, responsibilities = INDICATORS, RESPONSIBILITIES
        for old, new in changes:
            assert old in indicators + responsibilities
            indicators, responsibilities = indicators.replace(old, new), responsibilities.replace(old, new)
        found = check_facts(load(indicators, responsibilities), {"test": make_policy(TEXT)})
        return [str(finding) for finding in found]

    return after


# ------------------------------------------------------------------ files
def test_good_files(load):
    facts = load()
    satisfaction = facts.indicators_of("test")[2]
    assert [(v.year, v.kind, v.value, v.bound) for v in satisfaction.values] == [
        (2025, "result", Decimal(80), None),
        (2030, "target", Decimal(85), "at_least"),
    ]
    assert facts.indicators_of("test")[3].values[0].value is None
    assert [one.why for one in facts.not_indicators_of("test")] == ["试验"]
    products, services = facts.responsibilities_of("test")
    assert (products.departments, products.lead, products.and_others) == (("市经信局", "市科技局"), (), True)
    assert (services.lead, services.and_others) == (("市商务局",), False)


def test_a_policy_without_facts_has_none():
    assert FACTS.indicators_of("nowhere") == FACTS.responsibilities_of("nowhere") == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("unit: 个", "unite: 个", 16, "没有“unite”这个字段；允许的字段是 clause、quote、id、name"),
        ("    unit: 个\n", "", 12, "缺少字段“indicators.1.unit”；应写原文里的单位"),
        ('value: "3"', "value: 3.0", 18, "indicators.1.values.0.value”的值 3.0 不对；应写带引号的数字"),
        ('value: "3"', 'value: "三"', 18, "的值 '三' 不对；应写带引号的数字"),
        ("{year: 2025, kind: result, value: null", "{year: '2025', kind: result, value: null", 38, "四位数的年份"),
        ('kind: target, value: "3"', 'kind: plan, value: "3"', 18, "'plan' 不对；应写result 或 target"),
        ("bound: at_least, printed: 不", "bound: least, printed: 不", 18, "'least' 不对；应写at_least、more_than"),
        ("printed: 85以上", "printed: 85", 28, "的值 85 不对；应写原文里的数值"),
        ("aliases: [平台]", "aliases: []", 14, "的值 [] 不对；应写一到四个简称"),
        ("aliases: [平台]", "aliases: [甲, 乙, 丙, 丁, 戊]", 14, "应写一到四个简称"),
        ("    unit: 个", "    unit: 个\n    unit: 个", 17, "字段“unit”写了两次"),
        ("id: platforms", "id: pass-rate", 12, "字段“id”的值 pass-rate 已经用过"),
        ("policy: test", "policy: other", 1, "“policy”是 other，与文件名不一致；请写成 test"),
        ("{clause: 一, quote: 建成", "{clause: 一, quota: 建成", 44, "没有“quota”这个字段"),
        ("  - id: brands", "   - id: brands", 32, "不是合法的 YAML"),
    ],
)
def test_what_cannot_be_used_is_named_with_file_and_line(load, old, new, line, words):
    assert old in INDICATORS
    with pytest.raises(FactsFileError, match=re.escape(words)) as caught:
        load(INDICATORS.replace(old, new))
    assert f"indicators/test.yaml:{line}:" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("departments: [市经信局, 市科技局]", "departments: []", 6, "应写原文里的部门名称，至少一个"),
        ("lead:", "leader:", 13, "没有“leader”这个字段"),
        ("id: services", "id: pass-rate", 9, "pass-rate 已经用过"),
    ],
)
def test_the_same_for_responsibilities(load, old, new, line, words):
    with pytest.raises(FactsFileError, match=re.escape(words)) as caught:
        load(responsibilities=RESPONSIBILITIES.replace(old, new))
    assert f"responsibilities/test.yaml:{line}:" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "文件是空的"), ("- 一", "（整个文件）"), (b"\xff\xfe", "不是 UTF-8"), (b"a\0b", "二进制文件")],
)
def test_what_is_no_data_file_is_an_error(load, text, words):
    with pytest.raises(FactsFileError, match=words) as caught:
        load(text)
    assert "test.yaml" in str(caught.value)


def test_an_empty_folder_is_an_error(tmp_path):
    with pytest.raises(FactsFileError, match="没有数据文件"):
        load_facts(tmp_path)


def test_the_shipped_facts_cannot_be_changed_by_a_caller():
    with pytest.raises(TypeError):
        load_facts().indicators["sanmen-145"] = ()


# ------------------------------------------------------------------ facts against a text
def test_good_facts_have_no_findings(findings):
    assert findings() == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        # quotations
        ("quote: 名牌(累计) - 4", "quote: 名牌(总计) - 4", "brands：一/主要指标 里没有这段原文"),
        ("clause: 一\n    quote: *aims", "clause: 二\n    quote: *aims", "platforms：二 里没有这段原文"),
        ("clause: 一\n    quote: *aims", "clause: 三\n    quote: *aims", "platforms：没有条款 三"),
        (
            "quote: 类别 指标 单位 2025年实绩",
            "quote: 类别 指标 单位 2024年实绩",
            "satisfaction dated：一/主要指标 里没有",
        ),
        ("quote: 建成2所实验室。", "quote: 建成二所实验室。", "not_indicators.0：一 里没有这段原文"),
        # names
        ("name: 检测平台", "name: 检验平台", "platforms：引文里没有名称“检验平台”"),
        ("category: 质量", "category: 品牌", "brands：一/主要指标 里没有类别“品牌”"),
        ("task: 提升服务质量", "task: 提升环境质量", "services：引文和上级标题里都没有任务"),
        ("aliases: [平台]", "aliases: [“合格率”]", "platforms：名称““合格率””用了不止一次"),
        ("aliases: [服务质量]", "aliases: [产品质量]", "services：名称“产品质量”用了不止一次"),
        # values
        ('value: "95"', 'value: "59"', "pass-rate：数值 59 与原文“95%以上”不符"),
        ('value: null, printed: "-"', 'value: "0", printed: "-"', "brands：数值 0 与原文“-”不符"),
        ("printed: 95%以上", "printed: 95％以上", "pass-rate：引文里没有“95％以上”"),
        ('unit: "%"', "unit: ％", "pass-rate：单位 ％ 与原文“95%以上”不符"),
        ("bound: at_least, printed: 不少于3个", "printed: 不少于3个", "platforms：限定 None 与原文“不少于3个”不符"),
        ("printed: 不少于3个", "printed: 3个。", "platforms：单位 个 与原文“3个。”不符"),
        (
            "printed: 95%以上",
            "printed: '95%以上,检测平台不少于3个'",
            "pass-rate：“95%以上,检测平台不少于3个”不是一个数值",
        ),
        ('{year: 2030, kind: target, value: "3"', '{year: 2031, kind: target, value: "3"', "没有“2031年”"),
        ("printed: 不少于3个", "printed: 不少于3个, period: 十四五", "platforms：引文里没有“十四五”"),
        # tables
        ("kind: result, value: null", "kind: target, value: null", "brands：字段“kind”是 target，表里是 result"),
        ("unit: 分", "unit: null", "satisfaction：字段“unit”是 None，表里是 分"),
        ("name: 名牌(累计)", "name: 名牌", "brands：字段“name”是 名牌，表里是 名牌(累计)"),
        ('value: "80", printed: "80"', 'value: "85", printed: "85"', "satisfaction：字段“values”是"),
        # departments
        ("[市经信局, 市科技局]", "[市经信局, 市财政局]", "products：引文里没有部门“市财政局”"),
        ("[市经信局, 市科技局]", "[市经信局]", "products：引文列出的部门是 市经信局、市科技局"),
        ("[市经信局, 市科技局]", "[市科技局, 市经信局]", "products：部门的顺序与引文不同"),
        ("    lead: [市商务局]\n", "", "services：牵头部门“”与引文不符"),
        ("lead: [市商务局]", "lead: [市文旅局]", "services：牵头部门“市文旅局”与引文不符"),
        ("lead: [市商务局]", "lead: [市财政局]", "services：牵头部门“市财政局”不都在 departments 里"),
        ("lead: [市商务局]", "lead: [市商务局]\n    members_only: true", "services：members_only 与部门不符"),
    ],
)
def test_a_fault_is_found(findings, old, new, words):
    assert any(words in finding for finding in findings((old, new)))


def test_swapped_values_are_found(findings):
    found = findings(
        ('value: "95", bound: at_least, printed: 95%以上', 'value: "3", bound: at_least, printed: 不少于3个'),
        ('unit: "%"', "unit: 个"),
    )
    assert "test pass-rate：“不少于3个”与名称“产品合格率”之间隔着别的数字" in found


def _without(text, identity):
    """A list of facts without one of them."""
    kept = [item for item in re.split(r"(?m)(?=^  - |^not_)", text) if f"id: {identity}\n" not in item]
    assert len("".join(kept)) < len(text)
    return "".join(kept)


def test_a_row_without_indicator_is_found(load, make_policy):
    found = check_facts(load(_without(INDICATORS, "brands")), {"test": make_policy(TEXT)})
    assert [str(finding) for finding in found] == ["test 名牌(累计)：表里的这一行没有对应的指标"]


def test_a_figure_without_indicator_is_found(load, make_policy):
    found = check_facts(load(_without(INDICATORS, "platforms")), {"test": make_policy(TEXT)})
    assert [(finding.where, "没有对应的指标" in finding.message) for finding in found] == [("3个", True)]


def test_a_figure_that_is_not_declared_is_found(load, make_policy):
    found = check_facts(load(INDICATORS[: INDICATORS.index("not_indicators")]), {"test": make_policy(TEXT)})
    assert [finding.where for finding in found] == ["2所"]


@pytest.mark.parametrize(
    ("identity", "charges"), [("products", ["责任部门："]), ("services", ["牵头单位：", "责任单位："])]
)
def test_a_charge_without_responsibility_is_found(load, make_policy, identity, charges):
    facts = load(responsibilities=_without(RESPONSIBILITIES, identity))
    assert [finding.where for finding in check_facts(facts, {"test": make_policy(TEXT)})] == charges


def test_a_text_without_files_and_files_without_a_text_are_found(load, make_policy):
    found = check_facts(load(), {"other": make_policy("一、甲\n乙。\n", "other")})
    assert [(f.policy, f.where) for f in found] == [
        ("other", "indicators"),
        ("test", "indicators"),
        ("other", "responsibilities"),
        ("test", "responsibilities"),
    ]


def test_an_id_that_stands_twice_is_found():
    pair = FACTS.indicators_of("taizhou-2017")
    twice = (pair[0], pair[1].model_copy(update={"id": pair[0].id}), *pair[2:])
    facts = replace(FACTS, indicators={**FACTS.indicators, "taizhou-2017": twice})
    assert [str(f) for f in check_facts(facts, POLICIES)] == [f"taizhou-2017 {pair[0].id}：这个 id 用了不止一次"]


@pytest.mark.parametrize(
    ("printed", "number", "unit", "bound"),
    [
        ("98.2以上", "98.2", "", "at_least"),
        ("40%左右", "40", "%", "about"),
        ("超1000亿元", "1000", "亿元", "more_than"),
        ("高于 99.5%", "99.5", "%", "more_than"),
        ("≥95%", "95", "%", "at_least"),
        ("不超过3件", "3", "件", "at_most"),
        ("100 万元/人以上", "100", "万元/人", "at_least"),
        ("提高 10 个百分点", "10", "个百分点", None),
    ],
)
def test_reading_a_printed_value(printed, number, unit, bound):
    reading = read_value(printed)
    assert reading is not None
    assert (reading.number, reading.unit, reading.bound) == (Decimal(number), unit, bound)


@pytest.mark.parametrize("printed", ["-", "—", ""])
def test_a_dash_or_an_empty_cell_is_no_value(printed):
    reading = read_value(printed)
    assert reading is not None
    assert reading.number is None


# ------------------------------------------------------------------ the shipped facts
def test_the_shipped_facts_agree_with_the_texts():
    assert [str(finding) for finding in check_facts(FACTS, POLICIES)] == []


def test_how_many_there_are():
    counts = {policy: (len(FACTS.indicators_of(policy)), len(FACTS.responsibilities_of(policy))) for policy in POLICIES}
    assert counts == {
        "changle-2020": (0, 12),
        "sanmen-145": (40, 13),
        "taizhou-2017": (7, 6),
        "taizhou-2021": (8, 4),
        "zhoushan-2023": (22, 23),
    }


def test_the_table_has_27_rows():
    rows = list(table_rows(POLICIES["sanmen-145"].body))
    in_table = [one for one in FACTS.indicators_of("sanmen-145") if one.clause.startswith("二/（三）/")]
    assert [one.name for one in in_table] == [row.name for row in rows]
    assert len(rows) == 27


def test_there_are_21_numbered_tasks():
    tasks = [one for one in FACTS.responsibilities_of("zhoushan-2023") if "责任部门" in one.quote]
    assert [one.clause.rpartition("/")[2] for one in tasks] == [str(number) for number in range(1, 22)]
    assert [one.task for one in tasks if one.members_only] == ["推动质量社会共治"]
    assert all(one.task == POLICIES["zhoushan-2023"].clause(one.clause).heading for one in tasks)


@pytest.mark.parametrize(
    ("identity", "values"),
    [
        ("sm145-pinzibiao-enterprises", [("11", None), ("21", None)]),
        ("sm145-manufacturing-pass-rate", [("100", None), ("96", None)]),
        ("sm145-farm-produce-pass-rate", [("98.1", None), ("98.2", "at_least")]),
        ("sm145-domestic-trademarks", [("6390", None), ("10000", None)]),
        ("sm145-international-standards", [("1", None), (None, None)]),
        ("sm145-single-champions", [("0", None), ("2", None)]),
        ("sm145-pinzibiao-brands", [("10", "at_least")]),
        ("zs23-industry-share", [("40", "about")]),
        ("zs23-labour-productivity", [("100", "at_least")]),
        ("zs23-sports-instructors", [("2.8", "at_least")]),
        ("tz21-standards", [("1400", "at_least")]),
        ("tz17-smart-toilets", [("1000", "more_than")]),
    ],
)
def test_values_read_from_the_texts_by_hand(identity, values):
    found = next(one for listed in FACTS.indicators.values() for one in listed if one.id == identity)
    wanted = [(None if number is None else Decimal(number), bound) for number, bound in values]
    assert [(value.value, value.bound) for value in found.values] == wanted


@pytest.mark.parametrize(
    ("policy", "alias", "departments", "lead"),
    [
        ("zhoushan-2023", "惠民共享", "市经信局、市商务局、市市场监管局", ""),
        ("zhoushan-2023", "质量政策", "市财政局、市人社局、市市场监管局", ""),
        ("zhoushan-2023", "质量法治", "市法院、市检察院、市公安局、市司法局、市市场监管局", ""),
        ("sanmen-145", "工程质量", "住建局", "住建局"),
        ("sanmen-145", "第一责任人", "市场主体法定代表人、首席质量官", ""),
        ("changle-2020", "启动问责", "区效能办", ""),
        ("changle-2020", "解释部门", "区市场监管局", ""),
        ("taizhou-2021", "市区资金", "市财政", ""),
    ],
)
def test_departments_read_from_the_texts_by_hand(policy, alias, departments, lead):
    found = next(one for one in FACTS.responsibilities_of(policy) if alias in one.aliases)
    assert ("、".join(found.departments), "、".join(found.lead)) == (departments, lead)


def test_every_shipped_quotation_can_be_cited():
    for policy, text in POLICIES.items():
        for fact in (*FACTS.indicators_of(policy), *FACTS.responsibilities_of(policy)):
            start, end, quote = locate(text, fact.quote, text.clause(fact.clause))
            assert text.body[start:end] == quote


@pytest.mark.parametrize(
    ("policy", "identity"), [(policy, one.id) for policy, listed in FACTS.indicators.items() for one in listed]
)
def test_no_shipped_indicator_can_be_left_out_unnoticed(policy, identity):
    kept = tuple(one for one in FACTS.indicators_of(policy) if one.id != identity)
    assert check_facts(replace(FACTS, indicators={**FACTS.indicators, policy: kept}), POLICIES)
