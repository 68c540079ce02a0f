"""What a person must know beside the answer: lapsed, repealed, for reference, silent texts, who pays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from assistant.model import Notice
from assistant.sources import Sources
from rules.loader import RuleBook
from rules.model import Funding, Place, PolicyRules


def chinese_day(day: date) -> str:
    """``2021年2月10日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def repealing(book: RuleBook, policy: str) -> tuple[PolicyRules, str, str] | None:
    """The policy that repeals another, with clause and quotation; None when none does."""
    for rules in book.policies.values():
        for repeal in rules.repeals:
            if repeal.policy == policy:
                return rules, repeal.clause, repeal.quote
    return None


def state_notice(book: RuleBook, sources: Sources, policy: str, today: date) -> Notice | None:
    """Whether a policy is repealed, has lapsed, or is not yet in force on a day; None when it runs."""
    rules = book.policies[policy]
    period = rules.in_force
    repeal = repealing(book, policy)
    if repeal and period.last_day and today > period.last_day:
        by, clause, quote = repeal
        return Notice(
            kind="repealed",
            text=f"{rules.name}已由{by.name}废止，最后施行日为{chinese_day(period.last_day)}；"
            "施行期间取得的荣誉现在是否还受理申报，以主管部门答复为准。",
            citation=sources.cite(by.policy, clause, quote),
        )
    citation = sources.cite(policy, period.clause, period.quote)
    if period.last_day and today > period.last_day:
        if period.is_plan:
            text = f"{rules.name}的{period.note}，规划期已满，所列目标是该规划期的目标。"
        else:
            text = f"{rules.name}{period.note}，已过有效期；有效期内取得的荣誉现在是否还受理申报，以主管部门答复为准。"
        return Notice(kind="expired", text=text, citation=citation)
    if period.first_day and today < period.first_day:
        return Notice(
            kind="not_yet_in_force",
            text=f"{rules.name}自{chinese_day(period.first_day)}起施行，目前尚未生效。",
            citation=citation,
        )
    return None


def reference_notice(book: RuleBook, sources: Sources, policy: str, place: Place) -> Notice | None:
    """Where a policy may only be referred to: the amount is a floor."""
    for territory in book.policies[policy].territories:
        if territory.effect == "reference" and territory.place.covers(place):
            return Notice(
                kind="reference_only",
                text=f"{place.name}不在{book.policies[policy].name}的直接适用范围，只是“可参照”；"
                "当地标准不得低于这个数，以上金额是下限，实际以当地规定为准。",
                citation=sources.cite(policy, territory.clause, territory.quote),
            )
    return None


def interpretation_notice(book: RuleBook, sources: Sources, policy: str) -> Notice | None:
    """Who interprets an unclear wording, where the text says so."""
    interpreter = book.policies[policy].interpreter
    if interpreter is None:
        return None
    return Notice(
        kind="interpretation",
        text=f"条文没有写明的地方，由{interpreter.name}负责解释。",
        citation=sources.cite(policy, interpreter.clause, interpreter.quote),
    )


def funding_notices(
    book: RuleBook, sources: Sources, policy: str, place: Place | None, claims: Iterable[tuple[str, str | None]]
) -> list[Notice]:
    """Who pays, or that the text is silent.

    Args:
        book: All rules.
        sources: For the citation.
        policy: The policy that applies.
        place: Where the applicant is.
        claims: Concept and level of each award.
    """
    claims = list(claims)
    rules = book.policies[policy]
    found = [f for f in rules.funding if _concerns(f, place, claims)]
    if not found:
        where = place.name if place else "当地"
        return [Notice(kind="funding", text=f"{rules.name}没有写明{where}的这笔资金由谁承担。")]
    return [
        Notice(kind="funding", text=f"资金来源：{f.text}。", citation=sources.cite(policy, f.clause, f.quote))
        for f in found
    ]


def _concerns(funding: Funding, place: Place | None, claims: list[tuple[str, str | None]]) -> bool:
    if funding.concepts:
        return any(
            concept in funding.concepts and (not funding.levels or level in funding.levels) for concept, level in claims
        )
    if not funding.places or place is None:
        return True
    return any(own.covers(place) or place.covers(own) for own in funding.places)
