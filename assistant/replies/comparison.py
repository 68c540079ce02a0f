"""Two policies side by side: what each gives, and the difference."""

from __future__ import annotations

from decimal import Decimal

from assistant.model import Answer, Citation, Computation
from assistant.money import yuan_text
from assistant.notices import state_notice
from assistant.replies.award_lookup import describe, judgements
from assistant.replies.comparison_rows import Sides, condition_note
from assistant.replies.comparison_topic import of_claims
from assistant.replies.parts import distinct, evidence, notices_text, paragraphs
from assistant.replies.refusal import uncovered
from assistant.texts_meant import replaces
from assistant.turn import Turn
from rules.applicability import versions_with
from rules.assessment import Claim
from rules.judgement import Judgement
from rules.pairing import pairs

_TWO = 2


def sides(turn: Turn) -> list[str]:
    """The policies that are compared: those named, else for each place its own."""
    request, book = turn.request, turn.house.book
    chosen = list(request.policies)
    for place in request.compared_places:
        if any(t.place.may_be(place) for p in chosen for t in book.policies[p].territories):
            continue
        own = [
            p
            for claim in request.claims
            for p in versions_with(book, place, claim.concept)
            if book.policies[p].home.may_be(place)
        ] or [p for p in book.award_policies() if book.policies[p].home.covers(place)]
        chosen += own
    return list(dict.fromkeys(chosen))


def reply(turn: Turn) -> Answer:
    """A table of the awards asked about, or of the rules on repeated awards or the periods in force."""
    request, house = turn.request, turn.house
    policies = sides(turn)
    rows: list[str] = []
    citations: list[Citation] = []
    computations: list[Computation] = []
    for claim in request.claims:
        said = judgements(turn, claim, policies)
        for judgement in said:
            text, cited = describe(turn, claim, judgement)
            rows.append(f"| {house.sources.name(judgement.policy)} | {text} |")
            citations += cited
        computation = _difference(claim, said)
        if computation:
            computations.append(computation)
            higher = max(said, key=lambda j: j.found[0].unit_yuan or 0)
            rows.append(f"| 相差 | {house.sources.name(higher.policy)}高 {yuan_text(int(computation.value))} |")
    rows += [f"| 差别 | {note} |" for note in _condition_notes(turn, policies)]
    if not request.claims:
        for policy in policies:
            quotation, text = _rule_asked(turn, policy)
            rows.append(f"| {house.sources.name(policy)} | {text} |")
            citations.append(house.sources.cite(policy, *quotation))
    notices = [n for p in policies if (n := state_notice(house.book, house.sources, p, request.today))]
    citations = distinct([*citations, *(n.citation for n in notices if n.citation)])
    table = "\n".join(["| 文件 | 规定 |", "|---|---|", *rows])
    return Answer(
        kind="comparison",
        text=paragraphs(table, "\n".join(uncovered(turn)), notices_text(notices), evidence(citations, house.sources)),
        citations=citations,
        computations=computations,
        notices=notices,
    )


def _condition_notes(turn: Turn, policies: list[str]) -> list[str]:
    """In what awards that two texts pay alike differ: 考核结果：不限 → 优秀."""
    if len(policies) != _TWO or not turn.request.claims:
        return []
    book = turn.house.book
    left, right = sorted(policies, key=lambda policy: any(replaces(book, policy, other) for other in policies))
    both = Sides(book, turn.house.sources, left, right, versions=replaces(book, right, left))
    found = of_claims(turn, pairs(book.policies[left], book.policies[right]))
    return [note for note in dict.fromkeys(condition_note(both, pair) for pair in found) if note]


def _difference(claim: Claim, said: list[Judgement]) -> Computation | None:
    """Between two policies that each give one sum."""
    # Texts are compared by what they give for one, which is what the table shows.
    amounts = [j.found[0].unit_yuan for j in said if j.outcome == "eligible" and j.found[0].unit_yuan]
    if len(said) != 2 or len(amounts) != 2 or amounts[0] == amounts[1]:
        return None
    high, low = sorted(amounts, reverse=True)
    return Computation(
        operation="difference", operands=[Decimal(high), Decimal(low)], value=Decimal(high - low), unit="yuan"
    )


def _rule_asked(turn: Turn, policy: str) -> tuple[tuple[str, str], str]:
    """Clause and quotation of the rule that is compared when no award is named."""
    rules = turn.house.book.policies[policy]
    if turn.request.asks_stacking and rules.non_stacking:
        return (rules.non_stacking.clause, rules.non_stacking.quote), rules.non_stacking.text
    return (rules.in_force.clause, rules.in_force.quote), rules.in_force.note or ""
