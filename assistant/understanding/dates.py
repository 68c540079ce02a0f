"""Days, months and years, absolute or counted from today, as the period in which they can lie."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from assistant.understanding.model import DateMention
from assistant.understanding.numbers import number
from rules.model import Period

_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_DIGITS = "〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖"
_ABSOLUTE = re.compile(
    rf"(?P<year>(?:19|20)\d{{2}}|[{_DIGITS}]{{4}}|\d{{2}}|[{_DIGITS}]{{2}})年"
    rf"(?:(?P<month>{_N})月(?:份)?(?:(?P<day>{_N})[日号])?|(?P<part>上半年|下半年|年?初|年?底|年?末|第?[一二三四1234]季度))?"
)
_PLAIN = str.maketrans("零壹贰叁肆伍陆柒捌玖", "〇一二三四五六七八九")
_ISO = re.compile(r"(?P<year>(?:19|20)\d{2})[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?(?!\d)")
_ENGLISH = re.compile(
    r"(?:(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\s?)?(?:in\s?)?(?<!\d)(?P<year>(?:19|20)\d{2})(?!\d|年|[-/.]\d)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_RELATIVE_YEAR = {"大前年": -3, "前年": -2, "去年": -1, "上一年": -1, "今年": 0, "本年": 0, "本年度": 0}
_RELATIVE = re.compile(
    rf"(大前年|前年|去年|上一年|今年|本年(?!度))(?:(?P<month>{_N})月(?:份)?(?:(?P<day>{_N})[日号])?|(?P<part>上半年|下半年|年?初|年?底|年?末))?"
)
_RELATIVE_MONTH = re.compile(r"(上上个?月|上个?月|这个月|本月)")
_RELATIVE_DAY = re.compile(r"(大前天|前天|昨天|今天)")
_BARE_MONTH = re.compile(rf"(?<![\d年])(?P<month>{_N})月(?:份)?(?:(?P<day>{_N})[日号])?")
_SAME_YEAR = re.compile(r"(?:同一?年度?|那一?年|这一年|本年度|当年)(?:(?P<month>\d{1,2})月)?")


def find_dates(text: str, today: date, year: int | None = None) -> list[DateMention]:
    """Every date of a folded question, in the order of the text.

    Args:
        text: The folded question.
        today: What relative dates are counted from.
        year: The year of a month that is named without one; None when the conversation tells none.

    Returns:
        Mentions whose period is as exact as the words: a year is its first to its last day. A month
        without a year takes the year named before it. A date that the calendar lacks is left out.
    """
    found: list[DateMention] = []
    for pattern in (_ABSOLUTE, _ISO, _ENGLISH, _RELATIVE, _RELATIVE_MONTH, _RELATIVE_DAY):
        for match in pattern.finditer(text):
            mention = DateMention(match.start(), match.end(), Period.day(today))
            if any(mention.overlaps(other) for other in found):
                continue
            period = _period_of(pattern, match, today)
            if period is not None:
                found.append(DateMention(match.start(), match.end(), period))
    found.sort(key=lambda mention: mention.start)
    _add_elliptical(text, found, year)
    return sorted(found, key=lambda mention: mention.start)


def _period_of(pattern: re.Pattern[str], match: re.Match[str], today: date) -> Period | None:
    groups = match.groupdict()
    if pattern is _RELATIVE_DAY:
        return Period.day(today - timedelta(days={"今天": 0, "昨天": 1, "前天": 2, "大前天": 3}[match[1]]))
    if pattern is _RELATIVE_MONTH:
        back = {"上上": 2, "上个": 1, "上月": 1}.get(match[1][:2], 0)
        month = today.year * 12 + today.month - 1 - back
        return _span(month // 12, month % 12 + 1, None)
    if pattern is _RELATIVE:
        year = today.year + _RELATIVE_YEAR[match[1]]
    else:
        year = _year(groups["year"], today)
    if pattern is _ENGLISH:
        name = groups.get("name")
        return _span(year, _MONTHS.index(name) + 1 if name else None, None)
    if groups.get("part"):
        return _part(year, groups["part"] or "")
    return _span(year, _int(groups.get("month")), _int(groups.get("day")))


def _add_elliptical(text: str, found: list[DateMention], year: int | None) -> None:
    """同年, 5月: the year is the one named before."""
    for pattern in (_SAME_YEAR, _BARE_MONTH):
        for match in pattern.finditer(text):
            place = DateMention(match.start(), match.end(), Period.day(date.min))
            before = [mention for mention in found if mention.start < match.start()]
            known = before[-1].period.first.year if before else year
            if known is None or any(place.overlaps(other) for other in found):
                continue
            groups = match.groupdict()
            period = _span(known, _int(groups.get("month")), _int(groups.get("day")))
            if period is not None:
                found.append(DateMention(match.start(), match.end(), period))


def _year(text: str, today: date) -> int:
    plain = text.translate(_PLAIN)
    year = int("".join(str("〇一二三四五六七八九".index(c)) if c in "〇一二三四五六七八九" else c for c in plain))
    return year if year >= 100 else 2000 + year if year <= today.year % 100 + 20 else 1900 + year


def _int(text: str | None) -> int | None:
    value = number(text) if text else None
    return int(value) if value is not None else None


def _span(year: int, month: int | None, day: int | None) -> Period | None:
    try:
        if month is None:
            return Period(first=date(year, 1, 1), last=date(year, 12, 31))
        if day is None:
            return Period(first=date(year, month, 1), last=date(year, month, monthrange(year, month)[1]))
        return Period.day(date(year, month, day))
    except ValueError:
        return None


def _part(year: int, part: str) -> Period | None:
    if "季度" in part:
        quarter = _int(part.removeprefix("第")[0]) or 1
        first, last = 3 * quarter - 2, 3 * quarter
    else:
        first, last = {"上半年": (1, 6), "下半年": (7, 12)}.get(part, (1, 3) if "初" in part else (10, 12))
    start, end = _span(year, first, None), _span(year, last, None)
    return Period(first=start.first, last=end.last) if start and end else None
