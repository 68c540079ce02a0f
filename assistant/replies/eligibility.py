"""An own claim: what it pays, line by line, or what is still missing."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.figures import figures_in
from assistant.model import Answer, Citation, Notice
from assistant.money import yuan_text
from assistant.notices import funding_notices, interpretation_notice, reference_notice, state_notice
from assistant.replies.parts import (
    award_name,
    cite_award,
    distinct,
    evidence,
    most_asked_first,
    notices_text,
    paragraphs,
    pays,
)
from assistant.replies.questions import question_for
from assistant.replies.section import Section
from assistant.turn import Turn
from rules.assessment import Alternative, Applicant, Assessment, Line
from rules.calculator import Result, Ruling, assess

_FEW = 6  # conditional amounts, or words, that a person can take in at a glance
_SHOWN = frozenset(("place", "date", "award", "level", "rank", "result", "quantity", "cost", "received"))


def applicant_of(turn: Turn) -> Applicant:
    """The applicant as understood; what was received before counts under the cap of the claims."""
    request, book = turn.request, turn.house.book
    caps = {
        award.cap
        for rules in book.policies.values()
        for _, award in rules.awards()
        if award.cap and any(claim.concept == award.concept for claim in request.claims)
    }
    received = dict.fromkeys(caps, request.received_yuan) if request.received_yuan is not None else {}
    return Applicant(place=request.place, type=request.applicant_type, received_yuan=received)


def reply(turn: Turn) -> Answer:
    """The calculator's answer to an own claim, or the questions that decide it."""
    result = assess(turn.house.book, applicant_of(turn), turn.request.claims)
    if result.missing:
        return _ask(turn, result)
    return answer(turn, result)


# ------------------------------------------------------------------ an amount, or none
def answer(turn: Turn, result: Result, more: Section | None = None, orders: Sequence[Alternative] = ()) -> Answer:
    """What a claim pays, line by line.

    Args:
        turn: The question.
        result: What the calculator answered, no fact missing.
        more: What is asked beside the amount, with its support: it follows the amount at once.
        orders: Other orders of filing that ``more`` speaks of.
    """
    assessment = result.assessment
    citations = _citations(turn, result)
    notices = _notices(turn, result)
    headline = _headline(turn, assessment)
    corrected = (
        turn.request.tag_question
        and bool(turn.request.asserted_yuan)
        and assessment.total_yuan not in turn.request.asserted_yuan
    )
    if corrected:
        headline = f"不是这样。{headline}"
    citations += [*(more.citations if more else []), *(notice.citation for notice in notices if notice.citation)]
    citations = most_asked_first(turn, citations, notices)
    # Who asks what more there is has just heard how the amount comes about.
    told = more is not None and turn.leans
    return Answer(
        kind="correction" if corrected else "eligibility",
        text=paragraphs(
            headline,
            "\n".join(more.lines).strip() if more else "",
            "" if told else paragraphs(_table(assessment), _reasons(assessment, more)),
            _readings(assessment),
            "" if told else _heard(turn),
            notices_text([notice for notice in notices if notice.text not in headline]),
            "" if told else "\n".join(f"- 前提：{assumption}" for assumption in assessment.assumptions),
            evidence(citations, turn.house.sources),
        ),
        citations=citations,
        assessment=assessment.model_copy(update={"alternatives": [*assessment.alternatives, *orders]}),
        computations=more.computations if more else [],
        notices=notices,
    )


def _heard(turn: Turn) -> str:
    """The words of the question from which the claim was understood."""
    said = list(dict.fromkeys(original for part, original in turn.request.heard if part in _SHOWN))[:_FEW]
    line = f"按您说的：{''.join(f'‘{original}’' for original in said)}。" if said else ""
    # Words side by side may read as a figure that nobody said: ‘第二’‘十万’.
    return line if figures_in(line) <= figures_in(turn.said) else ""


