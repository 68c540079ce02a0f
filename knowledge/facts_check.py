"""Whether facts and texts agree: each check returns its findings, none means all is well."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from knowledge.facts import Facts, Indicator, Responsibility
from knowledge.findings import Check, Finding, Policies, span_of
from knowledge.indicator_check import INDICATOR_CHECKS
from knowledge.model import Policy
from knowledge.printed import find, squeeze

_CHARGE = re.compile(r"(?:责任|牵头|配合)(?:部门|单位)[：:]|牵头负责|负责解释")
_LIST = re.compile(r"(责任|牵头|配合)(?:部门|单位)[：:](.+?)(?=等?(?:按|分工|负责)|[；;。]|[）)]?$)")


def check_facts(facts: Facts, policies: Policies) -> list[Finding]:
    """Everything that is wrong between facts and texts.

    Args:
        facts: The facts of all texts.
        policies: The texts by their id.
    """
    return [finding for check in CHECKS for finding in check(facts, policies)]


def texts_have_facts(facts: Facts, policies: Policies) -> Iterator[Finding]:
    """Each text has both files, with an empty list where it states nothing, and each file its text."""
    for kind, found in (("indicators", facts.indicators), ("responsibilities", facts.responsibilities)):
        for policy in sorted(policies.keys() - found.keys()):
            yield Finding(policy, kind, f"没有 {kind}/{policy}.yaml；没有这类内容也要写一个空列表")
        for policy in sorted(found.keys() - policies.keys()):
            yield Finding(policy, kind, "没有这份政策文本")


def ids_are_unique(facts: Facts, policies: Policies) -> Iterator[Finding]:
    """No id stands twice."""
    used = Counter(fact.id for policy in policies for fact in _facts(facts, policy))
    for policy in policies:
        for identity in dict.fromkeys(fact.id for fact in _facts(facts, policy)):
            if used[identity] > 1:
                yield Finding(policy, identity, "这个 id 用了不止一次")


def quotations_are_verbatim(facts: Facts, policies: Policies) -> Iterator[Finding]:
    """Each quotation stands in its clause, whitespace aside."""
    for policy, text in policies.items():
        own = [(fact.id, fact) for fact in _facts(facts, policy)]
        dated = [(f"{one.id} dated", one.dated) for one in facts.indicators_of(policy) if one.dated]
        others = [(f"not_indicators.{number}", one) for number, one in enumerate(facts.not_indicators_of(policy))]
        for where, quotation in (*own, *dated, *others):
            if all(clause.path != quotation.clause for clause in text.clauses):
                yield Finding(policy, where, f"没有条款 {quotation.clause}")
            elif span_of(text, quotation) is None:
                yield Finding(policy, where, f"{quotation.clause} 里没有这段原文：{quotation.quote}")


def names_are_printed(facts: Facts, policies: Policies) -> Iterator[Finding]:
    """Each name stands in its quotation, a task also as a heading over it, a category in its clause."""
    for policy, text in policies.items():
        for indicator in facts.indicators_of(policy):
            if not find(indicator.name, indicator.quote, elliptical=True):
                yield Finding(policy, indicator.id, f"引文里没有名称“{indicator.name}”")
            if not find(indicator.category, _clause_text(text, indicator.clause)):
                yield Finding(policy, indicator.id, f"{indicator.clause} 里没有类别“{indicator.category}”")
        for duty in facts.responsibilities_of(policy):
            over = [c.heading for c in text.clauses if f"{duty.clause}/".startswith(f"{c.path}/")]
            if duty.task not in over and not find(duty.task, duty.quote, elliptical=True):
                yield Finding(policy, duty.id, f"引文和上级标题里都没有任务“{duty.task}”")


def names_are_unambiguous(facts: Facts, policies: Policies) -> Iterator[Finding]:
    """A name or alias means one indicator, or one task, of the policy."""
    for policy in policies:
        indicators = [(one.id, name) for one in facts.indicators_of(policy) for name in (one.name, *one.aliases)]
        tasks = [(one.id, name) for one in facts.responsibilities_of(policy) for name in (one.task, *one.aliases)]
        for named in (indicators, tasks):
            used = Counter(_folded(name) for _, name in named)
            for where, name in named:
                if used[_folded(name)] > 1:
                    yield Finding(policy, where, f"名称“{name}”用了不止一次")


def departments_are_printed(facts: Facts, policies: Policies) -> Iterator[Finding]:
    """Departments stand in the quotation, in its order; where it lists them under a title, they are all of the list."""
    for policy in policies:
        for duty in facts.responsibilities_of(policy):
            quote = squeeze(duty.quote)
            places = [quote.find(squeeze(department)) for department in duty.departments]
            for department, place in zip(duty.departments, places, strict=True):
                if place < 0:
                    yield Finding(policy, duty.id, f"引文里没有部门“{department}”")
            if places != sorted(places):
                yield Finding(policy, duty.id, "部门的顺序与引文不同")
            listed = [name for match in _LIST.finditer(quote) for name in match[2].split("、")]
            if listed and listed != [squeeze(department) for department in duty.departments]:
                yield Finding(policy, duty.id, f"引文列出的部门是 {'、'.join(listed)}")


def leads_are_printed(facts: Facts, policies: Policies) -> Iterator[Finding]:
    """There are leads where the quotation says 牵头, among the departments; 成员单位 alone are said to be that."""
    for policy in policies:
        for duty in facts.responsibilities_of(policy):
            listed = [name for m in _LIST.finditer(squeeze(duty.quote)) if m[1] == "牵头" for name in m[2].split("、")]
            if not set(duty.lead) <= set(duty.departments):
                yield Finding(policy, duty.id, f"牵头部门“{'、'.join(duty.lead)}”不都在 departments 里")
            if bool(duty.lead) != ("牵头" in duty.quote) or (listed and listed != list(duty.lead)):
                yield Finding(policy, duty.id, f"牵头部门“{'、'.join(duty.lead)}”与引文不符")
            if duty.members_only != all(name.endswith("成员单位") for name in duty.departments):
                yield Finding(policy, duty.id, "members_only 与部门不符：只写成员单位时才是 true")


def charges_are_claimed(facts: Facts, policies: Policies) -> Iterator[Finding]:
    """Each 责任部门：…, 牵头负责 and 负责解释 of a text belongs to a responsibility."""
    for policy, text in policies.items():
        claimed = [span for duty in facts.responsibilities_of(policy) if (span := span_of(text, duty))]
        for charge in _CHARGE.finditer(text.body):
            if not any(first <= charge.start() and charge.end() <= last for first, last in claimed):
                around = squeeze(text.body[max(0, charge.start() - 10) : charge.end() + 20])
                yield Finding(policy, charge.group(), f"“…{around}…”没有对应的责任部门")


CHECKS: tuple[Check, ...] = (
    texts_have_facts,
    ids_are_unique,
    quotations_are_verbatim,
    names_are_printed,
    names_are_unambiguous,
    *INDICATOR_CHECKS,
    departments_are_printed,
    leads_are_printed,
    charges_are_claimed,
)


def _facts(facts: Facts, policy: str) -> list[Indicator | Responsibility]:
    return [*facts.indicators_of(policy), *facts.responsibilities_of(policy)]


def _folded(name: str) -> str:
    """A name without signs: people leave out quotation marks and brackets."""
    return re.sub(r"\W", "", name).lower()


def _clause_text(text: Policy, path: str) -> str:
    found = next((clause for clause in text.clauses if clause.path == path), None)
    return text.text_of(found, with_children=True) if found else ""
