"""What a question asks of the facts: which indicators or tasks of which texts, and what of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from assistant.texts_meant import asks_standing, texts_meant
from assistant.turn import Turn
from assistant.understanding.dates import find_dates
from assistant.understanding.facts import F, FactRecogniser, Named, letters_of
from assistant.understanding.folding import fold
from assistant.understanding.greater import asks_greater
from assistant.understanding.numbers import number
from assistant.understanding.places import PlaceRecogniser
from assistant.understanding.wordlist import has, words
from knowledge.facts import Indicator, Responsibility, load_facts
from knowledge.library import load_policies

_SHORT = 14  # folded characters; what is longer stands by itself
_BARE = 4  # letters beside a name that ask nothing
_NOTHING = 1  # letters that name nothing
_ANYWHERE = 5  # letters of a name that is known without place or text
_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_ITEM = re.compile(rf"第{_N}(?:[、和]第?{_N})*(?:项|条|点|款|个任务)|(?:items?|tasks?|no\.?)\d{{1,2}}(?!\d)")
_NUMBER = re.compile(_N)


@dataclass(frozen=True)
class FactRequest:
    """What is asked of the facts."""

    policies: tuple[str, ...]
    """The texts that can be meant."""
    text: str
    """The question, folded."""
    indicators: tuple[Named[Indicator], ...] = ()
    tasks: tuple[Named[Responsibility], ...] = ()
    lists: bool = False
    """Which indicators there are."""
    counts_tasks: bool = False
    """How many tasks there are."""
    tasks_of: dict[str, tuple[str, ...]] | None = None
    """Departments of each policy whose tasks are asked for."""
    departments: dict[str, tuple[str, ...]] | None = None
    """Departments that a question about a task names."""
    years: tuple[int, ...] = ()

    @property
    def names_something(self) -> bool:
        """Whether there is anything to answer."""
        return bool(self.indicators or self.tasks or self.lists or self.counts_tasks or self.tasks_of)


@cache
def recogniser() -> FactRecogniser:
    """The recogniser over the shipped facts and texts."""
    return FactRecogniser(load_facts(), load_policies())


def fact_request(turn: Turn) -> FactRequest | None:
    """What a question asks of the facts; None where it asks nothing of them, or it cannot be told of which."""
    request = turn.request
    if asks_standing(request) or request.kind not in ("text", "comparison", "award", "vague"):
        return None
    policies = tuple(texts_meant(turn))
    lines = _lines(turn)
    text = fold(lines[0]).text
    found = _asked(turn, policies, lines)
    if not (request.policies or request.place or request.compared_places):
        found = replace(found, indicators=_known(found.indicators), tasks=_known(found.tasks), lists=False)
    if not _means_indicator(turn, found):
        found = replace(found, indicators=())
    if not _means_task(turn, found):
        found = replace(found, tasks=(), tasks_of=None)
    if not found.names_something:
        return None
    years = tuple(date.period.first.year for date in find_dates(text, request.today) if date.period.label.isdigit())
    own = {rules.in_force.first_day.year for p in policies if (rules := turn.house.book.policies[p]).in_force.first_day}
    printed = {value.year for named in found.indicators for value in named.fact.values}
    # 台州2021年文件: the year of the text is not that of a value.
    return replace(found, years=tuple(year for year in years if year in printed or year not in own))


def _known(named: tuple[Named[F], ...]) -> tuple[Named[F], ...]:
    """Those of which so much is said that neither place nor text need be."""
    return tuple(one for one in named if len(one.letters) >= _ANYWHERE)


def _lines(turn: Turn) -> list[str]:
    """The question, and behind it those before that it leans on, latest first."""
    question = turn.request.question
    lines = [question]
    for line in reversed(turn.said.removesuffix(question).splitlines()):
        if len(fold(lines[-1]).text) > _SHORT:
            break
        lines.append(line)
    return lines


def _asked(turn: Turn, policies: tuple[str, ...], lines: list[str]) -> FactRequest:
    """What the first of the lines that says anything names and asks."""
    text = fold(lines[0]).text
    facts = recogniser()
    if has(text, words().fact_lists):
        return FactRequest(policies, text, lists=True)
    subjects = lines if _only_turns(turn, text) else lines[:1]
    asking = next((folded for line in lines if _asks(folded := fold(line).text)), "")
    # 谁定得高 asks after a value, not after who is responsible.
    duty = has(asking, words().duty_asks) and not asks_greater(asking)
    departments = facts.departments(lines[0], policies)
    if has(text, words().tasks_counted) and not departments:
        return FactRequest(policies, text, counts_tasks=True)
    tasks: list[Named[Responsibility]] = []
    if duty:
        tasks = _numbered(policies, text)
        for line in subjects:
            tasks = tasks or facts.tasks(line, policies)
    if departments and not tasks and has(text, words().duties_of):
        return FactRequest(policies, text, tasks_of=departments)
    if duty and tasks and not has(text, words().fact_numbers):
        return FactRequest(policies, text, tasks=tuple(tasks), departments=departments)
    indicators = facts.indicators(lines[0], policies)
    if not indicators or not _asks_values(text, asking, letters_of(lines[0]), indicators):
        indicators = [] if indicators else _named_before(subjects[1:], policies, asking)
    return FactRequest(policies, text, indicators=tuple(indicators), tasks=tuple(tasks), departments=departments)


def _named_before(lines: list[str], policies: tuple[str, ...], asking: str) -> list[Named[Indicator]]:
    """The indicators of which the conversation spoke last, where it asked for values."""
    for line in lines:
        text = fold(line).text
        found = recogniser().indicators(line, policies)
        if found:
            return found if _asks_number(asking) and _asks_values(text, text, letters_of(line), found) else []
    return []


def _only_turns(turn: Turn, text: str) -> bool:
    """Whether a question says no more than another place, year or side of what was asked before: 那2020年呢."""
    spans = [*PlaceRecogniser(turn.house.book.gazetteer).find(text), *find_dates(text, turn.request.today)]
    rest = "".join(c for at, c in enumerate(text) if not any(span.start <= at < span.end for span in spans))
    lists = words()
    said = (
        *lists.follow_up, *lists.question_words, *lists.fact_values, *lists.fact_difference, *lists.fact_numbers,
        *lists.duty_asks, *lists.tag,
    )  # fmt: skip
    for word in sorted(said, key=len, reverse=True):
        rest = rest.replace(word, " ")
    return len(letters_of(rest)) <= _NOTHING


def _asks(text: str) -> bool:
    return has(text, words().duty_asks) or _asks_number(text)


def _asks_number(text: str) -> bool:
    """Whether a value is asked for, or the greater of two."""
    return has(text, words().fact_values) or asks_greater(text)


def _asks_values(text: str, asking: str, letters: str, indicators: list[Named[Indicator]]) -> bool:
    """Whether values are asked for, not how they are reached or what an award pays."""
    rest = _without_names(text, indicators)
    inside = {place for named in indicators for place in named.letters}
    unnamed = "".join(letter for place, letter in enumerate(letters) if place not in inside)
    if has(rest, words().fact_pays) and has(unnamed, words().fact_pays):
        return False
    if has(text, words().fact_manner):
        lists = words()
        return has(text, (*lists.fact_numbers, *lists.fact_difference, *lists.fact_lower))
    whole = {letters_of(name) for named in indicators for name in (named.fact.name, *named.fact.aliases)}
    said = {"".join(letters[place] for place in named.letters) for named in indicators}
    return _asks_number(asking) or (len(unnamed) <= _BARE and said <= whole)


def _without_names(text: str, indicators: Sequence[Named[Indicator]]) -> str:
    """A folded text without the names of indicators."""
    names = {fold(name).text for named in indicators for name in (named.fact.name, *named.fact.aliases)}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    return text


def _numbered(policies: tuple[str, ...], text: str) -> list[Named[Responsibility]]:
    """第8项, 第3、5项: the tasks of the clauses with these numbers, where one text is meant."""
    if len(policies) != 1:
        return []
    values = [number(digits) for match in _ITEM.finditer(text) for digits in _NUMBER.findall(match[0])]
    return [task for value in values if value for task in recogniser().numbered(policies[0], int(value))]


def _means_indicator(turn: Turn, found: FactRequest) -> bool:
    """Whether a question that also names an award means the indicator: 三门品字标企业2020年是多少.

    In a text with awards the award is meant unless a target is asked for.
    """
    request = turn.request
    if request.asks_award_money or not found.indicators:
        return False
    if request.kind == "text" or (request.kind == "comparison" and not request.claims):
        return True
    target = has(found.text, words().targets)
    if request.kind == "comparison":
        return target
    pays = any(turn.house.book.policies[named.policy].provisions for named in found.indicators)
    rest = _without_names(found.text, found.indicators)
    claimed = has(rest, (*words().obtain, *words().first_person)) or not has(rest, words().fact_numbers)
    award = any(_is_award(turn, named) for named in found.indicators)
    return not pays and not claimed and (target or not award)


def _means_task(turn: Turn, found: FactRequest) -> bool:
    """Whether a question that also names an award or speaks of rewards means who answers for a task."""
    if turn.request.kind == "text" and not turn.request.asks_award_money:
        return True
    whole = {letters_of(name) for one in found.tasks for name in (one.fact.task, *one.fact.aliases)}
    said = {_said(turn, one) for one in found.tasks}
    return bool(said) and said <= whole and not has(found.text, words().fact_numbers)


def _is_award(turn: Turn, named: Named[Indicator]) -> bool:
    """Whether an indicator is called as an award is: 国家标准."""
    concepts = turn.house.book.vocabulary.concepts.values()
    called = {letters_of(word) for concept in concepts for names in concept.names for word in names.words}
    return _said(turn, named) in called


def _said(turn: Turn, named: Named[F]) -> str:
    """The letters of the question that name a fact; none where an earlier question named it, or its number."""
    letters = letters_of(turn.request.question)
    return "".join(letters[place] for place in named.letters if place < len(letters))
