"""The dates and years that a question names."""

from __future__ import annotations

import re
from datetime import date

from assistant.turn import Turn
from assistant.understanding.dates import find_dates
from assistant.understanding.folding import fold
from rules.model import Period

_BARE_YEAR = re.compile(r"(?<!\d)(?:20)?(\d{2})(?![\d.%年月日号万亿元家个项件分级天条])")


def periods(turn: Turn) -> list[Period]:
    """Dates of the question, and the years of texts that stand there without 年: 台州2021, 台州17."""
    text = fold(turn.request.question).text
    dated = find_dates(text, turn.request.today)
    firsts = (rules.in_force.first_day for rules in turn.house.book.policies.values())
    years = {first.year for first in firsts if first}
    bare = [
        year
        for match in _BARE_YEAR.finditer(text)
        if (year := 2000 + int(match[1])) in years and not any(d.start <= match.start() < d.end for d in dated)
    ]
    return [
        *(mention.period for mention in dated),
        *(Period(first=date(year, 1, 1), last=date(year, 12, 31)) for year in bare),
    ]
