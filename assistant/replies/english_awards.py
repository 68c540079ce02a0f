"""What texts give for an award, one text or several side by side, in English."""

from __future__ import annotations

from assistant.model import Answer, Citation
from assistant.replies import award_lookup, comparison, text_comparison
from assistant.replies.comparison_topic import of_claims
from assistant.replies.eligibility import applicant_of
from assistant.replies.english_claims import why_not
from assistant.replies.english_terms import (
    amount,
    award_name,
    claim_name,
    coverage,
    listed,
    pays,
    phrase,
    place_name,
    short_name,
    text_name,
    yuan,
)
from assistant.texts_meant import replaces, two_texts
from assistant.turn import Turn
from rules.assessment import Applicant, Claim
from rules.judgement import Judgement, judge
from rules.model import Award
from rules.pairing import Change, Entry, Pair, pairs, yuan_of

_ROWS = 25  # of a table that can be read at a glance
_CHANGES: tuple[Change, ...] = ("raised", "lowered", "conditions", "other", "same", "added", "dropped")
_CHANGED: tuple[Change, ...] = ("raised", "lowered", "conditions", "other")


def award_lines(turn: Turn) -> str:
    """What each text gives for each award asked about."""
    rows: list[str] = []
    for claim in turn.request.claims:
        asked = award_lookup.policies_asked(turn, claim)
        if not asked:
            rows.append(_nowhere(turn, claim))
        for judgement in award_lookup.judgements(turn, claim, asked):
            rows.append(f"{text_name(turn.house.book, judgement.policy)}: {said_of(turn, claim, judgement)}")
    for policy in dict.fromkeys(p for claim in turn.request.claims for p in award_lookup.policies_asked(turn, claim)):
        rule = turn.house.book.policies[policy].non_stacking
        if rule and (turn.request.asks_stacking or len(turn.request.claims) > 1):
            rows.append(f"{text_name(turn.house.book, policy)}: {phrase(rule.text)}.")
    rows = list(dict.fromkeys(rows))
    return "\n".join(f"- {row}" for row in rows) if len(rows) > 1 else "".join(rows)


def said_of(turn: Turn, claim: Claim, judgement: Judgement) -> str:
    """One text's answer in one sentence."""
    book, policy = turn.house.book, judgement.policy
    if judgement.outcome == "not_in_policy":
        near = judge(book, book.policies[policy], Applicant(), Claim(concept=claim.concept))
        others = listed([*near.found, *near.equivalents])
        name = claim_name(book, claim.concept, claim.facets)
        return f"{name} is not listed (没有列入), no amount is given." + (
            f" Listed are only: {others}." if others else ""
        )
    if judgement.outcome == "not_eligible":
        first = judgement.found[0]
        why = "; ".join(why_not(first, claim, applicant_of(turn)))
        return f"nothing is paid: {why}. What the clause lists: {award_name(first.award)} {pays(book, policy, first.award)}."
    found = [*judgement.found, *judgement.equivalents]
    told = dict.fromkeys(
        f"{award_name(one.award)} {pays(book, policy, one.award)} (clause {one.provision.clause})" for one in found
    )
    return "; ".join(told) + "."


def _nowhere(turn: Turn, claim: Claim) -> str:
    name = claim_name(turn.house.book, claim.concept, claim.facets)
    where = f"the texts for {place_name(turn.request.place)}" if turn.request.place else "the texts of the collection"
    return (
        f"{name} is not listed (没有列入) in {where}, no amount is given. "
        f"{coverage(turn.house.book, turn.house.sources)}"
    )


# ------------------------------------------------------------------ side by side
def compared(turn: Turn, answer: Answer) -> str:
    """A table of the awards that a comparison cites; empty where it is not about awards."""
    policies = two_texts(turn) if text_comparison.compares(turn) else None
    if policies is None:
        return _single(turn, answer)
    book = turn.house.book
    left, right = (book.policies[policy] for policy in policies)
    if not left.provisions or not right.provisions:
        return ""
    found = pairs(left, right)
    found = of_claims(turn, found) if turn.request.claims else found
    cited = {(citation.policy, citation.start) for citation in answer.citations}
    shown = [pair for pair in found if _is_cited(turn, policies, pair, cited)]
    return _pairs_table(turn, policies, shown, answer) if shown else ""


