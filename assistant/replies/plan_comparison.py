"""Two texts by their parts: headings side by side, the indicators that both have, and what each says of a topic."""

from __future__ import annotations

from itertools import zip_longest

from assistant.model import Citation, Computation
from assistant.replies.comparison_rows import Sides
from assistant.replies.comparison_topic import topic_of
from assistant.replies.headings import cite_heading
from assistant.replies.indicators import difference, name_text, shared_indicators, target_of, value_text
from assistant.replies.section import Section
from assistant.turn import Turn
from assistant.understanding.facts import letters_of
from knowledge.facts import Indicator, IndicatorValue

_ROWS = 25  # of a table that can be read at a glance
_DEEP = 2  # levels of headings that are shown
_EACH = 3  # passages quoted of each text
_NONE = "—"


def section(turn: Turn, sides: Sides) -> Section:
    """Two texts of which one at least has no award.

    Args:
        turn: The question; a topic in it narrows what is shown.
        sides: The two texts.
    """
    topic = topic_of(turn, sides.policies)
    found = Section()
    if topic is not None:
        found.add(_indicators(sides, topic))
        found.add(quoted(turn, sides, topic))
    if not found.citations:
        parts = (_nature(sides), _headings(sides), _indicators(sides, None))
        for part in parts:
            found.add(part)
        # Values first, then what kind of text each is.
        found.citations = [one for part in (parts[2], parts[1], parts[0]) for one in part.citations]
        found.quoted = False
    return found


def quoted(turn: Turn, sides: Sides, topic: str) -> Section:
    """What each text says of a topic, word for word.

    Args:
        turn: For the search.
        sides: The two texts.
        topic: Letters that a passage must have, or the heading over it.
    """
    found = Section()
    for policy in sides.policies:
        hits = turn.house.search(f"{topic} {turn.request.question}", [policy])
        about = [h.passage for h in hits if topic in letters_of("".join((*h.passage.headings, h.passage.quote)))]
        for passage in about[:_EACH]:
            found.citations.append(turn.house.sources.cite_span(passage.policy, passage.start, passage.end))
        if not about:
            found.lines.append(f"- {sides.name(policy)}：没有找到写到“{topic}”的条款。")
    if found.citations:
        found.lines.insert(0, f"\n写到“{topic}”的条款：\n")
    return found


def _nature(sides: Sides) -> Section:
    """What kind of text each is, and for how long."""
    found = Section()
    for policy in sides.policies:
        rules = sides.book.policies[policy]
        awards = len(rules.awards())
        kind = f"列有奖励，共 {awards} 项" if awards else "规划或方案，只有目标和任务，没有奖励标准"
        found.lines.append(f"- {sides.name(policy)}：{kind}；{rules.in_force.note}。")
        found.citations.append(sides.sources.cite(policy, rules.in_force.clause, rules.in_force.quote))
    return found


def _headings(sides: Sides) -> Section:
    """The headings of both texts in their order."""
    columns: list[list[str]] = []
    cited: list[list[Citation]] = []
    for policy in sides.policies:
        text = sides.sources.policies[policy]
        parts = [c for c in text.clauses if c.heading and c.path.count("/") < _DEEP and "\t" not in text.text_of(c)]
        columns.append([f"{clause.path} {clause.heading}" for clause in parts])
        cited.append([cite_heading(sides.sources, policy, clause.path) for clause in parts])
    rows = [f"| {mine} | {theirs} |" for mine, theirs in zip_longest(*columns, fillvalue=_NONE)]
    found = Section(
        lines=["\n| " + " | ".join(sides.name(p) for p in sides.policies) + " |", "|---|---|", *rows[:_ROWS]]
    )
    if len(rows) > _ROWS:
        found.lines.append(f"\n另有 {len(rows) - _ROWS} 行标题没有列出。")
    found.citations = [one for pair in zip_longest(*cited) for one in pair if one]
    return found


def _indicators(sides: Sides, topic: str | None) -> Section:
    """The indicators that both texts have, with their last targets and the difference."""
    found = Section()
    for mine, theirs in shared_indicators(*sides.policies):
        one, other = target_of(mine), target_of(theirs)
        if one is None or other is None or (topic and not any(topic in letters_of(i.name) for i in (mine, theirs))):
            continue
        step = _step(mine, one, theirs, other)
        if step:
            found.computations.append(step[0])
        told = step[1] if step else "数相同" if one.value == other.value and mine.unit == theirs.unit else "单位不同"
        found.lines.append(f"| {name_text(mine)} | {_cell(mine, one)} | {_cell(theirs, other)} | {told} |")
        for policy, indicator in zip(sides.policies, (mine, theirs), strict=True):
            found.citations.append(sides.sources.cite(policy, indicator.clause, indicator.quote))
            if indicator.dated:
                found.dated.append(sides.sources.cite(policy, indicator.dated.clause, indicator.dated.quote))
    if found.lines:
        head = f"\n| 两份都有的指标 | {sides.name(sides.left)} | {sides.name(sides.right)} | 相差 |"
        found.lines = [head, "|---|---|---|---|", *found.lines]
    return found


def _step(
    mine: Indicator, one: IndicatorValue, theirs: Indicator, other: IndicatorValue
) -> tuple[Computation, str] | None:
    if one.value is None or other.value is None or one.value == other.value or mine.unit != theirs.unit:
        return None
    return difference(mine, max(one.value, other.value), min(one.value, other.value))


def _cell(indicator: Indicator, value: IndicatorValue) -> str:
    when = f"{value.year}年" if value.year else value.period or ""
    return f"{value_text(indicator, value)}（{when}{'，' if when else ''}{indicator.clause}）"
