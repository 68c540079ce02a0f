"""Whether the values of indicators are those that a text prints, and none that it prints is left out."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.facts import Facts, Indicator, IndicatorValue
from knowledge.findings import Check, Finding, Policies, span_of
from knowledge.model import Policy
from knowledge.printed import Row, figures, find, read_value, squeeze, table_rows


def values_are_printed(facts: Facts, policies: Policies) -> Iterator[Finding]:
    """Each value is the number printed, with the unit and qualification printed, and stands by its name."""
    for policy, text in policies.items():
        rows = {squeeze(row.text) for row in table_rows(text.body)}
        for indicator in facts.indicators_of(policy):
            for value in indicator.values:
                problem = _problem_of(indicator, value, in_table=squeeze(indicator.quote) in rows)
                if problem:
                    yield Finding(policy, indicator.id, problem)


def years_are_printed(facts: Facts, policies: Policies) -> Iterator[Finding]:
    """Each year or period stands in the quotation, or in the one that dates it."""
    for policy in policies:
        for indicator in facts.indicators_of(policy):
            words = squeeze(indicator.quote + (indicator.dated.quote if indicator.dated else ""))
            for value in indicator.values:
                for when in (f"{value.year}年" if value.year else "", value.period or ""):
                    if when not in words:
                        yield Finding(policy, indicator.id, f"引文里没有“{when}”")


def table_rows_are_claimed(facts: Facts, policies: Policies) -> Iterator[Finding]:
    """Each row of each table is an indicator, and says the same cell by cell."""
    for policy, text in policies.items():
        for row in table_rows(text.body):
            claiming = [one for one in facts.indicators_of(policy) if squeeze(one.quote) == squeeze(row.text)]
            if not claiming:
                yield Finding(policy, row.name, "表里的这一行没有对应的指标")
            for indicator in claiming:
                for field, mine, printed in _cells(indicator, row):
                    if squeeze(str(mine)) != squeeze(str(printed)):
                        yield Finding(policy, indicator.id, f"字段“{field}”是 {mine}，表里是 {printed}")


def figures_are_claimed(facts: Facts, policies: Policies) -> Iterator[Finding]:
    """Each number with a unit outside tables is a value of an indicator or declared to be none."""
    for policy, text in policies.items():
        claimed = [span for one in facts.indicators_of(policy) for span in _value_spans(text, one)]
        claimed += [span for other in facts.not_indicators_of(policy) if (span := span_of(text, other))]
        prose = text.body
        for row in table_rows(text.body):
            prose = prose.replace(row.text, " " * len(row.text))
        for start, end in figures(prose):
            if not any(first <= start and end <= last for first, last in claimed):
                around = squeeze(prose[max(0, start - 20) : end + 10])
                yield Finding(policy, squeeze(prose[start:end]), f"“…{around}…”里的数字没有对应的指标")


INDICATOR_CHECKS: tuple[Check, ...] = (
    values_are_printed,
    years_are_printed,
    table_rows_are_claimed,
    figures_are_claimed,
)


def _problem_of(indicator: Indicator, value: IndicatorValue, *, in_table: bool) -> str | None:
    printed, reading = value.printed, read_value(value.printed)
    if not find(printed, indicator.quote):
        return f"引文里没有“{printed}”"
    if reading is None:
        return f"“{printed}”不是一个数值"
    if reading.number != value.value:
        return f"数值 {value.value} 与原文“{printed}”不符"
    # In a table the unit has a cell of its own, which table_rows_are_claimed compares.
    if reading.unit != (indicator.unit or "") and not (in_table and not reading.unit):
        return f"单位 {indicator.unit} 与原文“{printed}”不符"
    if reading.bound != value.bound:
        return f"限定 {value.bound} 与原文“{printed}”不符"
    if not in_table and not _stands_by_name(indicator, printed):
        return f"“{printed}”与名称“{indicator.name}”之间隔着别的数字"
    return None


def _stands_by_name(indicator: Indicator, printed: str) -> bool:
    place = _name_and_value(indicator, printed, indicator.quote)
    if place is None:  # the name is not in the quotation, which names_are_printed says
        return True
    name, start, end = place
    return not figures(indicator.quote[slice(*((name, start) if name <= start else (end, name)))])


def _name_and_value(indicator: Indicator, printed: str, quote: str) -> tuple[int, int, int] | None:
    """Start of the name, start and end of its value: the first after the name, else the last before it."""
    names, places = find(indicator.name, quote, elliptical=True), find(printed, quote)
    if not names or not places:
        return None
    name = names[0][0]
    start, end = next((place for place in places if place[0] >= name), places[-1])
    return name, start, end


def _value_spans(text: Policy, indicator: Indicator) -> Iterator[tuple[int, int]]:
    """Where the values of an indicator stand in the body."""
    span = span_of(text, indicator)
    for value in indicator.values if span else ():
        place = _name_and_value(indicator, value.printed, text.body[slice(*span)]) if span else None
        if span and place:
            yield span[0] + place[1], span[0] + place[2]


def _cells(indicator: Indicator, row: Row) -> Iterator[tuple[str, object, object]]:
    """Field, what the indicator says, and what the row says."""
    yield "name", indicator.name, row.name
    yield "unit", indicator.unit, row.unit
    if row.category:
        yield "category", indicator.category, row.category
    yield "values", [(v.year, v.printed) for v in indicator.values], [(year, cell) for year, _, cell in row.years]
    for value, (_, kind, _) in zip(indicator.values, row.years, strict=False):
        if kind:
            yield "kind", value.kind, kind
