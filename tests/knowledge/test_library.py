"""Loading the collection and finding quotations in it."""

from __future__ import annotations

import time

import pytest

from knowledge.errors import PolicyTextError
from knowledge.library import SHIPPED, clause_at, load_policies, locate, one_line

POLICIES = load_policies()


def test_loads_all_shipped_texts_quickly():
    started = time.perf_counter()
    policies = load_policies(SHIPPED)
    assert time.perf_counter() - started < 0.5  # measured 7 ms; the margin is for a busy machine
    assert list(policies) == ["changle-2020", "sanmen-145", "taizhou-2017", "taizhou-2021", "zhoushan-2023"]


def test_the_shipped_texts_cannot_be_changed_by_a_caller():
    load_policies().clear()
    assert load_policies()


def test_an_empty_folder_is_an_error(tmp_path):
    with pytest.raises(PolicyTextError, match="没有政策文本"):
        load_policies(tmp_path)


def test_a_file_must_be_named_after_its_id(tmp_path, sample):
    (tmp_path / "other.md").write_text(sample, "utf-8")
    with pytest.raises(PolicyTextError, match=r"other\.md.*“id”是 test"):
        load_policies(tmp_path)


@pytest.mark.parametrize(
    ("policy", "quote", "found"),
    [
        ("taizhou-2021", "给予40万元的奖励", "给予 40 万元的奖励"),
        ("taizhou-2021", "分别给予100万元、30万元的奖励", "分别给予 100 万元、30 万元\n\n的奖励"),
        ("sanmen-145", "马德里商标国际注册量(累计) 37 52", "马德里商标国际注册量(累计)\t\t37\t52"),
        ("taizhou-2017", "省着 名商\n标", "省着名商标"),
    ],
)
def test_finds_a_quotation_whatever_its_whitespace(policy, quote, found):
    start, end, text = locate(POLICIES[policy], quote)
    assert text == found
    assert POLICIES[policy].body[start:end] == text


def test_finds_a_quotation_within_a_clause():
    policy = POLICIES["taizhou-2021"]
    clause = policy.clause("三/（三）/3")
    start, _, _ = locate(policy, "分别给予主要承担单位50万元、20万元的奖励", within=clause)
    assert clause_at(policy, start) == clause


def test_a_clause_includes_its_sub_clauses():
    policy = POLICIES["changle-2020"]
    start, _, _ = locate(policy, "每项给予20万元经费资助", within=policy.clause("三/（二）"))
    assert clause_at(policy, start).path == "三/（二）/3/（7）"


@pytest.mark.parametrize("quote", ["给予41万元的奖励", "", "  "])
def test_what_is_not_there_is_an_error(quote):
    with pytest.raises(KeyError, match="taizhou-2021"):
        locate(POLICIES["taizhou-2021"], quote)


def test_what_stands_in_another_clause_is_an_error():
    policy = POLICIES["taizhou-2021"]
    with pytest.raises(KeyError, match="taizhou-2021 四"):
        locate(policy, "有效期2年", within=policy.clause("四"))


def test_unknown_clause_and_offset():
    with pytest.raises(KeyError, match="没有条款 九"):
        POLICIES["taizhou-2021"].clause("九")
    with pytest.raises(IndexError):
        clause_at(POLICIES["taizhou-2021"], 10**6)


@pytest.mark.parametrize(
    ("quote", "line"),
    [
        ("给予 30 万元\n\n的奖励；", "给予 30 万元的奖励；"),
        ("五、附则\n\n本意见自发文之日起施行。", "五、附则 本意见自发文之日起施行。"),
        ("第一句。\n第二句。", "第一句。 第二句。"),
        ("合格率\t%\t100\t96", "合格率  %  100  96"),
    ],
)
def test_a_quotation_on_one_line(quote, line):
    assert one_line(quote) == line
