"""What must be known beside an answer: lapsed, repealed, for reference, who interprets, who pays."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.notices import (
    chinese_day,
    funding_notices,
    interpretation_notice,
    reference_notice,
    repealing,
    state_notice,
)
from assistant.sources import Sources
from knowledge.library import load_policies
from rules.model import Place


@pytest.fixture(scope="module")
def sources(book):
    return Sources(load_policies(), book)


def place(district=None, city="台州市", province="浙江省"):
    return Place(province=province, city=city, district=district)


@pytest.mark.parametrize(
    ("policy", "today", "kind"),
    [
        ("taizhou-2021", date(2021, 2, 10), "not_yet_in_force"),
        ("taizhou-2021", date(2021, 2, 11), None),
        ("taizhou-2021", date(2023, 2, 10), None),
        ("taizhou-2021", date(2023, 2, 11), "expired"),
        ("taizhou-2017", date(2017, 6, 6), "not_yet_in_force"),
        ("taizhou-2017", date(2021, 2, 10), None),
        ("taizhou-2017", date(2021, 2, 11), "repealed"),
        ("changle-2020", date(2019, 12, 31), "not_yet_in_force"),
        ("changle-2020", date(2050, 1, 1), None),
        ("sanmen-145", date(2025, 12, 31), None),
        ("sanmen-145", date(2026, 1, 1), "expired"),
        ("zhoushan-2023", date(2050, 1, 1), None),
    ],
)
def test_whether_a_policy_runs(book, sources, policy, today, kind):
    notice = state_notice(book, sources, policy, today)
    assert (notice.kind if notice else None) == kind
    if notice and kind != "not_yet_in_force":
        assert notice.citation is not None


def test_a_plan_does_not_lapse_like_an_award(book, sources):
    notice = state_notice(book, sources, "sanmen-145", date(2026, 1, 1))
    assert "规划期已满" in notice.text
    assert "受理" not in notice.text


def test_a_lapsed_policy_says_that_only_the_authority_knows(book, sources):
    for policy in ("taizhou-2017", "taizhou-2021"):
        assert "以主管部门答复为准" in state_notice(book, sources, policy, date(2026, 1, 1)).text


def test_never_says_that_a_newer_policy_exists_or_does_not(book, sources):
    text = state_notice(book, sources, "taizhou-2021", date(2026, 1, 1)).text
    assert not any(word in text for word in ("新政策", "新文件", "没有新", "尚无"))


def test_what_repeals_what(book):
    by, clause, quote = repealing(book, "taizhou-2017")
    assert (by.policy, clause) == ("taizhou-2021", "五")
    assert "废止" in quote
    assert repealing(book, "taizhou-2021") is None


def test_for_reference_only_where_the_policy_does_not_bind(book, sources):
    assert reference_notice(book, sources, "taizhou-2017", place("温岭市")).kind == "reference_only"
    assert reference_notice(book, sources, "taizhou-2021", place("温岭市")) is None
    assert reference_notice(book, sources, "changle-2020", place("长乐区", "福州市", "福建省")) is None


def test_only_changle_names_who_interprets(book, sources):
    assert "区市场监管局" in interpretation_notice(book, sources, "changle-2020").text
    for policy in ("taizhou-2017", "taizhou-2021", "sanmen-145", "zhoushan-2023"):
        assert interpretation_notice(book, sources, policy) is None


@pytest.mark.parametrize(
    ("district", "claims", "said"),
    [
        ("椒江区", [("pinzibiao", None)], ["市财政承担"]),
        ("台州湾新区", [("pinzibiao", None)], ["市财政承担"]),
        ("温岭市", [("pinzibiao", None)], ["没有写明台州市温岭市"]),
        ("三门县", [("quality-award", "municipal")], ["统一解决"]),
        ("椒江区", [("quality-award", "municipal")], ["市财政承担", "统一解决"]),
        ("三门县", [("quality-award", "provincial")], ["没有写明台州市三门县"]),
    ],
)
def test_who_pays(book, sources, district, claims, said):
    notices = funding_notices(book, sources, "taizhou-2021", place(district), claims)
    assert [notice.kind for notice in notices] == ["funding"] * len(said)
    for notice, words in zip(notices, said, strict=True):
        assert words in notice.text
        assert (notice.citation is None) == ("没有写明" in words)


def test_a_text_that_names_no_payer_says_so(book, sources):
    (notice,) = funding_notices(book, sources, "taizhou-2017", place("椒江区"), [("quality-award", "municipal")])
    assert "没有写明" in notice.text


def test_days_as_they_are_written():
    assert chinese_day(date(2021, 2, 9)) == "2021年2月9日"
