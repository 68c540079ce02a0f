"""Whether a policy runs, who interprets it, what it says of repeated awards: from rule data; false premises corrected."""

from __future__ import annotations

import re

from assistant.model import Answer, Citation, Notice
from assistant.notices import funding_notices, interpretation_notice, state_notice
from assistant.replies import text_lookup
from assistant.replies.parts import distinct, evidence, notices_text, paragraphs, wrong_payer
from assistant.turn import Turn
from assistant.understanding.folding import fold
from assistant.understanding.wordlist import has, words
from rules.model import NonStacking, PolicyRules

_ISSUED = re.compile(
    r"(?:20)?(\d{2})年(?:\d+月)?(?:\d+[日号])?(?:就|才|起|开始|正式|是)*(?:印发|施行|生效|出台|实施|发布)"
)
_YEARS = re.compile(r"(?:有效期(?:是|为|到)?|管)([一二两三四五六七八九十\d]{1,2})年")
_SPAN = re.compile(r"(?:20)?(\d{2})年?(?:到|至|-|—|~)(?:20)?(\d{2})年")
_UNTIL = re.compile(r"(?:管到|执行到|施行到|有效到|到)(?:20)?(\d{2})年")


def policies_asked(turn: Turn) -> list[PolicyRules]:
    """The policies whose standing is asked about: named ones, else the award policies of the place."""
    request, book = turn.request, turn.house.book
    named = [book.policies[p] for p in request.policies]
    if named or request.place is None:
        return named
    place = request.place
    own = [rules for rules in book.policies.values() if rules.home.covers(place)]
    return own or [rules for rules in book.policies.values() if place.covers(rules.home)]


def answers(turn: Turn) -> bool:
    """Whether the question can be answered from what the rules know of the policies themselves."""
    request = turn.request
    asked = (
        request.asks_in_force
        or request.asks_stacking
        or request.asks_interpreter
        or request.asks_territory
        or request.asks_repeal
        or request.asks_funding
    )
    return asked and bool(policies_asked(turn))


def reply(turn: Turn) -> Answer:
    """The rule asked about, for each policy; a premise that does not hold is corrected first."""
    house, request = turn.house, turn.request
    lines: list[str] = []
    citations: list[Citation] = []
    notices: list[Notice] = []
    wrong = False
    for rules in policies_asked(turn):
        state = state_notice(house.book, house.sources, rules.policy, request.today)
        if request.asks_stacking and rules.non_stacking:
            rule = rules.non_stacking
            lines.append(f"{rules.name}：{rule.text}。")
            citations.append(house.sources.cite(rules.policy, rule.clause, rule.quote))
            wrong = wrong or _contradicts(turn, rule)
        if request.asks_in_force:
            lines.append(f"{rules.name}：{rules.in_force.note}。")
            if state and state.citation:
                citations.append(state.citation)
            citations.append(house.sources.cite(rules.policy, rules.in_force.clause, rules.in_force.quote))
            wrong = wrong or _wrong_period(turn, rules, state is not None)
        if request.asks_territory:
            for territory in rules.territories:
                citations.append(house.sources.cite(rules.policy, territory.clause, territory.quote))
            lines.append(f"{rules.name}：{_territory_text(rules)}。")
            wrong = wrong or any(t.effect == "reference" for t in rules.territories)
        if request.asks_funding and rules.provisions:
            for funding in funding_notices(house.book, house.sources, rules.policy, request.place, _levels(turn)):
                lines.append(funding.text)
                notices += [funding]
        if request.asks_repeal:
            for repeal in rules.repeals:
                citations.append(house.sources.cite(rules.policy, repeal.clause, repeal.quote))
                lines.append(f"{rules.name}废止了{house.sources.title(repeal.policy)}。")
        if request.asks_interpreter:
            interpreter = interpretation_notice(house.book, house.sources, rules.policy)
            if interpreter and interpreter.citation:
                lines.append(f"{rules.name}：{interpreter.text}")
                citations.append(interpreter.citation)
                wrong = wrong or not _names_interpreter(turn, rules)
            else:
                lines.append(f"{rules.name}：文中没有写明由谁解释。")
        if state:
            notices.append(state)
    if not lines:  # none of the texts has such a rule: perhaps a clause speaks of it
        return text_lookup.reply(turn)
    corrected = (request.kind == "premise" and wrong) or wrong_payer(turn, notices)
    citations = distinct([*citations, *(n.citation for n in notices if n.citation)])
    opening = "这个说法与文件不符，按文件应是：" if corrected else ""
    return Answer(
        kind="correction" if corrected else "lookup",
        text=paragraphs(
            opening,
            "\n".join(f"- {line}" for line in dict.fromkeys(lines)),
            notices_text(notices),
            evidence(citations, house.sources),
        ),
        citations=citations,
        notices=notices,
    )


def _levels(turn: Turn) -> list[tuple[str, str | None]]:
    return [(claim.concept, claim.facets.get("level")) for claim in turn.request.claims]


def _names_interpreter(turn: Turn, rules: PolicyRules) -> bool:
    """Whether the question names the office that interprets."""
    name = rules.interpreter.name if rules.interpreter else ""
    return name.lstrip("省市区县") in fold(turn.request.question).text


def _territory_text(rules: PolicyRules) -> str:
    binding = "、".join(t.place.name for t in rules.territories if t.effect == "binding")
    reference = "、".join(t.place.name for t in rules.territories if t.effect == "reference")
    others = f"；{reference}的其他县（市）可参照执行，标准不得更低" if reference else ""
    return f"适用于{binding}{others}"


def _contradicts(turn: Turn, rule: NonStacking) -> bool:
    """Whether the premise names another way of treating repeated awards than the text."""
    text = fold(turn.request.question).text
    claimed = {kind for kind, names in words().stacking_rules.items() if has(text, names)}
    return (bool(claimed) and rule.rule not in claimed) or _outside_items(turn, rule)


def _outside_items(turn: Turn, rule: NonStacking) -> bool:
    """Whether the premise subjects an award to the rule that the rule does not name."""
    concepts = {claim.concept for claim in turn.request.claims}
    prefixes = [prefix for item in rule.items for prefix in item]
    clauses = {
        provision.clause
        for rules in policies_asked(turn)
        for provision, award in rules.awards()
        if award.concept in concepts
    }
    return bool(prefixes) and any(
        not any(clause == prefix or clause.startswith(prefix + "/") for prefix in prefixes) for clause in clauses
    )


def _wrong_period(turn: Turn, rules: PolicyRules, over: bool) -> bool:
    """Whether the premise takes a policy for running that does not, or names another length of validity."""
    text = fold(turn.request.question).text
    span = _SPAN.search(text)
    if span and rules.in_force.first_day and rules.in_force.last_day:
        ends = (rules.in_force.first_day.year, rules.in_force.last_day.year)
        return (2000 + int(span[1]), 2000 + int(span[2])) != ends
    stated = _YEARS.search(text)
    if stated:
        return stated[1] not in fold(rules.in_force.quote).text
    until = _UNTIL.search(text)
    if until:
        last = rules.in_force.last_day
        return last is None or last.year != 2000 + int(until[1])
    year = _ISSUED.search(text)
    if year and rules.in_force.first_day:
        return 2000 + int(year[1]) != rules.in_force.first_day.year
    return over and has(text, words().still_runs)
