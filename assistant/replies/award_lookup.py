"""What a text gives for an award: a question about the text, not a claim of one's own."""

from __future__ import annotations

from decimal import Decimal

from assistant.figures import figures_in
from assistant.model import Answer, Citation, Notice
from assistant.notices import funding_notices, interpretation_notice, state_notice
from assistant.replies.parts import (
    award_name,
    cite_award,
    distinct,
    evidence,
    most_asked_first,
    notices_text,
    paragraphs,
    pays,
    wrong_payer,
)
from assistant.replies.refusal import outside, uncovered
from assistant.turn import Turn
from assistant.understanding.folding import fold
from assistant.understanding.wordlist import has, words
from rules.applicability import versions_with
from rules.assessment import Applicant, Claim
from rules.judgement import Found, Judgement, judge
from rules.model import Cap


def policies_asked(turn: Turn, claim: Claim) -> list[str]:
    """The policies among which an award is looked up: those named, else those of the place that have it."""
    request, book = turn.request, turn.house.book
    if request.policies:
        return list(request.policies)
    places = request.compared_places or (request.place,)
    return list(dict.fromkeys(policy for place in places for policy in versions_with(book, place, claim.concept)))


def judgements(turn: Turn, claim: Claim, policies: list[str]) -> list[Judgement]:
    """What each policy says of an award that is asked about."""
    book = turn.house.book
    applicant = Applicant(type=turn.request.applicant_type)
    return [judge(book, book.policies[policy], applicant, claim) for policy in policies]


def reply(turn: Turn) -> Answer:
    """Each policy's amounts for the award, with its clause."""
    request, house = turn.request, turn.house
    lines = uncovered(turn)
    if lines and len(lines) == len(request.compared_places or (request.place,)):
        return outside(turn)
    citations: list[Citation] = []
    policies: list[str] = []
    stacking: list[Citation] = []
    amounts: list[set[int]] = []
    beyond = False
    caps: list[Cap] = []
    for claim in request.claims:
        asked = policies_asked(turn, claim)
        if not asked:
            lines.append(_not_listed(turn, claim))
        for judgement in judgements(turn, claim, asked):
            policies.append(judgement.policy)
            own = {f.unit_yuan for f in judgement.found if f.unit_yuan and judgement.outcome != "not_eligible"}
            limits = [house.book.cap(judgement.policy, f.award.cap) for f in judgement.found if f.award.cap]
            if has(fold(request.question).text, words().capped):
                own |= {cap.yuan for cap in limits}
            amounts.append(own)
            caps += limits
            # 前三位 reaches beyond what the clause pays for.
            beyond = beyond or (claim.rank is not None and judgement.outcome in ("undetermined", "not_eligible"))
            text, cited = describe(turn, claim, judgement)
            lines.append(f"{house.sources.name(judgement.policy)}：{text}")
            citations += cited
    policies = list(dict.fromkeys(policies))
    if request.asks_stacking or len(request.claims) > 1:
        for policy in policies:
            rule = house.book.policies[policy].non_stacking
            if rule:
                lines.append(f"{house.sources.name(policy)}：{rule.text}。")
                stacking.append(house.sources.cite(policy, rule.clause, rule.quote))
    notices = _notices(turn, policies)
    citations = distinct([*(stacking if request.asks_stacking else []), *citations, *stacking])
    if not citations:
        for policy in policies:
            period = house.book.policies[policy].in_force
            citations.append(house.sources.cite(policy, period.clause, period.quote))
    citations = most_asked_first(turn, [*citations, *(n.citation for n in notices if n.citation)], notices)
    corrected = _contradicted(turn, amounts, citations, beyond) or wrong_payer(turn, notices) or _wrong_span(turn, caps)
    opening = "这个说法与文件不符，按文件应是：" if corrected else ""
    if has(fold(request.question).text, words().budget):
        opening = "文件没有写明这些奖励一年的预算或资金总额。文件写明的是单项标准："
    if request.asks_procedure:
        opening = "文件没有写明申报材料、办理流程和时限，请向主管部门询问。文件写明的是："
    return Answer(
        kind="correction" if corrected else "refusal" if not citations and _pays_nothing(turn) else "lookup",
        text=paragraphs(
            opening,
            "\n".join(f"- {line}" for line in dict.fromkeys(lines)) if len(lines) > 1 else lines[0],
            notices_text(notices),
            evidence(citations, house.sources),
        ),
        citations=citations,
        notices=notices,
    )


