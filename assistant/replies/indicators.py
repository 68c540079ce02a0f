"""Values of indicators as printed, and what follows from them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import combinations, groupby

from assistant.fact_request import FactRequest
from assistant.model import Computation
from assistant.replies.section import Section
from assistant.sources import Sources
from assistant.understanding.facts import letters_of
from assistant.understanding.folding import fold
from assistant.understanding.wordlist import has, words
from knowledge.facts import Indicator, IndicatorValue, load_facts

_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_STATED = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?![\d.]|年|月|日|版|号|万元?奖)")
_PERCENT = "%"
_AREA = "建设"  # 品牌建设 is asked for as 品牌


def indicator_section(sources: Sources, asked: FactRequest, premise: bool) -> Section:
    """The values of the indicators that a question names, text by text.

    Args:
        sources: For titles and citations.
        asked: What is asked.
        premise: Whether the question takes something for granted: …对吧.
    """
    section = Section()
    one_text = len({named.policy for named in asked.indicators}) == 1
    for policy, group in groupby(asked.indicators, lambda named: named.policy):
        section.lines.append(f"{sources.title(policy)}：\n")
        for named in group:
            section.lines.append(f"- {_line(named.fact, asked)}")
            _support(section, sources, policy, named.fact)
            if one_text and has(asked.text, words().fact_difference):
                _over_time(section, named.fact)
        section.lines.append("")
    if not one_text:
        _between_texts(section, sources, asked)
    section.contradicted = premise and _contradicts(asked)
    given = {value.year for named in asked.indicators for value in named.fact.values}
    section.absent = bool(asked.years) and None not in given and given.isdisjoint(asked.years)
    return section


def listed_section(sources: Sources, asked: FactRequest) -> Section:
    """The indicators for which texts set a target, by category; only those asked for where a category is named.

    Args:
        sources: For titles and citations.
        asked: What is asked.
    """
    section = Section(quoted=False)
    for policy in asked.policies:
        found = [one for one in load_facts().indicators_of(policy) if any(v.kind == "target" for v in one.values)]
        named = [one for one in found if letters_of(one.category.removesuffix(_AREA)) in letters_of(asked.text)]
        found = [one for one in named or found if _has_what_is_asked(one, asked)]
        if not found:
            continue
        section.lines.append(f"{sources.title(policy)}的这类指标有 {len(found)} 项（按原文逐项计数）：\n")
        for (category, clause), group in groupby(found, lambda one: (one.category, one.clause)):
            section.lines.append(f"\n**{category}**（{clause}）\n")
            for one in group:
                section.lines.append(f"- {_line(one, asked)}")
                _support(section, sources, policy, one)
    return section


def shared_indicators(left: str, right: str) -> list[tuple[Indicator, Indicator]]:
    """Indicators that two texts have under one name, in the order of the first.

    Args:
        left: Id of a text.
        right: Id of another.
    """
    facts = load_facts()
    return [
        (one, other)
        for one in facts.indicators_of(left)
        for other in facts.indicators_of(right)
        if _names(one) & _names(other)
    ]


def target_of(indicator: Indicator) -> IndicatorValue | None:
    """The last target with a value; else the last value there is."""
    given = [value for value in indicator.values if value.value is not None]
    return next((value for value in reversed(given) if value.kind == "target"), given[-1] if given else None)


def name_text(indicator: Indicator) -> str:
    """A name as it heads its values: with the % that the values are printed without."""
    return f"{indicator.name}（单位：{_PERCENT}）" if _is_bare_percentage(indicator) else indicator.name


def value_text(indicator: Indicator, value: IndicatorValue) -> str:
    """A value with its unit, ``95 家以上``; a percentage as printed: ``96`` in a table that prints % once."""
    if value.value is None:
        return f"原表没有给出（印为“{value.printed}”）" if value.printed else "原表没有给出（空格）"
    unit = indicator.unit or ""
    if not unit or "".join(unit.split()) in "".join(value.printed.split()) or _is_bare_percentage(indicator):
        return value.printed
    return _DIGITS.sub(lambda match: f"{match[0]}{unit}", value.printed, count=1)


def difference(indicator: Indicator, high: Decimal, low: Decimal) -> tuple[Computation, str]:
    """The difference of two values of an indicator, and how it reads: of percentages it is in percentage points."""
    unit = "个百分点" if indicator.unit == _PERCENT else indicator.unit or ""
    step = Computation(operation="difference", operands=[high, low], value=high - low, unit=unit)
    return step, f"{step.value} {unit}".rstrip()


def _line(indicator: Indicator, asked: FactRequest) -> str:
    """Name and values, those of the years asked about first and marked."""
    values = sorted(indicator.values, key=lambda value: value.year not in asked.years)
    told = [f"{_when(v)} {_marked(value_text(indicator, v), v.year in asked.years)}" for v in values]
    missing = [year for year in asked.years if all(value.year != year for value in indicator.values)]
    if missing and any(value.year for value in indicator.values):
        told.append(f"原文没有给出{'、'.join(map(str, missing))}年的数")
    pair = _result_and_target(indicator)
    if pair and pair[0].value is not None and pair[1].value is not None and pair[1].value < pair[0].value:
        told.append(f"目标低于{pair[0].year}年实绩，原文就是这样印的")
    return f"{name_text(indicator)}：{'；'.join(told)}"


def _is_bare_percentage(indicator: Indicator) -> bool:
    """Whether the % stands in a cell of its own: no quotation would back 96% then."""
    printed = [value.printed for value in indicator.values if value.value is not None]
    return indicator.unit == _PERCENT and bool(printed) and not any(_PERCENT in text for text in printed)


def _when(value: IndicatorValue) -> str:
    """``2025年目标``; where the text names no year, that is said."""
    kind = "目标" if value.kind == "target" else "实绩"
    if value.year:
        return f"{value.year}年{kind}"
    return f"{value.period}" if value.period else f"{kind}（原文没有写年份）"


def _marked(text: str, marked: bool) -> str:
    return f"**{text}**" if marked else text


def _result_and_target(indicator: Indicator) -> tuple[IndicatorValue, IndicatorValue] | None:
    result = next((value for value in indicator.values if value.kind == "result" and value.year), None)
    target = next((value for value in indicator.values if value.kind == "target" and value.year), None)
    return (result, target) if result and target else None


def _over_time(section: Section, indicator: Indicator) -> None:
    """2025年目标比2020年实绩高 15."""
    pair = _result_and_target(indicator)
    if pair is None:
        section.lines.append("  - 原文只有一个数，没有可比的年份。")
        return
    result, target = pair
    if result.value is None or target.value is None:
        section.lines.append("  - 两个数没有都给出，算不出差额。")
    elif result.value == target.value:
        section.lines.append(f"  - {target.year}年目标与{result.year}年实绩的数相同。")
    else:
        high, low = max(result.value, target.value), min(result.value, target.value)
        step, text = difference(indicator, high, low)
        section.computations.append(step)
        more = "高" if target.value > result.value else "低"
        section.lines.append(f"  - {target.year}年目标比{result.year}年实绩{more} {text}（按所印的数相减）。")


def _between_texts(section: Section, sources: Sources, asked: FactRequest) -> None:
    """The difference between two texts that both have an indicator, in the same unit."""
    for one, other in combinations(asked.indicators, 2):
        mine, theirs = target_of(one.fact), target_of(other.fact)
        if one.policy == other.policy or not _names(one.fact) & _names(other.fact) or not mine or not theirs:
            continue
        if mine.value is None or theirs.value is None or one.fact.unit != other.fact.unit:
            continue
        years = "" if mine.year == theirs.year else f"（两个数的年份不同：{mine.year}年、{theirs.year}年）"
        if mine.value == theirs.value:
            section.lines.append(f"- 两份文件的数相同{years}。")
            continue
        higher, lower = (mine, theirs) if mine.value > theirs.value else (theirs, mine)
        step, text = difference(one.fact, higher.value or mine.value, lower.value or theirs.value)
        section.computations.append(step)
        name = sources.name(one.policy if higher is mine else other.policy)
        section.lines.append(f"- {name}的数高 {text}{years}。")


def _names(indicator: Indicator) -> set[str]:
    return {letters_of(name) for name in (indicator.name, *indicator.aliases)}


def _has_what_is_asked(indicator: Indicator, asked: FactRequest) -> bool:
    """Whether an indicator has no value, or a target below the result, where that is asked for."""
    if has(asked.text, words().fact_missing):
        return any(v.value is None for v in indicator.values if not asked.years or v.year in asked.years)
    if has(asked.text, words().fact_lower):
        pair = _result_and_target(indicator)
        values = [value.value for value in pair or () if value.value is not None]
        return len(values) == 2 and values[1] < values[0]
    return True


def _contradicts(asked: FactRequest) -> bool:
    """Whether the question states a number that the named indicators do not have for the time that it speaks of."""
    text = asked.text
    names: Iterable[str] = {fold(name).text for n in asked.indicators for name in (n.fact.name, *n.fact.aliases)}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    stated = {Decimal(digits) for digits in _STATED.findall(text)}
    spoken_of = [value for n in asked.indicators for value in n.fact.values if _is_spoken_of(value, asked)]
    printed = {Decimal(digits) for value in spoken_of for digits in _DIGITS.findall(value.printed)}
    return bool(stated) and not stated <= printed


def _is_spoken_of(value: IndicatorValue, asked: FactRequest) -> bool:
    """Whether a value is of a year that is named; where none is, a target where targets are spoken of."""
    if asked.years:
        return value.year in asked.years or value.year is None
    return value.kind == "target" or not has(asked.text, words().fact_target)


def _support(section: Section, sources: Sources, policy: str, indicator: Indicator) -> None:
    section.citations.append(sources.cite(policy, indicator.clause, indicator.quote))
    if indicator.dated:
        section.dated.append(sources.cite(policy, indicator.dated.clause, indicator.dated.quote))
