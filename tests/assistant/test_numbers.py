"""Money and what it is, counts, ranks, examination results, times in succession."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.understanding.folding import fold
from assistant.understanding.model import Span
from assistant.understanding.numbers import (
    find_counts,
    find_money,
    find_ranks,
    find_results,
    find_times,
    number,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("40", 40), ("1,234,567", 1234567), ("12.5", Decimal("12.5")), ("四十", 40), ("一百二十", 120), ("两百", 200),
        ("〇", 0), ("十", 10), ("二十一", 21), ("三千五百", 3500), ("0", 0), ("007", 7),
    ],
)  # fmt: skip
def test_numbers_in_any_writing(text, value):
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "万", "abc", "十百十", "12.5.3"])
def test_what_is_no_number(text):
    assert number(text) is None


@pytest.mark.parametrize(
    ("text", "yuan", "role"),
    [
        ("之前领过30万", 300000, "received"),
        ("已经领了20万元", 200000, "received"),
        ("以前拿过四十万", 400000, "received"),
        ("累计领了1,200,000元", 1200000, "received"),
        ("注册费花了12.5万", 125000, "cost"),
        ("花费九千元", 9000, "cost"),
        ("花费9.9万元", 99000, "cost"),
        ("省里补了100万", 1000000, "cost"),
        ("总经费300万元", 3000000, "cost"),
        ("能拿100万对吧", 1000000, "asserted"),
        ("是150万还是多少", 1500000, "asserted"),
        ("五百块", 500, "asserted"),
        ("1.2亿元", 120000000, "asserted"),
        ("１００万", 1000000, "asserted"),
    ],
)
def test_money_and_what_it_is(text, yuan, role):
    (found,) = find_money(fold(text).text)
    assert (found.yuan, found.role) == (yuan, role)


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("花费九万九千元", 99000), ("花了9万9千元", 99000), ("花了12万5千", 125000), ("花了十二万五千块", 125000),
        ("花了三万五", 35000),
        ("花了9万9", 99000),
        ("花了9万8500元", 98500),
        ("总经费1亿2000万元", 120000000),
    ],
)  # fmt: skip
def test_a_sum_in_two_parts_is_one_sum(text, yuan):
    assert [found.yuan for found in find_money(fold(text).text)] == [yuan]


def test_the_role_is_said_in_the_same_part_of_the_sentence():
    received, asserted = find_money(fold("品字标已经领了30万，这次还能拿20万吧").text)
    assert (received.role, asserted.role) == ("received", "asserted")


@pytest.mark.parametrize("text", ["万事如意", "几万", "每万人口", "第三", "二〇二一年", "元旦"])
def test_what_is_no_money(text):
    assert find_money(fold(text).text) == []


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("拿了三个创新药", [3]), ("2项认证", [2]), ("拿了仨", [3]), ("拿了俩证书", [2]), ("一共12个品种", [12]),
        ("两张证书和三个平台", [2, 3]), ("十五个", [15]), ("另一个", [1]),
    ],
)  # fmt: skip
def test_counts(text, counts):
    assert [found.quantity for found in find_counts(text, [])] == counts


@pytest.mark.parametrize(
    "text", ["第三个", "这个", "哪个", "每个品种", "同一个项目", "两个都给吗", "0个", "三年", "5号", "1.5个", "个"]
)
def test_what_is_no_count(text):
    assert find_counts(text, []) == []


def test_what_is_taken_is_not_counted():
    assert find_counts("3个", [Span(0, 2)]) == []


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("排名第一", 1, 1), ("排第3", 3, 3), ("第二起草单位", 2, 2), ("名列第四位", 4, 4), ("第 5 顺位", 5, 5), ("排名2", 2, 2),
        ("牵头起草", 1, 1), ("为主制定", 1, 1), ("独家起草", 1, 1), ("第一起草单位", 1, 1),
        ("主导制定", 1, 3), ("参与制定", 4, 99), ("参编", 4, 99), ("不是第一", 2, 99), ("非第一起草单位", 2, 99),
        ("lead drafter", 1, 1),
    ],
)  # fmt: skip
def test_ranks(text, first, last):
    (found,) = find_ranks(fold(text).text, [])
    assert (found.rank.first, found.rank.last) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["第三次", "第二张证书", "第一个", "第十三批", "第5条", "第2项", "第一类新药", "第二季度", "第三方检测", "第四届"],
)
def test_what_is_no_rank(text):
    assert find_ranks(fold(text).text, []) == []


def test_a_number_is_exact_a_word_is_not():
    exact, word = find_ranks("排名第二，参与制定", [])
    assert (exact.exact, word.exact) == (True, False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("考核优秀", "优秀"), ("验收合格", "合格"), ("良好", "良好"), ("被国家采纳", "被国家采纳"), ("采纳了", "被国家采纳"),
        ("没有评上优秀", "非优秀"), ("不是优秀", "非优秀"), ("未被采纳", "非被国家采纳"), ("不是优秀，是良好", "良好"),
    ],
)  # fmt: skip
def test_results_that_are_said_or_denied(text, value):
    assert find_results(fold(text).text, [])[0].value == value


def test_a_result_inside_a_name_is_none():
    text = "优秀贡献奖"
    assert find_results(text, [Span(0, 5)]) == []


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("连续三次通过", 3), ("连续通过3次", 3), ("连着两回", 2), ("第三次通过", 3), ("连续第四次", 4), ("三次", None),
        ("连续三年", None), ("", None),
    ],
)  # fmt: skip
def test_times_in_succession(text, times):
    assert find_times(fold(text).text) == times
