"""In which language a question is put, and English numbers, sums and days in the writing that the recognisers read."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

Language = Literal["zh", "en"]

_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_FOR_EACH_SIGN = 2  # English words beside which one Chinese character is part of a quoted name
_ABBREVIATION = 4  # letters of a single word that may be an abbreviation in small letters: cnas, aaaa

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_DAYS = (
    re.compile(rf"\b{_DAY} (?:of )?{_MONTH},? {_YEAR}\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH} {_DAY},? {_YEAR}\b", re.IGNORECASE),
)
_SUM = re.compile(
    r"(?:(?:RMB|CNY|[¥￥]) ?(?P<sum>\d[\d,]*(?:\.\d+)?)(?: ?(?P<scale>million|thousand|k))?"
    r"|\b(?P<sum2>\d[\d,]*(?:\.\d+)?) ?(?P<scale2>million|thousand|k)? ?(?:yuan|RMB|CNY)\b)",
    re.IGNORECASE,
)
_SCALES = {"million": 1_000_000, "thousand": 1000, "k": 1000}
_NUMBERS = {
    word: value
    for value, word in enumerate(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 2
    )
}
_NUMBER = rf"(?P<number>{'|'.join(_NUMBERS)}|[2-9]|1\d|20)"
_TOP = re.compile(rf"\btop {_NUMBER}\b", re.IGNORECASE)
_TIMES = re.compile(
    rf"\b(?:{_NUMBER} (?:consecutive times|times in (?:a row|succession))|(?P<ordinal>second|third|fourth) consecutive time)",
    re.IGNORECASE,
)
_ORDINALS = {"second": 2, "third": 3, "fourth": 4}
_UNCOUNTED = (
    "years?|months?|days?|weeks?|times|percent|per|million|thousand|yuan|and|or|of|in|to|for|texts?|documents?|policies"
    "|opinions?|versions?|departments?|bureaus|districts?|counties|cities|places|drafters?|tasks?|indicators?|different"
    "|main|key|most|more|levels?|kinds?|types?|parts?|sections?|st|nd|rd|th"
)
_COUNT = re.compile(rf"(?<![\d.,/\-] )(?<![\d.,/\-])\b{_NUMBER} (?!(?:{_UNCOUNTED})\b)(?=[a-z])", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:task|item|clause|no\.?|number|article|chapter|section|part|top|version)\s*$", re.IGNORECASE)
# What was received before is told apart from what is claimed by a comma.
_PRIOR = re.compile(
    r",? (?:and|but) (?=(?:(?:we|it|they) )?(?:(?:have|has|had) )?(?:already|previously) )", re.IGNORECASE
)
_RELATIVE = {
    "the year before last": "前年", "last year": "去年", "this year": "今年", "last month": "上个月",
    "this month": "这个月", "yesterday": "昨天", "today": "今天",
}  # fmt: skip
_RELATIVE_DAY = re.compile("|".join(map(re.escape, _RELATIVE)), re.IGNORECASE)


def language_of(text: str) -> Language:
    """The language of a question: English where it has English words and hardly a Chinese character.

    Args:
        text: The question as typed.

    Returns:
        ``zh`` also where both are mixed, or where a single word may be an abbreviation.

    >>> language_of("How much does Changle pay for 品字标?"), language_of("CNAS"), language_of("品字标 how much")
    ('en', 'zh', 'zh')
    """
    words = [word for word in _WORD.findall(text) if len(word) > 1 and not word.isupper()]
    signs = len(_CHINESE.findall(text))
    if len(words) == 1 and not signs:
        return "en" if len(words[0]) > _ABBREVIATION or words[0].lower() in ("hi", "hey") else "zh"
    return "en" if len(words) > 1 and len(words) >= _FOR_EACH_SIGN * signs else "zh"


def readable(text: str) -> str:
    """An English question with sums, counts, places in a row and days as the recognisers read them.

    Args:
        text: The question as typed; a Chinese one is left as it is.

    >>> readable("We got two certificates on March 15, 2022 and received 0.3 million yuan")
    'We got 2个 certificates on 2022年3月15日 and received 300000元'
    """
    if language_of(text) != "en":
        return text
    for pattern in _DAYS:
        text = pattern.sub(_day, text)
    text = _PRIOR.sub(", ", _SUM.sub(_sum, text))
    text = _RELATIVE_DAY.sub(lambda match: _RELATIVE[match[0].lower()], text)
    text = _TOP.sub(lambda match: f"前{_value(match['number'])}位", text)
    text = _TIMES.sub(_times, text)
    return _COUNT.sub(_count, text)


def _day(match: re.Match[str]) -> str:
    month = _MONTHS.index(match["month"][:3].lower()) + 1
    return f"{match['year']}年{month}月{int(match['day'])}日"


def _sum(match: re.Match[str]) -> str:
    digits, scale = match["sum"] or match["sum2"], match["scale"] or match["scale2"]
    value = Decimal(digits.replace(",", "")) * _SCALES.get((scale or "").lower(), 1)
    return f"{value.normalize():f}元"


def _times(match: re.Match[str]) -> str:
    value = _ORDINALS[match["ordinal"].lower()] if match["ordinal"] else _value(match["number"])
    return f"连续{value}次"


def _count(match: re.Match[str]) -> str:
    if _NUMBERED.search(match.string[: match.start()]):
        return match[0]
    return f"{_value(match['number'])}个 "


def _value(number: str) -> int:
    return _NUMBERS.get(number.lower()) or int(number)
