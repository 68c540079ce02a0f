"""How texts are divided, and what is said of texts that cannot be."""

from __future__ import annotations

import pytest

from knowledge.errors import PolicyTextError
from knowledge.numbering import chinese_number
from knowledge.parser import parse_policy, parse_text


def paths(policy):
    return [clause.path for clause in policy.clauses]


def own(policy, path):
    return policy.text_of(policy.clause(path)).strip()


def test_divides_a_plain_text(make_policy):
    assert paths(make_policy()) == ["前言", "一", "一/（一）", "一/（二）", "二"]


def test_numbers_restart_under_a_new_parent_or_run_on(make_policy):
    body = "一、甲\n1.子。\n2.丑。\n二、乙\n1.寅。\n三、丙\n2.卯。\n3.辰。\n"
    assert paths(make_policy(body)) == ["一", "一/1", "一/2", "二", "二/1", "三", "三/2", "三/3"]


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("一、甲\n三、丙\n", 9, "编号“三”接不上"),
        ("一、甲\n（一）子。\n\n（三）丑。\n", 11, "编号“（三）”接不上"),
        ("一、甲\n2.丑。\n", 9, "同级还没有编号"),
        ("一、甲\n1.子。\n1.丑。\n", 10, "条款 一/1 出现两次，前一次在第 9 行"),
        ("没有编号的正文。\n", 8, "没有一个带编号的标题"),
    ],
)
def test_numbers_that_do_not_follow_are_errors_with_file_and_line(make_policy, body, line, words):
    with pytest.raises(PolicyTextError) as caught:
        make_policy(body)
    assert str(caught.value).startswith(f"test.md:{line}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "line", ["1.5倍以内给予补助。", "2021年起施行。", "专栏1:重点", "1、一般的列举;", "3月底完成。"]
)
def test_what_only_looks_like_a_number_is_none(make_policy, line):
    assert paths(make_policy(f"一、甲\n{line}\n二、乙\n")) == ["一", "二"]


def test_a_reference_broken_by_the_page_is_no_heading(make_policy):
    policy = make_policy("一、甲\n（一）子。按第\n\n（一）项执行。\n（二）丑。\n")
    assert paths(policy) == ["一", "一/（一）", "一/（二）"]


def test_a_paragraph_broken_by_the_page_stays_with_its_item(make_policy):
    policy = make_policy(
        "一、甲\n1.子。写到这里\n\n没有写完。\n\n又到一页。\n2.丑。完了\n\n（责任部门：市局）\n二、乙\n"
    )
    assert paths(policy) == ["一", "一/1", "一/2", "二"]
    assert own(policy, "一/1").endswith("又到一页。")
    assert own(policy, "一/2").endswith("（责任部门：市局）")


def test_a_bracket_after_a_full_stop_stays_with_its_item(make_policy):
    policy = make_policy("一、甲\n1.子。完了。\n\n（责任部门：市局）\n二、乙\n")
    assert paths(policy) == ["一", "一/1", "二"]


def test_a_paragraph_after_the_last_item_closes_the_enclosing_clause(make_policy):
    policy = make_policy("一、甲\n（一）子。完了。\n（二）丑。完了。\n以上各项不重复。\n二、乙\n")
    assert paths(policy) == ["一", "一/（一）", "一/（二）", "一/末段", "二"]
    assert own(policy, "一/末段") == "以上各项不重复。"


def test_an_item_whose_heading_stands_alone_owns_all_its_paragraphs(make_policy):
    policy = make_policy("一、甲\n（一）子项\n第一段。\n第二段。\n二、乙\n")
    assert paths(policy) == ["一", "一/（一）", "二"]


def test_the_final_provision_stands_at_the_top(make_policy):
    policy = make_policy("一、甲\n（一）子项\n一段。\n本办法由市局负责解释。\n")
    assert paths(policy)[-1] == "末段"


