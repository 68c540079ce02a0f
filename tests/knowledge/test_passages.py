"""What becomes a passage."""

from __future__ import annotations

import pytest

from knowledge.library import load_policies
from knowledge.passages import passages_of

TABLE = "二/（三）/质量强县建设“十四五”规划主要指标"


def quotes(policy, path):
    return [passage.quote for passage in passages_of([policy]) if passage.clause == path]


def test_sentences_and_items(make_policy):
    policy = make_policy(
        "一、甲\n（一）设奖。对获得省质量奖的企业，给予10万元的奖励；对获得市质量奖的企业，给予5万元的奖励；短;其余不奖。\n"
    )
    assert quotes(policy, "一/（一）") == [
        "（一）设奖。对获得省质量奖的企业，给予10万元的奖励；",
        "对获得市质量奖的企业，给予5万元的奖励；短;其余不奖。",
    ]


def test_a_sentence_broken_by_the_page_is_one_passage(make_policy):
    policy = make_policy(
        "一、甲\n1.设立奖项。对获得省质量奖的企业，给予10万元\n\n的奖励。对获得市质量奖的企业，给予5万元的奖励。\n"
    )
    broken = passages_of([policy])[1]
    assert broken.quote == "1.设立奖项。对获得省质量奖的企业，给予10万元\n\n的奖励。"
    assert broken.indexed_text.endswith("给予10万元的奖励。")


def test_a_full_stop_within_brackets_cuts_nothing(make_policy):
    policy = make_policy(
        "一、甲\n1.办事。推动事情向前发展直到完成。（责任部门：市发改委、市经信局、市科技局。以下各项均需各县（区）政府落实，不再一一列出）\n"
    )
    assert (
        quotes(policy, "一/1")[-1]
        == "（责任部门：市发改委、市经信局、市科技局。以下各项均需各县（区）政府落实，不再一一列出）"
    )


def test_a_heading_that_stands_alone_stays_with_the_sentence_after_it(make_policy):
    policy = make_policy("一、甲\n（一）发展现状\n\n四大质量稳步提升。近年来全县深入推进质量工作。\n")
    assert quotes(policy, "一/（一）") == ["（一）发展现状\n\n四大质量稳步提升。近年来全县深入推进质量工作。"]


def test_a_listed_item_starts_a_passage_although_nothing_ends_the_line_before(make_policy):
    box = ["专栏1:完善质量治理体系的各项工作", "1、深度融入全省质量监管数字场景", "2、完善共治体系助推区域质量提升"]
    policy = make_policy("一、甲\n先把这件事情一步一步地做好。\n" + "\n\n".join(box) + "\n")
    assert quotes(policy, "一")[1:] == box


def test_a_clause_that_is_only_a_heading_is_one_passage(make_policy):
    assert quotes(make_policy(), "一") == ["一、奖励"]


def test_a_passage_knows_its_headings_and_is_embedded_without_them(make_policy):
    passage = next(passage for passage in passages_of([make_policy()]) if passage.clause == "一/（二）")
    assert passage.indexed_text == "（二）标准。对制定国家标准的单位，给予30万元的奖励。"
    assert passage.headings == ("奖励", "标准")


def test_another_heading_makes_another_passage(make_policy):
    one, other = (passages_of([make_policy(f"一、{name}\n对企业给予奖励。\n")])[0] for name in ("甲甲", "乙乙"))
    assert one.id != other.id


def test_equal_sentences_have_ids_of_their_own(make_policy):
    policy = make_policy("一、甲\n对获得省质量奖的企业给予奖励。对获得省质量奖的企业给予奖励。\n")
    assert len({passage.id for passage in passages_of([policy])}) == len(passages_of([policy]))


def test_an_unchanged_passage_keeps_its_id_when_it_moves(make_policy):
    before = {passage.quote: passage for passage in passages_of([make_policy()])}
    longer = (
        "各部门：\n为了别的更长的试验，提出如下意见。\n一、奖励\n（一）质量。对获得市质量奖的企业，给予10万元的奖励；\n"
    )
    after = {passage.quote: passage for passage in passages_of([make_policy(longer)])}
    quote = "（一）质量。对获得市质量奖的企业，给予10万元的奖励；"
    assert before[quote].id == after[quote].id
    assert before[quote].start != after[quote].start


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("马德里商标国际注册量(累计)\t\t37\t52", "品牌建设 马德里商标国际注册量(累计) 2020年实绩 37 2025年目标 52"),
        (
            "农产品质量安全监测合格率\t%\t98.1\t98.2以上",
            "质量建设 农产品质量安全监测合格率 单位 % 2020年实绩 98.1 2025年目标 98.2以上",
        ),
        ("主导和参与制修订国际标准(新增)\t\t1\t-", "标准建设 主导和参与制修订国际标准(新增) 2020年实绩 1 2025年目标 -"),
    ],
)
def test_a_row_of_a_table_spells_out_its_columns(quote, words):
    rows = {
        passage.quote: passage for passage in passages_of([load_policies()["sanmen-145"]]) if passage.clause == TABLE
    }
    assert rows[quote].indexed_text == words


def test_the_table_has_all_its_rows():
    rows = quotes(load_policies()["sanmen-145"], TABLE)
    assert len([row for row in rows if row.count("\t") == 3]) == 27
    assert [row for row in rows if "\t" not in row] == ["质量建设", "标准建设", "品牌建设"]
