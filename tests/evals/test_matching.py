"""Words in an answer and quotations in a clause: what counts as there, and what does not."""

from __future__ import annotations

import pytest
from eval_examples import TEXTS, cite, cite_span

from evals.matching import clauses_at, contains, is_named, is_verbatim, is_whole, missing, stands_in, starts_with

TEN = ["10万", "10万元", "10 万元", "100,000元", "100，000 元", "100000元"]
TEXT = TEXTS["taizhou-2021"]
QUOTE = "对获得浙江省政府质量奖、质量管理创新奖的组织，分别给予100万元、30万元的奖励"


# ------------------------------------------------------------------ words
@pytest.mark.parametrize("item", TEN)
@pytest.mark.parametrize(
    "text",
    [
        "给予10万元",
        "给予 10 万",
        "给予100,000 元",
        "给予100，000元",
        "给予十万元",
        "给予１０万元",
        "**10** 万元",
        "100000元整",
    ],
)
def test_an_amount_may_be_written_in_any_way(text, item):
    assert contains(text, item)


@pytest.mark.parametrize("item", TEN)
@pytest.mark.parametrize(
    "text",
    [
        "110万元",
        "10.5万元",
        "2.10万元",
        "1,100,000元",
        "1000000元",
        "100,000,000元",
        "二十万元",
        "10亿元",
        "10%",
        "10家",
    ],
)
def test_an_amount_is_not_found_inside_another(text, item):
    assert not contains(text, item)


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("共 5 家", "5家"),
        ("达到 98.2% 以上", "98.2%"),
        ("达到９８％", "９８%"),
        ("达到98％", "98%"),
        ("到2022年", "2022"),
        ("三/（一）/1", "1"),
        ("由**县市场监管局**\n负责", "县市场监管局负责"),
        ("ISO 9001 认证", "iso9001"),
        ("50%", "50%"),
        ("第1.", "1"),
    ],
)
def test_what_stands_there(text, item):
    assert contains(text, item)


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("共15家", "5家"),
        ("3.5家", "5家"),
        ("达到198.2%", "98.2%"),
        ("98.25", "98.2"),
        ("20221年", "2022"),
        ("12022年", "2022年"),
        ("每年10家", "1"),
        ("1.5", "1"),
        ("市场监管局", "县市场监管局"),
        ("", "x"),
    ],
)
def test_what_does_not_stand_there(text, item):
    assert not contains(text, item)


def test_signs_of_a_pattern_mean_themselves():
    assert contains("（1+X）*", "1+x")
    assert not contains("11X", "1+X")
    assert not contains("ab", "a.")


def test_missing_names_what_is_absent_and_of_a_choice_wants_one():
    text = "可以领取 100 万元，文件已过有效期"
    assert missing(text, ["100万", ["失效", "有效期"]]) == []
    assert missing(text, ["30万", ["失效", "废止"], "100万"]) == ["30万", ["失效", "废止"]]
    assert missing(text, []) == []


def test_the_beginning_of_a_text():
    assert starts_with("** 可以** 领取", "可以领取")
    assert not starts_with("不可以领取", "可以")


# ------------------------------------------------------------------ quotations
def test_a_quotation_is_verbatim_where_it_says_it_stands():
    citation = cite()
    assert is_verbatim(citation, TEXT)
    assert TEXT.body[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "对获得浙江省政府质量奖的组织，给予100万元的奖励"},
        {"start": cite().start + 1},
        {"end": cite().end - 1},
        {"quote": "", "end": cite().start},
        {"quote": " ", "start": 0, "end": 0},
        {"start": 0, "end": len(cite().quote)},
    ],
)
def test_a_quotation_elsewhere_or_otherwise_is_not_verbatim(change):
    assert not is_verbatim(cite().model_copy(update=change), TEXT)


@pytest.mark.parametrize(("start", "end"), [(1, 1), (1, 0), (0, -1), (-2, 0), (0, 2), (-1, -1)])
def test_a_quotation_that_is_cut_within_words_is_not_whole(start, end):
    assert is_whole(cite(), TEXT)
    assert not is_whole(cite_span(cite().start + start, cite().end + end), TEXT)


def test_a_quotation_may_be_the_whole_text_or_end_with_its_stop():
    assert is_whole(cite_span(0, len(TEXT.body)), TEXT)
    assert is_whole(cite_span(cite().start, cite().end + 1), TEXT)