def _headline(turn: Turn, assessment: Assessment) -> str:
    total = assessment.total_yuan
    match assessment.outcome:
        case "payable":
            return f"可以领取 **{yuan_text(total or 0)}**。"
        case "reference_only":
            return f"参照标准为 **{yuan_text(total or 0)}**（下限，实际以当地规定为准）。"
        case "depends":
            orders = "；".join(f"{a.reading}，为 {yuan_text(a.total_yuan)}" for a in assessment.alternatives)
            best = max(assessment.alternatives, key=lambda a: a.total_yuan)
            return f"要看申报的先后：同一项目按最先申报一项执行。{orders}。得到最多的是{best.reading}。"
        case "not_payable" if total is None and all(line.outcome != "eligible" for line in assessment.lines):
            return f"没有可以适用的奖励条款，不能按本库的文件领取奖励。{_why_none(turn, assessment)}"
        case "not_payable" if any(line.amount_yuan for line in assessment.lines if line.outcome == "eligible"):
            return "这次没有可再领取的奖励：已经达到最高限额。"
        case "not_payable" if total is None:
            return "这一项是支持条款，文件没有写明金额，无法给出数额。"
        case _:
            return "没有可以领取的奖励。"


def _why_none(turn: Turn, assessment: Assessment) -> str:
    """Names the places covered, or the periods in force, when no policy applies."""
    book, sources, place = turn.house.book, turn.house.sources, turn.request.place
    if place is None:
        return sources.coverage()
    holding = [
        book.policies[p]
        for p in book.award_policies()
        if any(t.place.covers(place) for t in book.policies[p].territories)
    ]
    if holding:
        periods = "；".join(f"{rules.name}：{rules.in_force.note}" for rules in holding)
        return f"取得日期 {assessment.obtained_on} 不在文件的施行期间（{periods}）。"
    if assessment.policy:
        return f"{sources.name(assessment.policy)}没有写奖励金额。{sources.coverage()}"
    return f"{place.name}不在适用范围内。{sources.coverage()}"


def _table(assessment: Assessment) -> str:
    """Lines, adjustments and total, where there is more to see than one sum."""
    paid = [line for line in assessment.lines if line.outcome == "eligible" and line.amount_yuan is not None]
    if not paid or (assessment.total_yuan is None and assessment.outcome != "depends"):
        return ""
    rows = ["| 事项 | 计算 | 金额 |", "|---|---|---|"]
    rows += [f"| {_line_name(line)} | {_calculation(line)} | {yuan_text(line.amount_yuan or 0)} |" for line in paid]
    rows += [f"| {a.rule} | {a.clause} | −{yuan_text(-a.amount_yuan)} |" for a in assessment.adjustments]
    if assessment.total_yuan is not None:
        rows.append(f"| **合计** | | **{yuan_text(assessment.total_yuan)}** |")
    return "\n".join(rows)


def _line_name(line: Line) -> str:
    level = f"（{line.level}）" if line.level and line.level not in line.award else ""
    return f"{line.award}{level}"


def _calculation(line: Line) -> str:
    if line.unit_yuan is None:
        return "按条款比例"
    return f"{yuan_text(line.unit_yuan)} × {line.quantity}" if line.quantity > 1 else "1 项"


def _reasons(assessment: Assessment, more: Section | None = None) -> str:
    """Why a line pays nothing, unless it was told what it would take."""
    told = more.lines if more else []
    said = {"not_eligible": "不符合条件", "not_in_policy": "没有列入"}
    return "\n".join(
        f"- {_line_name(line)}：{said[line.outcome]}，{'；'.join(line.reasons)}。"
        for line in assessment.lines
        if line.outcome in said and line.reasons and not any(row.startswith(f"- {_line_name(line)}：") for row in told)
    )


def _readings(assessment: Assessment) -> str:
    if not assessment.alternatives or assessment.outcome == "depends":
        return ""
    others = "\n".join(f"- {a.reading}：{yuan_text(a.total_yuan)}" for a in assessment.alternatives)
    return f"以上按最严格的读法计算。条文没有写明，另有读法：\n{others}"


def _citations(turn: Turn, result: Result) -> list[Citation]:
    house = turn.house
    citations: list[Citation] = []
    for ruling in result.rulings:
        judgement = ruling.judgement
        if judgement is None or ruling.governing is None:
            continue
        for found in (*judgement.found, *judgement.equivalents):
            citations += cite_award(house.sources, house.book, judgement.policy, found)
    for step in result.assessment.adjustments:
        citations += _rule_citations(turn, step.clause, result)
    if result.assessment.alternatives:
        for policy in {r.governing.policy for r in result.rulings if r.governing}:
            rule = house.book.policies[policy].non_stacking
            if rule:
                citations.append(house.sources.cite(policy, rule.clause, rule.quote))
    if not citations:
        citations += _scope_citations(turn, result)
    return citations