def _single(turn: Turn, answer: Answer) -> str:
    """Each text's answer, and the difference where the answer computed one."""
    rows = ["| Text | What it gives |", "|---|---|"]
    policies = comparison.sides(turn)
    for claim in turn.request.claims:
        for judgement in award_lookup.judgements(turn, claim, policies):
            rows.append(f"| {text_name(turn.house.book, judgement.policy)} | {said_of(turn, claim, judgement)} |")
    rows += [f"| Difference | **{yuan(int(step.value))}** |" for step in answer.computations if step.unit == "yuan"]
    return "\n".join(rows) if turn.request.claims else ""


def _is_cited(turn: Turn, policies: tuple[str, str], pair: Pair, cited: set[tuple[str, int]]) -> bool:
    def own(policy: str, entry: Entry | None) -> Citation | None:
        if entry is None:
            return None
        return turn.house.sources.cite(policy, entry.provision.clause, entry.provision.quote)

    sentences = [own(policy, entry) for policy, entry in zip(policies, (pair.left, pair.right), strict=True)]
    return all((one.policy, one.start) in cited for one in sentences if one)


def _pairs_table(turn: Turn, policies: tuple[str, str], found: list[Pair], answer: Answer) -> str:
    left, right = policies
    called = _called(turn, left, right)
    ordered = [pair for change in _CHANGES for pair in found if pair.change == change]
    counts = [f"{called[c]}: {n}" for c in _CHANGES if (n := sum(pair.change == c for pair in found))]
    rest: list[Pair] = []
    if len(ordered) > _ROWS:
        changed = [pair for pair in ordered if pair.change in _CHANGED]
        rest = [*changed[_ROWS:], *(pair for pair in ordered if pair.change not in _CHANGED)]
        ordered = changed[:_ROWS]
    rows = [f"| Award | {short_name(left)} | {short_name(right)} | Difference |", "|---|---|---|---|"]
    for pair in ordered:
        cells = [_cell(turn, policy, entry) for policy, entry in ((left, pair.left), (right, pair.right))]
        rows.append(f"| {_name(pair)} | {cells[0]} | {cells[1]} | {_difference(pair, called, answer)} |")
    lists = [
        f"**{called[change]}**: " + "; ".join(dict.fromkeys(_short(pair) for pair in rest if pair.change == change))
        for change in _CHANGES
        if any(pair.change == change for pair in rest)
    ]
    return "\n\n".join([f"Awards side by side – {'; '.join(counts)}.", "\n".join(rows), *lists])


def _called(turn: Turn, left: str, right: str) -> dict[Change, str]:
    if replaces(turn.house.book, right, left):
        return {
            "raised": "raised", "lowered": "lowered", "conditions": "same amount, other conditions",
            "other": "paid in another way", "same": "unchanged", "added": "added", "dropped": "dropped",
        }  # fmt: skip
    first, second = short_name(left), short_name(right)
    return {
        "raised": f"higher in the {second}", "lowered": f"higher in the {first}",
        "conditions": "same amount, other conditions", "other": "paid in another way", "same": "the same",
        "added": f"only in the {second}", "dropped": f"only in the {first}",
    }  # fmt: skip


def _awards(pair: Pair) -> list[Award]:
    return [entry.award for entry in (pair.right, pair.left) if entry]


def _name(pair: Pair) -> str:
    return award_name(max(_awards(pair), key=lambda award: len(award.facets)))


def _short(pair: Pair) -> str:
    return _name(pair) if pair.change == "same" else f"{_name(pair)} {amount(_awards(pair)[0])}"


def _cell(turn: Turn, policy: str, entry: Entry | None) -> str:
    if entry is None:
        return "not listed (没有列入)"
    return f"{pays(turn.house.book, policy, entry.award)} (clause {entry.provision.clause})"


def _difference(pair: Pair, called: dict[Change, str], answer: Answer) -> str:
    """How the pair differs, with the sum where the answer computed it."""
    if pair.left is None or pair.right is None:
        return called[pair.change]
    mine, theirs = yuan_of(pair.left.award), yuan_of(pair.right.award)
    if mine is None or theirs is None or abs(mine - theirs) not in {step.value for step in answer.computations}:
        return called[pair.change]
    return f"{called[pair.change]} by {yuan(abs(mine - theirs))}"
