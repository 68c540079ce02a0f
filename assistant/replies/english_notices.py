"""Notices in English, the decisive words beside them in Chinese."""

from __future__ import annotations

from assistant.model import Answer, Notice
from assistant.notices import interpretation_notice, reference_notice, repealing, state_notice
from assistant.replies.english_terms import coverage, day, phrase, place_name, short_name, text_name
from assistant.turn import Turn
from rules.loader import RuleBook
from rules.model import PolicyRules

_DEPARTMENT = "whether honours obtained while it ran are still accepted is for the competent department to say."


def in_english(turn: Turn, answer: Answer) -> list[Notice]:
    """The notices of an answer in English, kinds and citations kept.

    Args:
        turn: The question.
        answer: As answered in Chinese.
    """
    return [notice.model_copy(update={"text": _text(turn, notice)}) for notice in answer.notices]


def in_force(book: RuleBook, policy: str) -> str:
    """From when until when a text holds, as far as it says."""
    rules = book.policies[policy]
    period, repeal = rules.in_force, repealing(book, policy)
    told = [f"in force (施行) from {day(period.first_day)}"] if period.first_day else []
    if period.is_plan and period.last_day and period.first_day:
        told = [f"a plan for the years {period.first_day.year} to {period.last_day.year} (规划期限)"]
    elif period.last_day:
        told.append(f"until {day(period.last_day)} ({'废止' if repeal else '到期'})")
    else:
        told.append("the text names no day on which it ends (没有写明终止日期)")
    if repeal:
        told.append(f"repealed by the {short_name(repeal[0].policy)}")
    return ", ".join(told)


def funding(rules: PolicyRules, text: str) -> str:
    """Who pays: the phrase of the rule that a notice was made of, or that the text is silent."""
    said = next((one.text for one in rules.funding if one.text in text), None)
    if said is None:
        return f"The {short_name(rules.policy)} does not say who pays (没有写明由谁承担)."
    return f"Who pays (资金来源): {phrase(said)}."


def _text(turn: Turn, notice: Notice) -> str:
    house, place = turn.house, turn.request.place
    book, sources = house.book, house.sources
    if notice.kind == "outside_collection":
        return coverage(book, sources)
    for policy, rules in book.policies.items():
        name = text_name(book, policy)
        state = state_notice(book, sources, policy, turn.request.today)
        if state and state.text == notice.text:
            return _state(book, rules, notice)
        if place and (reference := reference_notice(book, sources, policy, place)) and reference.text == notice.text:
            return (
                f"{place_name(place)} is outside the area in which the {name} binds; it may be referred to (可参照) there. "
                "The local standard must not be lower, so the amount above is a floor (下限); "
                "what is paid is for the local rules to say."
            )
        interpreted = interpretation_notice(book, sources, policy)
        if rules.interpreter and interpreted and interpreted.text == notice.text:
            return f"Where the text is silent, {rules.interpreter.name} interprets it (负责解释)."
    concerned = next((p for p in book.policies if _speaks_of(book, p, notice)), None)
    return funding(book.policies[concerned], notice.text) if concerned else "Who pays is not said (没有写明由谁承担)."


def _state(book: RuleBook, rules: PolicyRules, notice: Notice) -> str:
    name, period = text_name(book, rules.policy), rules.in_force
    last = day(period.last_day) if period.last_day else ""
    if notice.kind == "repealed" and (repeal := repealing(book, rules.policy)):
        by = text_name(book, repeal[0].policy)
        return f"The {name} was repealed (废止) by the {by}; its last day in force was {last}; {_DEPARTMENT}"
    if notice.kind == "not_yet_in_force" and period.first_day:
        return f"The {name} is in force from {day(period.first_day)} only (尚未生效)."
    if period.is_plan:
        return f"The {name} is a plan whose period is over (规划期已满) since {last}; its targets are those of that period."
    return f"The {name} expired on {last} ({period.note}，已过有效期); {_DEPARTMENT}"


def _speaks_of(book: RuleBook, policy: str, notice: Notice) -> bool:
    cited = notice.citation is not None and notice.citation.policy == policy
    return cited or notice.text.startswith(book.policies[policy].name)
