"""A typed answer in English: what is said is made anew from its parts, what is quoted stays as printed."""

from __future__ import annotations

from assistant.model import Answer, Citation, Notice
from assistant.replies import standing
from assistant.replies.english_awards import award_lines, compared
from assistant.replies.english_claims import asked_back, claimed
from assistant.replies.english_notices import funding, in_english, in_force
from assistant.replies.english_terms import carried_line, coverage, phrase, place_name, text_name
from assistant.replies.parts import evidence, notices_text, paragraphs
from assistant.replies.text_lookup import table_rows
from assistant.turn import Turn
from assistant.understanding.folding import fold
from assistant.understanding.wordlist import has, words
from rules.model import PolicyRules

WITHHELD = "The clauses that concern the question; the printed text is what counts:"
"""Over the clauses of a reply that is not given."""
NO_RELIABLE_ANSWER = "No reliable answer can be given to this question; please put it in other words."
BY_WORDS_ONLY = "(The search by meaning is not available; what follows was found by words only and may be incomplete.)"

_QUOTED = "\n> "  # how a quotation begins
_CORRECTED = "That does not agree with the text (与文件不符). According to the text:"
_NOT_WRITTEN = (
    "The texts do not say which documents to hand in, how to apply or by when (文件没有写明); please ask the competent "
    "department. What they say is:"
)


def render(turn: Turn, answer: Answer) -> Answer:
    """An answer in English.

    Args:
        turn: The question.
        answer: As answered in Chinese.

    Returns:
        The same answer, its text, questions and notices in English; citations, assessment and computations stay.
    """
    notices = in_english(turn, answer)
    if answer.kind == "clarification":
        return asked_back(turn, answer, notices)
    if answer.assessment is not None:
        return claimed(turn, answer, notices)
    text = {"smalltalk": _smalltalk, "refusal": _refusal}.get(answer.kind, _from_texts)(turn, answer, notices)
    return answer.model_copy(update={"text": text, "notices": notices})


def _smalltalk(turn: Turn, answer: Answer, notices: list[Notice]) -> str:
    if has(fold(turn.request.question).text, words().thanks):
        return "You are welcome. Further questions about the quality award policies can be asked here."
    return (
        "Hello, this is the policy assistant (政策通). It looks up quality award policies: which awards can be claimed and "
        "how much, what a clause says word for word, and what changed between an old text and a new one."
    )


def _refusal(turn: Turn, answer: Answer, notices: list[Notice]) -> str:
    request, book = turn.request, turn.house.book
    place = request.place
    outside = place is not None and not any(
        territory.place.may_be(place) for rules in book.policies.values() for territory in rules.territories
    )
    if request.kind == "injection":
        why = "content of this kind cannot be given; only questions about the texts of the collection are answered (不能提供)."
    elif outside and place:
        why = f"the policies of {place_name(place)} are not in the collection (不在收录范围内), so this cannot be answered."
    elif request.asks_award_money:
        why = "the texts of the collection list no award or subsidy for this (没有列入) and give no amount."
    else:
        why = "the texts of the collection have no clause that answers this question (没有找到), so it cannot be answered."
    return f"Sorry, {why} {coverage(book, turn.house.sources)}"


def _from_texts(turn: Turn, answer: Answer, notices: list[Notice]) -> str:
    """A look-up, a comparison or a correction: what the rules know in English, the clauses word for word."""
    said = _said(turn, answer)
    # A long table of awards says all that the clauses say, and names them.
    told = answer.kind == "comparison" and "|---|" in said and _QUOTED not in answer.text
    return paragraphs(
        _lead(turn, answer),
        said,
        notices_text(notices),
        carried_line(turn),
        "" if told else evidence(answer.citations, turn.house.sources),
    )


def _lead(turn: Turn, answer: Answer) -> str:
    if answer.kind == "correction":
        return _CORRECTED
    if turn.request.asks_procedure:
        return _NOT_WRITTEN
    if answer.kind == "comparison" or turn.request.kind == "award" or standing.answers(turn) or not answer.citations:
        return ""
    return f"See {_label(turn, answer.citations[0])}:"


def _said(turn: Turn, answer: Answer) -> str:
    if answer.kind == "comparison":
        return compared(turn, answer) or _standing(turn, answer) or "What each text says:"
    if turn.request.kind == "award" and turn.request.claims:
        return award_lines(turn)
    if standing.answers(turn):
        return _standing(turn, answer)
    return table_rows(turn, answer.citations)


def _label(turn: Turn, citation: Citation) -> str:
    clause = f"clause {citation.clause}"
    heading = "" if citation.heading == citation.clause.rpartition("/")[2] else f" “{citation.heading}”"
    return f"the {text_name(turn.house.book, citation.policy)}, {clause}{heading}"


# ------------------------------------------------------------------ what is known of the texts themselves
def _standing(turn: Turn, answer: Answer) -> str:
    """Period, territory, repeated awards, funding and interpretation of the texts asked about."""
    named = standing.policies_asked(turn) or [
        turn.house.book.policies[policy] for policy in dict.fromkeys(c.policy for c in answer.citations)
    ]
    rows = [
        f"- {text_name(turn.house.book, rules.policy)}: {told}"
        for rules in named
        for told in _asked(turn, rules, answer)
    ]
    return "\n".join(dict.fromkeys(rows))


def _asked(turn: Turn, rules: PolicyRules, answer: Answer) -> list[str]:
    request, book, found = turn.request, turn.house.book, list[str]()
    if request.asks_stacking and rules.non_stacking:
        found.append(f"{phrase(rules.non_stacking.text)}.")
    if request.asks_in_force:
        found.append(f"{in_force(book, rules.policy)}.")
    if request.asks_territory:
        found.append(_territory(rules))
    if request.asks_funding and rules.provisions:
        found += [funding(rules, one.text) for one in answer.notices if one.kind == "funding"]
    if request.asks_repeal:
        found += [f"it repealed (废止) the {text_name(book, repeal.policy)}." for repeal in rules.repeals]
    if request.asks_interpreter:
        name = rules.interpreter.name if rules.interpreter else None
        said = f"{name} interprets it (负责解释)." if name else "it does not say who interprets it (没有写明由谁解释)."
        found.append(said)
    return found


def _territory(rules: PolicyRules) -> str:
    binding = ", ".join(place_name(one.place) for one in rules.territories if one.effect == "binding")
    reference = ", ".join(place_name(one.place) for one in rules.territories if one.effect == "reference")
    others = (
        f"; the other counties and cities of {reference} may refer to it (可参照), their standard must not be lower"
        if reference
        else ""
    )
    return f"it holds (适用) in {binding}{others}."
