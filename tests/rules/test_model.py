"""Periods and ranks as they are written, and what the model refuses."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError
from worked_examples import period_of

from rules.assessment import Applicant, Claim, Line, RankRange
from rules.model import Period


@pytest.mark.parametrize(
    "text",
    ["2022", "2022-03", "2022-02", "2024-02", "2022-12", "2022-03-15", "2022-01-01"],
)
def test_a_period_is_written_as_exactly_as_it_is_known(text):
    assert period_of(text).label == text


@pytest.mark.parametrize(
    "text", ["2021-01-01/2021-06-30", "2021-02-01/2021-02-27", "2021-01-15/2021-01-31", "2020-01-01/2021-12-31"]
)
def test_other_periods_are_written_with_both_days(text):
    assert period_of(text).label == text


@pytest.mark.parametrize("text", ["2021-01-01/2021-01-28", "2021-01-01/2021-01-30", "2024-02-01/2024-02-28"])
def test_a_part_of_a_month_is_no_month(text):
    assert period_of(text).label == text


def test_a_period_does_not_run_backwards():
    with pytest.raises(ValidationError, match="after last day"):
        Period(first=date(2022, 2, 1), last=date(2022, 1, 1))


@pytest.mark.parametrize(
    ("first", "last", "part"),
    [
        (None, None, "2021"),
        (date(2021, 2, 11), None, "2021-02-11/2021-12-31"),
        (None, date(2021, 2, 10), "2021-01-01/2021-02-10"),
        (date(2021, 12, 31), None, "2021-12-31"),
        (date(2022, 1, 1), None, None),
        (None, date(2020, 12, 31), None),
    ],
)
def test_overlap_of_a_year(first, last, part):
    found = period_of("2021").overlap(first, last)
    assert found == (period_of(part) if part else None)


@pytest.mark.parametrize(
    ("first", "last", "label"), [(1, 1, "第 1 位"), (1, 3, "第 1 至 3 位"), (4, 99, "第 4 位及之后"), (2, 2, "第 2 位")]
)
def test_ranks_as_they_are_written(first, last, label):
    assert RankRange(first=first, last=last).label == label


@pytest.mark.parametrize(
    "make",
    [
        lambda: Claim(concept="quality-award", quantity=0),
        lambda: Claim(concept="quality-award", rank=RankRange(first=0, last=1)),
        lambda: Claim(concept="quality-award", times=-1),
        lambda: Claim(concept="quality-award", colour="red"),
        lambda: Applicant(received_yuan={"pinzibiao": -1}),
        lambda: Applicant(received_yuan={"pinzibiao": 0.5}),
        lambda: Applicant(type="company"),
    ],
)
def test_what_cannot_be_is_refused(make):
    with pytest.raises(ValidationError):
        make()


def test_nothing_is_changed_after_it_was_made():
    claim = Claim(concept="quality-award")
    with pytest.raises(ValidationError):
        claim.quantity = 2  # pyright: ignore[reportAttributeAccessIssue]


def test_amounts_are_whole_numbers():
    assert {"unit_yuan", "amount_yuan"} <= set(Line.model_fields)
    for name in ("unit_yuan", "amount_yuan"):
        assert Line.model_fields[name].annotation == int | None
