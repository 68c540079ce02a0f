"""Days, months and years of a question, and how exactly they are known."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.understanding.dates import find_dates
from assistant.understanding.folding import fold

TODAY = date(2026, 11, 21)


def labels(text, today=TODAY):
    return [mention.period.label for mention in find_dates(fold(text).text, today)]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2022年获得", "2022"),
        ("2022年3月获得", "2022-03"),
        ("2022年3月15日获得", "2022-03-15"),
        ("2022年03月05号", "2022-03-05"),
        ("2022年12月份", "2022-12"),
        ("2022-03-15", "2022-03-15"),
        ("2022/3/5", "2022-03-05"),
        ("2022.3", "2022-03"),
        ("２０２２年３月", "2022-03"),
        # two digits
        ("22年获得", "2022"),
        ("19年8月", "2019-08"),
        ("98年", "1998"),
        # Chinese numerals
        ("二〇二二年三月十五日", "2022-03-15"),
        ("二零二二年三月", "2022-03"),
        ("二一年", "2021"),
        ("二〇二〇年十二月三十一日", "2020-12-31"),
        # parts of a year
        ("2021年上半年", "2021-01-01/2021-06-30"),
        ("2021年下半年", "2021-07-01/2021-12-31"),
        ("2021年初", "2021-01-01/2021-03-31"),
        ("2021年底", "2021-10-01/2021-12-31"),
        ("2021年年末", "2021-10-01/2021-12-31"),
        ("2021年第一季度", "2021-01-01/2021-03-31"),
        ("2021年4季度", "2021-10-01/2021-12-31"),
        # English
        ("in 2022", "2022"),
        ("March 2022", "2022-03"),
        ("Sept 2020", "2020-09"),
        # leap day
        ("2020年2月29日", "2020-02-29"),
    ],
)
def test_absolute(text, label):
    assert labels(text) == [label]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("去年", "2025"), ("前年", "2024"), ("大前年", "2023"), ("今年", "2026"), ("本年", "2026"), ("上一年", "2025"),
        ("去年5月", "2025-05"), ("去年5月6日", "2025-05-06"), ("前年上半年", "2024-01-01/2024-06-30"), ("去年底", "2025-10-01/2025-12-31"),
        ("上个月", "2026-10"), ("上月", "2026-10"), ("上上个月", "2026-09"), ("这个月", "2026-11"), ("本月", "2026-11"),
        ("今天", "2026-11-21"), ("昨天", "2026-11-20"), ("前天", "2026-11-19"), ("大前天", "2026-11-18"),
    ],
)  # fmt: skip
def test_relative_to_today(text, label):
    assert labels(f"我们{text}拿的") == [label]


@pytest.mark.parametrize(
    ("text", "today", "label"),
    [
        ("上个月", date(2021, 1, 15), "2020-12"),
        ("上上个月", date(2021, 1, 31), "2020-11"),
        ("昨天", date(2021, 3, 1), "2021-02-28"),
        ("昨天", date(2020, 1, 1), "2019-12-31"),
        ("去年", date(2022, 6, 1), "2021"),
        ("去年2月29日", date(2021, 6, 1), "2020-02-29"),
    ],
)
def test_relative_over_the_edge_of_a_year(text, today, label):
    assert labels(text, today) == [label]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2021年3月拿了首张，5月又复评", ["2021-03", "2021-05"]),
        ("2022年拿了质量奖，同年5月又拿了", ["2022", "2022-05"]),
        ("2022年6月拿了质量奖，同一年又拿了一个", ["2022-06", "2022"]),
        ("2020年8月和2021年9月", ["2020-08", "2021-09"]),
        ("2021年2月10日还是2月11日", ["2021-02-10", "2021-02-11"]),
    ],
)
def test_a_month_without_a_year_takes_the_year_before_it(text, found):
    assert labels(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "5月拿的",  # no year before it
        "2021年2月30日",  # not in the calendar
        "2021年13月",
        "2021-02-30",
        "2021年4月31日",
        "刚拿到",
        "有效期2年",
        "连续三年",
        "第三年",
        "",
    ],
)
def test_what_is_no_date(text):
    assert labels(text) == []


@pytest.mark.parametrize(
    ("text", "label"), [("5月拿的", "2022-05"), ("同年5月", "2022-05"), ("本年度", "2022"), ("5月6日", "2022-05-06")]
)
def test_the_year_of_the_conversation_completes_a_month(text, label):
    assert [m.period.label for m in find_dates(text, TODAY, year=2022)] == [label]


def test_a_year_that_is_said_counts_before_that_of_the_conversation():
    assert [m.period.label for m in find_dates("2021年3月和5月", TODAY, year=2018)] == ["2021-03", "2021-05"]


def test_mentions_say_where_they_stand():
    text = "我们2021年3月和22年5月拿的"
    first, second = find_dates(text, TODAY)
    assert (text[first.start : first.end], text[second.start : second.end]) == ("2021年3月", "22年5月")


def test_today_decides_what_two_digits_mean():
    assert labels("40年", date(2026, 1, 1)) == ["2040"]
    assert labels("47年", date(2026, 1, 1)) == ["1947"]
