"""An own claim in English: what it pays, line by line, or what is still missing."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.model import Answer, Notice
from assistant.replies import english_outlook
from assistant.replies.eligibility import applicant_of
from assistant.replies.english_notices import in_force
from assistant.replies.english_terms import (
    award_name,
    carried_line,
    claim_name,
    clause_name,
    coverage,
    facet_label,
    pays,
    phrase,
    place_name,
    terms,
    text_name,
    yuan,
)
from assistant.replies.parts import evidence, notices_text, paragraphs
from assistant.turn import Turn
from rules.assessment import Adjustment, Alternative, Applicant, Assessment, Claim, Line, MissingFact, RankRange
from rules.calculator import ASSUME_DATE, ASSUME_NOT_RECEIVED, Result, Ruling, assess
from rules.judgement import TYPE_LABELS, Found
from rules.loader import RuleBook

_FEW = 6  # conditional amounts that a person can take in at a glance
_OPEN = 99  # the last place of a range that has no end
_FILED_FIRST = "最先申报"


def claimed(turn: Turn, answer: Answer, notices: Sequence[Notice]) -> Answer:
    """An answer of the calculator in English.

    Args:
        turn: The question.
        answer: As answered in Chinese; its assessment stays.
        notices: Its notices in English.
    """
    assessment = answer.assessment
    if assessment is None:
        raise ValueError("the answer has no assessment")
    result = assess(turn.house.book, applicant_of(turn), turn.request.claims)
    headline = _headline(turn, assessment)
    more = english_outlook.more(turn, answer, result)
    told = bool(more) and turn.leans  # who asks what more there is has just heard how the amount comes about
    if answer.kind == "correction":
        headline = f"That does not agree with the text. {headline}"
    text = paragraphs(
        headline,
        more,
        "" if told else paragraphs(_table(turn, assessment), _reasons(turn, result)),
        _readings(assessment),
        carried_line(turn),
        notices_text([notice for notice in notices if notice.text not in headline]),
        "" if told else "\n".join(f"- Assumed: {_assumption(assessment, said)}." for said in assessment.assumptions),
        evidence(answer.citations, turn.house.sources),
    )
    return answer.model_copy(update={"text": text, "notices": list(notices)})


def asked_back(turn: Turn, answer: Answer, notices: Sequence[Notice]) -> Answer:
    """A clarification in English.

    Args:
        turn: The question.
        answer: As answered in Chinese.
        notices: Its notices in English.
    """
    if turn.request.kind == "vague":
        questions = _vague(turn)
        lead, sayable = "Please say first:", ""
    else:
        result = assess(turn.house.book, applicant_of(turn), turn.request.claims)
        questions = list(dict.fromkeys(question_for(turn.house.book, fact) for fact in result.missing))
        lead, sayable = "To give the amount, the following must still be known:", _conditional(turn, result)
    listed = "\n".join(f"{number}. {question}" for number, question in enumerate(questions, 1))
    text = paragraphs(
        f"{lead}\n{listed}",
        f"What can be said already:\n{sayable}" if sayable else "",
        carried_line(turn),
        notices_text(notices),
        evidence(answer.citations, turn.house.sources),
    )
    return answer.model_copy(update={"text": text, "questions": questions, "notices": list(notices)})


def question_for(book: RuleBook, fact: MissingFact) -> str:
    """One question in English for one missing fact, the choices with their Chinese labels."""
    ask = terms().ask
    if fact.kind != "facet":
        return ask[fact.kind].format(choices="; ".join(_choice(fact, choice) for choice in fact.choices))
    facet = fact.facet or ""
    values = {book.vocabulary.label(facet, value): value for value in book.vocabulary.facets[facet].values}
    return ask[facet].format(choices="; ".join(facet_label(book, facet, values[label]) for label in fact.choices))


def _choice(fact: MissingFact, choice: str) -> str:
    return choice if fact.kind == "times" else phrase(choice)


def _vague(turn: Turn) -> list[str]:
    ask, request, book = terms().ask, turn.request, turn.house.book
    if request.asks_in_force:
        return [ask["text"].format(choices="; ".join(text_name(book, policy) for policy in book.policies))]
    place = [ask["place"]] if request.place is None or request.place.city is None else []
    return [*place, ask["honour"], *([] if request.dated else [ask["date"]])]


# ------------------------------------------------------------------ an amount, or none
def _headline(turn: Turn, assessment: Assessment) -> str:
    total = assessment.total_yuan
    match assessment.outcome:
        case "payable":
            return f"You can claim **{yuan(total or 0)}**."
        case "reference_only":
            return f"The reference amount is **{yuan(total or 0)}**; it is a floor (下限), the local rules decide."
        case "depends":
            orders = " ".join(f"{_order(one)}: {yuan(one.total_yuan)}." for one in assessment.alternatives)
            return f"It depends on the order of filing: of one project only the award filed first (最先申报) is paid. {orders}"
        case "not_payable" if total is None and all(line.outcome != "eligible" for line in assessment.lines):
            return f"No award can be claimed: no award clause of the collection applies (没有可以适用的条款). {_why_none(turn, assessment)}"
        case "not_payable" if any(line.amount_yuan for line in assessment.lines if line.outcome == "eligible"):
            return "Nothing more can be claimed this time: the limit (最高限额) has been reached."
        case "not_payable" if total is None:
            return "The clause gives support but no figure (没有写明金额), so no amount can be named."
        case _:
            return "No award can be claimed (没有可以领取的奖励)."


def _order(alternative: Alternative) -> str:
    names = alternative.reading.split("，")
    return f"If {' and '.join(name.removeprefix(_FILED_FIRST) for name in names)} is filed first"


def _why_none(turn: Turn, assessment: Assessment) -> str:
    """The places covered, or the periods in force, when no policy applies."""
    book, place = turn.house.book, turn.request.place
    everything = coverage(book, turn.house.sources)
    if place is None:
        return everything
    holding = [
        policy
        for policy in book.award_policies()
        if any(territory.place.covers(place) for territory in book.policies[policy].territories)
    ]
    if holding:
        periods = "; ".join(f"{text_name(book, policy)}: {in_force(book, policy)}" for policy in holding)
        return f"On the date given ({assessment.obtained_on}) none was in force. {periods}."
    if assessment.policy:
        return f"The {text_name(book, assessment.policy)} pays no awards (没有写奖励金额). {everything}"
    return f"{place_name(place)} is outside the places covered (不在适用范围内). {everything}"


def _table(turn: Turn, assessment: Assessment) -> str:
    paid = [line for line in assessment.lines if line.outcome == "eligible" and line.amount_yuan is not None]
    if not paid or (assessment.total_yuan is None and assessment.outcome != "depends"):
        return ""
    rows = ["| Award | Clause | Calculation | Amount |", "|---|---|---|---|"]
    for line in paid:
        clause = clause_name(line.policy or "", line.clause or "")
        name = _line_name(turn.house.book, line)
        rows.append(f"| {name} | {clause} | {_calculation(line)} | {yuan(line.amount_yuan or 0)} |")
    rows += [f"| {_rule(one)} | {one.clause} | | −{yuan(-one.amount_yuan)} |" for one in assessment.adjustments]
    if assessment.total_yuan is not None:
        rows.append(f"| **Total** | | | **{yuan(assessment.total_yuan)}** |")
    return "\n".join(rows)


def _rule(adjustment: Adjustment) -> str:
    """The rule in English where it is one of the phrases, with what is printed beside it."""
    known = next((said for said in terms().phrases if adjustment.rule.startswith(said) and len(said) > _FEW), None)
    return f"{terms().phrases[known]} ({adjustment.rule})" if known else f"“{adjustment.rule}”"


def _line_name(book: RuleBook, line: Line) -> str:
    found = [
        award
        for provision, award in (book.policies[line.policy].awards() if line.policy else [])
        if (provision.clause, award.name, award.level) == (line.clause, line.award, line.level)
    ]
    return award_name(found[0]) if found else line.award


def _calculation(line: Line) -> str:
    if line.unit_yuan is None:
        return "share named in the clause"
    return f"{line.quantity} × {yuan(line.unit_yuan)}"


def _readings(assessment: Assessment) -> str:
    if not assessment.alternatives or assessment.outcome == "depends":
        return ""
    orders = [one for one in assessment.alternatives if one.reading.startswith(_FILED_FIRST)]
    if orders:
        return "\n".join(f"- {_order(one)}: {yuan(one.total_yuan)} in all" for one in orders)
    others = "\n".join(f"- {phrase(one.reading)}: {yuan(one.total_yuan)}" for one in assessment.alternatives)
    return f"This is the strictest reading. The text does not say; it can also be read otherwise:\n{others}"


def _assumption(assessment: Assessment, said: str) -> str:
    if said in (ASSUME_DATE, ASSUME_NOT_RECEIVED) or said in terms().phrases:
        return terms().phrases.get(said, said)
    name, _, rest = said.partition("：")
    if "级别" in rest:
        return f"{name} is of the level that the text lists, as none was said ({rest.rstrip('。')})"
    return f"{name} meets the condition of the clause ({rest.rstrip('。')})"


# ------------------------------------------------------------------ why not
def _reasons(turn: Turn, result: Result) -> str:
    rows: list[str] = []
    for ruling in result.rulings:
        judgement = ruling.judgement
        if judgement is None or judgement.outcome == "not_in_policy":
            name = claim_name(turn.house.book, ruling.claim.concept, ruling.claim.facets)
            rows.append(f"- {name}: not listed (没有列入); {_not_in(turn, ruling)}.")
        elif judgement.outcome == "not_eligible":
            found = judgement.found[0]
            why = "; ".join(why_not(found, ruling.claim, applicant_of(turn)))
            rows.append(f"- {award_name(found.award)}: not eligible (不符合条件); {why}.")
        elif judgement.outcome == "eligible" and judgement.amount_yuan is None:
            rows.append(f"- {award_name(judgement.found[0].award)}: the clause gives no figure (条款没有写明金额).")
    return "\n".join(rows)


def why_not(found: Found, claim: Claim, applicant: Applicant) -> list[str]:
    """The conditions of an award that a claim fails.

    Args:
        found: The award, not eligible.
        claim: What was obtained.
        applicant: Who claims.
    """
    award, failed = found.award, list[str]()
    if not claim.completed and not award.on_approval:
        failed.append("it has not been obtained yet; acceptance, approval or certificate is still to come (尚未取得)")
    if (
        award.rank
        and claim.rank
        and (claim.rank.last < award.rank.first or claim.rank.first > (award.rank.last or _OPEN))
    ):
        failed.append(
            f"the place among the drafting units is {_places(claim.rank)}; the clause pays only {phrase(award.rank.text)}"
        )
    if claim.result and (award.result is None or claim.result != award.result.value):
        wanted = f"; the clause asks for {phrase(award.result.value)}" if award.result else ""
        failed.append(f"the result is {phrase(claim.result)}{wanted}")
    if award.times and claim.times and claim.times < award.times:
        failed.append(f"passed {claim.times} times; the clause asks for {award.times} in succession")
    if len(failed) < len(found.reasons) and applicant.type:
        who, given = found.provision.beneficiary_text, TYPE_LABELS[applicant.type]
        failed.append(f"the clause pays {phrase(who)}, the applicant is of another kind ({given})")
    return failed[: len(found.reasons)]


def _places(rank: RankRange) -> str:
    if rank.first == rank.last:
        return f"{rank.first} ({rank.label})"
    return (
        f"{rank.first} or later ({rank.label})" if rank.last >= _OPEN else f"{rank.first} to {rank.last} ({rank.label})"
    )


def _not_in(turn: Turn, ruling: Ruling) -> str:
    if ruling.governing is None:
        covered = ruling.applicability.place_covered
        return (
            "the date is outside every period in force" if covered else "no award policy holds at that place and date"
        )
    return f"the {text_name(turn.house.book, ruling.governing.policy)} does not name it"


# ------------------------------------------------------------------ something is missing
def _conditional(turn: Turn, result: Result) -> str:
    """What each case would pay, where the cases are few."""
    book, rows = turn.house.book, list[str]()
    cases = 0
    for ruling in result.rulings:
        for governing, judgement in ruling.candidates:
            cases += max(1, len(judgement.found))
            if judgement.outcome == "not_in_policy":
                told = "this award is not listed (没有列入)"
            elif judgement.outcome == "not_eligible":
                told = "nothing; " + "; ".join(why_not(judgement.found[0], ruling.claim, applicant_of(turn)))
            else:
                told = "; ".join(
                    f"{award_name(one.award)} {pays(book, governing.policy, one.award)}" for one in judgement.found
                )
            rows.append(f"- {text_name(book, governing.policy)}: {told}.")
    return "\n".join(dict.fromkeys(rows)) if cases <= _FEW else ""