def _rule_citations(turn: Turn, clause: str, result: Result) -> list[Citation]:
    """The sentence behind an adjustment."""
    found: list[Citation] = []
    for policy in {r.governing.policy for r in result.rulings if r.governing}:
        rules = turn.house.book.policies[policy]
        quotes = [rules.non_stacking] if rules.non_stacking else []
        for quotation in [*quotes, *rules.caps]:
            if quotation.clause == clause:
                found.append(turn.house.sources.cite(policy, quotation.clause, quotation.quote))
    return found


def _scope_citations(turn: Turn, result: Result) -> list[Citation]:
    """Where nothing is paid: the clauses that say where and when the policies hold."""
    house = turn.house
    policies = [r.governing.policy for r in result.rulings if r.governing]
    if not policies and turn.request.place:
        policies = [
            p
            for p in house.book.award_policies()
            if any(t.place.may_be(turn.request.place) for t in house.book.policies[p].territories)
        ]
    found: list[Citation] = []
    for policy in dict.fromkeys(policies):
        period = house.book.policies[policy].in_force
        found.append(house.sources.cite(policy, period.clause, period.quote))
    return found


def _notices(turn: Turn, result: Result) -> list[Notice]:
    request, house = turn.request, turn.house
    policies = list(dict.fromkeys(r.governing.policy for r in result.rulings if r.governing))
    notices: list[Notice] = []
    for policy in policies:
        state = state_notice(house.book, house.sources, policy, request.today)
        if state:
            notices.append(state)
        if result.assessment.outcome == "reference_only" and request.place:
            reference = reference_notice(house.book, house.sources, policy, request.place)
            if reference:
                notices.append(reference)
        if result.assessment.alternatives and result.assessment.outcome != "depends":
            interpretation = interpretation_notice(house.book, house.sources, policy)
            if interpretation:
                notices.append(interpretation)
        if request.asks_funding:
            levels = [(c.concept, c.facets.get("level")) for c in request.claims]
            notices += funding_notices(house.book, house.sources, policy, request.place, levels)
    if not policies and result.assessment.policy is None and request.place:
        if not any(r.applicability.place_covered for r in result.rulings):
            notices.append(Notice(kind="outside_collection", text=house.sources.coverage()))
    return notices


# ------------------------------------------------------------------ something is missing
def _ask(turn: Turn, result: Result) -> Answer:
    house = turn.house
    questions = list(dict.fromkeys(question_for(house.book, fact) for fact in result.missing))
    sayable, citations = _conditional(turn, result)
    asked = "\n".join(f"{number}. {question}" for number, question in enumerate(questions, 1))
    return Answer(
        kind="clarification",
        text=paragraphs(
            f"还需要知道以下情况，才能确定金额：\n{asked}",
            f"目前可以说的是：\n{sayable}" if sayable else "",
            evidence(citations, house.sources),
        ),
        citations=citations,
        assessment=result.assessment,
        questions=questions,
    )


def _conditional(turn: Turn, result: Result) -> tuple[str, list[Citation]]:
    """What each case would pay, where the cases are few."""
    house = turn.house
    rows: list[str] = []
    citations: list[Citation] = []
    for ruling in result.rulings:
        for policy, found_rows, found_citations in _cases(turn, ruling):
            rows.append(f"- {house.sources.name(policy)}：{found_rows}")
            citations += found_citations
    if sum(row.count("；") + 1 for row in rows) > _FEW:
        return "", []
    return "\n".join(dict.fromkeys(rows)), distinct(citations)


def _cases(turn: Turn, ruling: Ruling) -> list[tuple[str, str, list[Citation]]]:
    house = turn.house
    cases: list[tuple[str, str, list[Citation]]] = []
    for governing, judgement in ruling.candidates:
        citations: list[Citation] = []
        if judgement.outcome == "not_in_policy":
            text = "没有列入这一奖项"
        elif judgement.outcome == "not_eligible":
            text = f"没有奖励（{'；'.join(judgement.found[0].reasons)}）"
        else:
            phrases = [f"{award_name(found)} {pays(house.book, governing.policy, found)}" for found in judgement.found]
            text = "；".join(phrases)
            for found in judgement.found:
                citations += cite_award(house.sources, house.book, governing.policy, found)
        cases.append((governing.policy, text, citations))
    return cases
