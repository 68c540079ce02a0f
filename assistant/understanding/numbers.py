"""Numbers in any writing, and what they count: units, money, ranks, times in succession."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from assistant.understanding.model import CountMention, MoneyMention, RankMention, ResultMention, Span
from assistant.understanding.wordlist import find, words
from rules.assessment import RankRange

_NUMERAL = r"(?:\d+(?:,\d{3})*(?:\.\d+)?|[零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]+)"
_PAIRS = {"仨": 3, "俩": 2}
_ONE = r"[\d一二三四五六七八九]"
_MONEY = re.compile(
    rf"(?P<yi>{_NUMERAL})亿元?(?:(?P<more>{_NUMERAL})万元?)?"
    rf"|(?P<wan>{_NUMERAL})万(?!人)(?:(?P<thousand>{_NUMERAL})千|(?P<rest>\d{{2,4}})(?=元|块)"
    # 三万五 is 35,000, but 三万5月 is not: nothing may follow that would count something else.
    rf"|(?P<digit>{_ONE})(?![\d十百千年月日号个项张家件名位级条种款类]))?(?:元|块钱|块)?"
    rf"|(?P<plain>{_NUMERAL})(?:元|块钱|块)"
)
_PARTS = {"yi": 10**8, "more": 10**4, "wan": 10**4, "thousand": 1000, "rest": 1, "digit": 1000, "plain": 1}
_RANK = re.compile(
    rf"前({_NUMERAL})[位名]|(?:排名?第?|排在第?|位列第?|名列第?|列第|位居第?|第)({_NUMERAL})(?:位|名|顺位|起草|参与|个起草)?"
)
_NOT_RANK_AFTER = ("张", "个", "次", "项", "批", "类", "季", "条", "方", "款", "轮", "期", "届", "代")
_TIMES = re.compile(
    rf"(?:过|通过)了?第({_NUMERAL})[次回]|连(?:续|着)?(?:通过|过)?了?第?({_NUMERAL})[次回]|第({_NUMERAL})[次回](?:连续|连着)?(?:通过|过|续)"
)
_SUMS_UP = re.compile(
    r"(?:的)?(?:奖励|奖金|补助|补贴|荣誉|奖项|奖(?![牌章状]))|(?:都|全)(?:给|能|可|领|拿|报|有|算|要|想)|一共|总共|合计|加起来|合起来|一起"
)
_GRANTED = re.compile(r"(?:省里|省级|省财政|省局|上级|上头)(?:已经|已|就|都|也|又)?(?:补|给|拨|批|下)")
_HANDED_OUT = re.compile(r"(?:给|领|拿|发|补|还是)$")
_MONEY_CONTEXT = 12  # characters before a sum in which its role is said


def number(text: str) -> Decimal | None:
    """The value of a number in digits or Chinese numerals; None when it is none."""
    # cn2an brings regular expressions and dictionaries; a question without numerals needs none.
    import cn2an

    plain = text.replace(",", "")
    try:
        return Decimal(plain)
    except InvalidOperation:
        pass
    try:
        return Decimal(str(cn2an.cn2an(plain.replace("〇", "零"), "smart")))
    except ValueError:
        return None


def find_money(text: str) -> list[MoneyMention]:
    """Sums of money in a folded question, each as received before, spent, or asserted."""
    found: list[MoneyMention] = []
    for match in _MONEY.finditer(text):
        parts = [(number(words_), _PARTS[part]) for part, words_ in match.groupdict().items() if words_]
        if any(value is None for value, _ in parts):
            continue
        yuan = sum(((value or Decimal(0)) * scale for value, scale in parts), Decimal(0))
        before = re.split(r"[，。；;,?？!！]", text[max(0, match.start() - _MONEY_CONTEXT) : match.start()])[-1]
        after = re.split(r"[，。；;,?？!！]", text[match.end() : match.end() + _MONEY_CONTEXT], maxsplit=1)[0]
        if find(before, words().granted) or _GRANTED.search(before):
            role = "cost"
        elif find(before, words().prior) or find(after, words().prior_after):
            role = "received"
        elif find(before, words().spent):
            role = "cost"
        else:
            role = "asserted"
        found.append(MoneyMention(match.start(), match.end(), yuan, role))
    return found


def find_counts(text: str, taken: list[Span]) -> list[CountMention]:
    """Numbers with a measure word: 三个, 2项, 仨. Ordinals, dates and money are none."""
    measures = "|".join(sorted(map(re.escape, words().measures), key=len, reverse=True))
    pattern = re.compile(rf"({_NUMERAL})(?:{measures})|([仨俩])")
    found: list[CountMention] = []
    for match in pattern.finditer(text):
        span = Span(match.start(), match.end())
        if any(span.overlaps(other) for other in taken) or text[max(0, span.start - 1) : span.start] in (
            "第",
            "这",
            "哪",
            "同",
            "另",
            "每",
        ):
            if text[max(0, span.start - 1) : span.start] != "另":
                continue
        if match[0].endswith("份") and _HANDED_OUT.search(text[: span.start]):  # 补助给两份还是一份
            continue
        if _SUMS_UP.match(text, span.end) or text[: span.start].endswith("不是"):  # 两个都给吗; 是5个不是4个
            continue
        value = Decimal(_PAIRS[match[2]]) if match[2] else number(match[1])
        if value is not None and value == int(value) and value >= 1:
            found.append(CountMention(span.start, span.end, int(value)))
    return found


def find_ranks(text: str, taken: list[Span], facets: Sequence[Span] = ()) -> list[RankMention]:
    """Places among the drafting units, said as a number or as 牵头, 主导, 参与.

    Args:
        text: The folded question.
        taken: Dates and money: no part of a place.
        facets: Words that tell awards apart; a number in them is no place, 头一个 may be both.
    """
    found: list[RankMention] = []
    for match in _RANK.finditer(text):
        after = text[match.end() : match.end() + 1]
        span = Span(match.start(), match.end())
        if after in _NOT_RANK_AFTER or any(span.overlaps(other) for other in [*taken, *facets]):
            continue
        value = number(match[1] or match[2])
        if value is not None and 1 <= value < 100:
            place = int(value)
            if match[1]:  # 前三位
                found.append(RankMention(span.start, span.end, RankRange(first=1, last=place), exact=True))
                continue
            negated = text[max(0, match.start() - 2) : match.start()].endswith(("非", "不是"))
            rank = RankRange(first=place + 1, last=99) if negated else RankRange(first=place, last=place)
            found.append(RankMention(span.start, span.end, rank, exact=True))
    for group in words().ranks:
        for word in group.words:
            for match in re.finditer(re.escape(word), text):
                span = Span(match.start(), match.end())
                if not any(span.overlaps(other) for other in [*taken, *found]):
                    rank = RankRange(first=group.first, last=group.last)
                    found.append(RankMention(span.start, span.end, rank, exact=False))
    return sorted(found, key=lambda mention: mention.start)


def find_results(text: str, taken: list[Span]) -> list[ResultMention]:
    """Examination results that are said, not those that are denied; a bare denial is 非…."""
    found: list[ResultMention] = []
    denied: list[ResultMention] = []
    for value, names in words().results.items():
        for word in names:
            for match in re.finditer(re.escape(word), text):
                span = Span(match.start(), match.end())
                if any(span.overlaps(other) for other in taken):
                    continue
                before = text[max(0, span.start - 4) : span.start]
                if any(negation in before for negation in words().negations):
                    denied.append(ResultMention(span.start, span.end, f"非{value}"))
                else:
                    found.append(ResultMention(span.start, span.end, value))
    return sorted(found or denied, key=lambda mention: mention.start)


def find_times(text: str) -> int | None:
    """How often in succession: 连续三次."""
    match = _TIMES.search(text)
    if match is None:
        return None
    value = number(match[1] or match[2] or match[3])
    return int(value) if value is not None and value >= 1 else None
