"""The awards of two policies side by side."""

from __future__ import annotations

import pytest

from rules.loader import load_rules
from rules.model import RankCondition
from rules.pairing import _ranks_meet, pairs, yuan_of  # pyright: ignore[reportPrivateUsage]

BOOK = load_rules()
OLD, NEW, CHANGLE = (BOOK.policies[policy] for policy in ("taizhou-2017", "taizhou-2021", "changle-2020"))


def ids(found, change):
    return {
        (pair.left.award.id if pair.left else None, pair.right.award.id if pair.right else None)
        for pair in found
        if pair.change == change
    }


@pytest.mark.parametrize(("left", "right"), [(OLD, NEW), (NEW, OLD), (NEW, CHANGLE), (CHANGLE, OLD)])
def test_every_award_of_both_is_told(left, right):
    found = pairs(left, right)
    assert {p.left.award.id for p in found if p.left} == {award.id for _, award in left.awards()}
    assert {p.right.award.id for p in found if p.right} == {award.id for _, award in right.awards()}


def test_the_other_way_round_everything_is_reversed():
    there, back = pairs(OLD, NEW), pairs(NEW, OLD)
    for change, other in (("raised", "lowered"), ("added", "dropped"), ("same", "same"), ("conditions", "conditions")):
        assert {(b, a) for a, b in ids(there, change)} == ids(back, other)


def test_what_was_raised():
    assert ids(pairs(OLD, NEW), "raised") == {
        ("tz17-china-quality-award", "tz21-china-quality-award"),
        ("tz17-china-quality-nomination", "tz21-china-quality-nomination"),
        ("tz17-zhejiang-quality-award", "tz21-zhejiang-quality-award"),
        ("tz17-china-standard-award", "tz21-china-standard-award"),
        ("tz17-zhejiang-standard-award", "tz21-zhejiang-standard-major"),
        ("tz17-zhejiang-standard-award", "tz21-zhejiang-standard-excellent"),
        ("tz17-tc-national", "tz21-tc-national"),
        ("tz17-sc-national", "tz21-sc-national"),
        ("tz17-green-product", "tz21-green-product"),
        ("tz17-green-product", "tz21-agricultural-gi"),
        ("tz17-green-product", "tz21-green-food"),
    }


def test_what_was_lowered():
    assert ids(pairs(OLD, NEW), "lowered") == {("tz17-standard-local", "tz21-standard-local-municipal")}


def test_a_result_is_required_now():
    conditions = {p.right.award.id: p.conditions for p in pairs(OLD, NEW) if p.change == "conditions" and p.right}
    (condition,) = conditions["tz21-pilot-industry-municipal"]
    assert (condition.kind, condition.left, condition.right) == ("result", None, "优秀")
    (condition,) = conditions["tz21-test-center-national"]
    assert (condition.kind, condition.left, condition.right) == ("stage", "approved", None)


def test_an_award_that_one_text_divides_belongs_to_each_part():
    lead = ("tz21-standard-local-provincial", "cl20-standard-local-lead")
    assert lead in ids(pairs(NEW, CHANGLE), "conditions")
    pilots = {right for left, right in ids(pairs(NEW, CHANGLE), "lowered") if left and "pilot" in left}
    assert pilots == {"cl20-pilot-national", "cl20-pilot-provincial", "cl20-pilot-municipal"}


def test_ranks_that_exclude_each_other_are_other_awards():
    dropped = {right for _, right in ids(pairs(NEW, CHANGLE), "added")}
    assert "cl20-standard-international-join" in dropped


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [((1, 1), (1, 3), True), ((1, 1), (4, None), False), ((5, 5), (4, None), True), ((4, None), (2, 3), False)],
)
def test_ranks_meet(one, other, meet):
    first, second = (RankCondition(first=a, last=b, text="x") for a, b in (one, other))
    assert _ranks_meet(first, second) is meet
    assert _ranks_meet(second, first) is meet
    assert _ranks_meet(None, second)


def test_what_an_award_pays_for_one():
    amounts = {award.id: yuan_of(award) for _, award in OLD.awards()}
    assert amounts["tz17-famous-brand"] == 100000
    assert amounts["tz17-testing-research"] is None
    assert amounts["tz17-exhibition-fee"] is None
