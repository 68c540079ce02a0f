"""How amounts are written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.figures import figures_in
from assistant.money import yuan_text


@pytest.mark.parametrize(
    ("yuan", "text"),
    [
        (400000, "40 万元"), (125000, "12.5 万元"), (10000, "1 万元"), (1234567, "1,234,567 元"), (9999, "9,999 元"),
        (49999, "49,999 元"), (199999, "199,999 元"), (10100, "1.01 万元"), (0, "0 元"), (-50000, "-5 万元"), (100000000, "10000 万元"),
    ],
)  # fmt: skip
def test_as_people_say_it(yuan, text):
    assert yuan_text(yuan) == text


def test_what_is_written_reads_as_the_same_amount():
    for yuan in (*range(12_345), 99_999, 100_000, 100_001, 1_234_500, 75_300_000):
        assert figures_in(yuan_text(yuan)) == {("yuan", Decimal(yuan).normalize())}