def test_the_final_provision_under_its_own_heading_stays_there(make_policy):
    policy = make_policy("一、甲\n二、附则\n由市局执行。\n本办法自印发之日起施行。\n")
    assert paths(policy) == ["一", "二"]


def test_parts_without_number(make_policy):
    body = "市人民政府文件\n关于试验的意见\n各部门：\n提出如下意见。\n一、甲\n"
    policy = make_policy(body + "市人民政府\n2021年2月11日\n（公开）\n")
    assert paths(policy)[:2] == ["文头", "前言"]
    assert own(policy, "落款") == "市人民政府\n2021年2月11日\n（公开）"


def test_an_issuing_notice_runs_up_to_the_preamble_of_the_text(make_policy):
    notice = "关于印发\n《方案》的通知\n各部门：\n现印发给你们。\n市政府\n2021年2月11日\n方案\n为了试验，制定方案。\n"
    policy = make_policy(notice + "一、甲\n")
    assert paths(policy) == ["印发通知", "前言", "一"]
    assert own(policy, "前言") == "为了试验，制定方案。"


def test_a_table_is_a_clause_named_by_its_title(make_policy):
    table = "主要 指标/表\n类别\t指标\t单位\t目标\n质量\n合格率\t%\t96\n企业\t\t5\n"
    policy = make_policy(f"一、甲\n（一）目标\n前面一段。\n{table}后面一段。\n二、乙\n")
    assert paths(policy) == ["一", "一/（一）", "一/（一）/主要指标／表", "一/（一）/末段", "二"]
    assert own(policy, "一/（一）/主要指标／表") == table.strip()
    assert policy.clause("一/（一）/主要指标／表").heading == "主要 指标/表"


@pytest.mark.parametrize(("text", "value"), [("一", 1), ("十", 10), ("十九", 19), ("二十", 20), ("二十六", 26)])
def test_chinese_numbers(text, value):
    assert chinese_number(text) == value


@pytest.mark.parametrize("text", ["一二", "十十", "十二三"])
def test_what_is_no_chinese_number(text):
    with pytest.raises(ValueError, match=text):
        chinese_number(text)


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (lambda text: text.split("---\n", 2)[2], 1, "没有元数据"),
        (lambda text: text.replace("---\n各", "各"), 1, "元数据没有结束"),
        (lambda text: text.replace("title: 关于试验的意见\n", ""), 1, "缺少字段“title”"),
        (lambda text: text.replace("title: 关于试验的意见", "title:"), 3, "“title”的值“None”不对；应写文件标题"),
        (lambda text: text.replace("title: 关于试验的意见", "title: 2021"), 3, "“title”的值“2021”不对"),
        (lambda text: text.replace("source: 试验", "region: 台州"), 6, "没有“region”这个字段；允许的字段是 id、title"),
        (lambda text: text.replace("source: 试验", "id: 又一个"), 6, "字段 id 写了两次"),
        (lambda text: text.replace("source: 试验", "source: ["), 6, "元数据读不出来"),
        (lambda text: text.split("各部门")[0] + " \n", 7, "没有正文"),
    ],
)
def test_front_matter_errors_name_file_line_and_field(sample, change, line, words):
    with pytest.raises(PolicyTextError) as caught:
        parse_text(change(sample), "test.md")
    assert str(caught.value).startswith(f"test.md:{line}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [("标题\n正文".encode("gb18030"), "x.md:1: 文件不是 UTF-8"), (b"PK\x03\x04\x00\x00", "二进制"), (None, "无法读取")],
)
def test_files_that_are_no_text(tmp_path, data, words):
    path = tmp_path / "x.md"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(PolicyTextError, match=words):
        parse_policy(path)


def test_windows_line_ends_and_byte_order_mark(tmp_path, sample):
    path = tmp_path / "test.md"
    path.write_bytes(b"\xef\xbb\xbf" + sample.replace("\n", "\r\n").encode())
    assert parse_policy(path) == parse_text(sample, "test.md")