def test_a_quotation_stands_in_its_clause_and_those_around_it():
    for path in ("三/（一）/1", "三/（一）", "三", "（一）/1"):
        assert stands_in(cite(), TEXT, path), path
    for path in ("三/（一）/2", "三/（二）/1", "五", "文头"):
        assert not stands_in(cite(), TEXT, path), path


def test_a_quotation_of_another_policy_stands_in_no_clause_of_this_one():
    other = cite("taizhou-2017", "二/（四）", "对获得浙江省政府质量奖、质量奖提名奖的企业")
    assert stands_in(other, TEXTS["taizhou-2017"], "（四）")
    assert not stands_in(other.model_copy(update={"start": cite().start, "end": cite().end}), TEXT, "三/（一）/1")


@pytest.mark.parametrize(("length", "enough"), [(5, False), (6, True)])
def test_a_scrap_proves_nothing(length, enough):
    citation = cite(quote=QUOTE[:length])
    assert stands_in(citation, TEXT, "三/（一）/1") is enough


def test_blanks_make_no_scrap_longer():
    citation = cite(quote=QUOTE[:4])
    assert not stands_in(citation.model_copy(update={"quote": "对 获 得 浙"}), TEXT, "三/（一）/1")


@pytest.mark.parametrize(("inside", "enough"), [(20, True), (19, False)])
def test_at_least_half_of_a_quotation_must_lie_in_the_clause(inside, enough):
    clause = TEXT.clause("三/（一）/2")
    start = clause.start - (40 - inside)
    citation = cite_span(start, start + 40)
    assert stands_in(citation, TEXT, "三/（一）/2") is enough
    assert stands_in(citation, TEXT, "三/（一）/1") is (40 - inside >= 20)


def test_several_clauses_count_together():
    parent = TEXT.clause("三/（一）/2")
    start = parent.start - 20
    citation = cite_span(start, start + 40)
    assert stands_in(citation, TEXT, "三/（一）")


# ------------------------------------------------------------------ clauses by their path
def paths(policy: str, path: str) -> list[str]:
    return [clause.path for clause in clauses_at(TEXTS[policy], path)]


def test_a_path_means_the_clause_with_its_sub_clauses():
    assert paths("taizhou-2021", "三/（一）") == ["三/（一）", "三/（一）/1", "三/（一）/2"]
    assert paths("taizhou-2021", "三/（一）/1") == ["三/（一）/1"]


def test_enclosing_numerals_may_be_left_out():
    (full,) = paths("taizhou-2017", "（四）")
    assert full.endswith("/（四）")
    assert paths("taizhou-2017", full) == [full]
    assert paths("taizhou-2021", "（一）/1") == ["三/（一）/1"]


def test_a_number_does_not_mean_one_that_begins_like_it():
    assert not [path for path in paths("taizhou-2017", "（二）") if "（二十" in path]
    assert "三/（二）/1" not in paths("taizhou-2021", "（一）/1")


def test_a_part_without_a_number_may_be_called_otherwise():
    assert "二/（三）" not in (table := paths("sanmen-145", "二/（三）/主要指标表"))
    assert table
    assert all(path.startswith("二/（三）/") for path in table)
    assert "前言" in paths("taizhou-2017", "序言")
    assert not [path for path in paths("taizhou-2017", "序言") if "/" in path]


@pytest.mark.parametrize("path", ["九", "三/（九）", "三/（一）/9", "三/(一)/1", "九/（一）/表"])
def test_a_clause_that_is_not_there_is_none(path):
    assert paths("taizhou-2021", path) == []


@pytest.mark.parametrize(
    ("given", "wanted", "named"),
    [
        ("三/（一）/1", "三/（一）/1", True),
        ("三/(一)/1", "三/（一）/1", True),
        ("（一）/1", "三/（一）/1", False),
        ("三/（一）/1/（2）", "三/（一）/1", True),
        ("三/（一）/2", "三/（一）/1", False),
        ("三/（一）", "三/（一）/1", False),
        ("四/（四）", "（四）", True),
        ("四/（十四）", "（四）", False),
        ("二/（三）/质量强县主要指标", "二/（三）/主要指标表", True),
        ("前言", "文头", True),
    ],
)
def test_whether_a_path_names_the_clause(given, wanted, named):
    assert is_named(given, wanted) is named