def _contradicted(turn: Turn, amounts: list[set[int]], citations: list[Citation], beyond: bool) -> bool:
    """Whether the question takes a sum or a share for granted that the texts do not give.

    Args:
        turn: The question.
        amounts: What each award of each text gives, in yuan.
        citations: What is cited.
        beyond: The question reaches beyond what a clause pays for.
    """
    request = turn.request
    if not request.tag_question:
        return False
    text = fold(request.question).text
    if request.asserted_yuan:
        stated = set(request.asserted_yuan)
        if has(text, words().same):  # 也是100万, 跟17年一样: true only where it is true of each
            return beyond or any(not stated <= own for own in amounts)
        return beyond or not stated <= set().union(*amounts)
    asserted = {figure for figure in figures_in(request.question) if figure[0] == "%"}
    if has(text, words().full_share):
        asserted.add(("%", Decimal(100)))
    printed = {figure for citation in citations for figure in figures_in(citation.quote)}
    return bool(asserted) and not asserted <= printed


def _wrong_span(turn: Turn, caps: list[Cap]) -> bool:
    """Whether 对吧 takes a cap on everything for one that begins anew each year, or the other way round."""
    text = fold(turn.request.question).text
    if not turn.request.tag_question or not caps:
        return False
    yearly, lifetime = has(text, words().yearly), has(text, words().lifetime)
    return (yearly and all(cap.per == "lifetime" for cap in caps)) or (
        lifetime and not yearly and all(cap.per == "year" for cap in caps)
    )


def describe(turn: Turn, claim: Claim, judgement: Judgement) -> tuple[str, list[Citation]]:
    """One policy's answer in one phrase, with what supports it."""
    house, policy = turn.house, judgement.policy
    citations: list[Citation] = []
    if judgement.outcome == "not_in_policy":
        near = _others_of_concept(turn, claim, policy)
        for found in near:
            citations += cite_award(house.sources, house.book, policy, found)
        label = house.book.vocabulary.concepts[claim.concept].label
        levels = "·".join(house.book.vocabulary.label(f, v) for f, v in claim.facets.items())
        text = f"没有列入{levels}{label}，文中未写金额。"
        if near:
            names = "、".join(dict.fromkeys(award_name(found) for found in near))
            text += f"所列的只有：{names}。"
        return text, distinct(citations)
    found_all = [*judgement.found, *judgement.equivalents]
    for found in found_all:
        citations += cite_award(house.sources, house.book, policy, found)
    if judgement.outcome == "not_eligible":
        first = judgement.found[0]
        text = f"没有奖励。{'；'.join(first.reasons)}。条款所列：{award_name(first)} {pays(house.book, policy, first)}"
        return text, distinct(citations)
    phrases = [f"{award_name(found)} **{pays(house.book, policy, found)}**" for found in found_all]
    return "；".join(dict.fromkeys(phrases)) + "。", distinct(citations)


def _others_of_concept(turn: Turn, claim: Claim, policy: str) -> list[Found]:
    """What the policy lists of the same kind, when it does not list what was asked."""
    book = turn.house.book
    alike = judge(book, book.policies[policy], Applicant(), Claim(concept=claim.concept))
    return [*alike.found, *alike.equivalents]


def _not_listed(turn: Turn, claim: Claim) -> str:
    label = turn.house.book.vocabulary.concepts[claim.concept].label
    where = turn.request.place.name if turn.request.place else "收录的文件"
    return f"{where}的文件没有列入{label}的奖励，文中未写金额。{turn.house.sources.coverage()}"


def _pays_nothing(turn: Turn) -> bool:
    """Whether the place named has texts, but none with awards: 舟山."""
    place = turn.request.place
    return place is not None and not any(
        t.place.may_be(place)
        for policy in turn.house.book.award_policies()
        for t in turn.house.book.policies[policy].territories
    )


def _notices(turn: Turn, policies: list[str]) -> list[Notice]:
    request, house = turn.request, turn.house
    notices: list[Notice] = []
    for policy in policies:
        state = state_notice(house.book, house.sources, policy, request.today)
        if state:
            notices.append(state)
        if request.asks_funding:
            levels = [(c.concept, c.facets.get("level")) for c in request.claims]
            notices += funding_notices(house.book, house.sources, policy, request.place, levels)
        if request.asks_stacking:
            interpretation = interpretation_notice(house.book, house.sources, policy)
            if interpretation:
                notices.append(interpretation)
    return notices
