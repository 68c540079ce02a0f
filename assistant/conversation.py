"""What a conversation carries over: a follow-up says only what changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from assistant.model import Answer
from assistant.understanding.claims import order_by_filing
from assistant.understanding.folding import fold, fold_word
from assistant.understanding.model import Mentions, Request
from assistant.understanding.wordlist import find, has, words
from rules.assessment import Claim
from rules.loader import RuleBook
from rules.model import Place, Share

_ASKS = ("asks_funding", "asks_in_force", "asks_stacking", "asks_interpreter", "asks_territory", "asks_repeal")
_POINTS = re.compile(r"(?:的)?[那这](?:个|项|张|笔|块|次|份)")
_SHORT = 14  # folded characters; a question that short without an award leans on the one before


@dataclass
class Conversation:
    """The state of one conversation."""

    request: Request | None = None
    awards: Request | None = None
    """The last question with awards, to which one may return from another."""
    applied: str | None = None
    """The policy by which claims were last assessed."""
    answer: Answer | None = None
    query: str = ""
    """What was last searched for, or would have been."""
    said: list[str] = field(default_factory=list[str])

    def remember(self, request: Request, query: str, answer: Answer) -> None:
        """Takes an answered question into the conversation; small talk changes nothing."""
        self.said.append(request.question)
        if request.kind not in ("smalltalk", "injection"):
            self.request, self.query, self.answer = request, query, answer
            self.awards = request if request.claims and request.kind == "award" else self.awards
            self.applied = answer.assessment.policy if answer.assessment else self.applied

    def clear(self) -> None:
        """Forgets everything that was said."""
        self.request, self.awards, self.applied, self.answer, self.query = None, None, None, None, ""
        self.said.clear()


def carry_over(
    book: RuleBook,
    before: Request | None,
    now: Request,
    mentions: Mentions,
    awards: Request | None = None,
    applied: str | None = None,
) -> Request:
    """A question completed by what the conversation holds.

    Args:
        book: All rules, to tell which policy a place has.
        before: The last request; None at the start of a conversation.
        now: The question by itself.
        mentions: What was recognised in it.
        awards: The last request with awards, where another question came in between.
        applied: The policy by which claims were last assessed.

    Returns:
        The request with place, policy, claims and applicant taken over where the question leans on
        them; unchanged where it stands by itself.
    """
    if before is None or now.kind in ("smalltalk", "injection"):
        return now
    if awards is not None and not before.claims and has(mentions.text, words().returns):
        before = awards
    if now.kind == "vague" and (before.policies or before.place):
        # 那份文件还算数吗 is clear where a text was spoken of.
        now = now.model_copy(update={"kind": "text"})
    if before.kind == "comparison" and _turns_comparison(now, mentions):
        return _compared_again(book, before, now, mentions)
    states = _states_facts(now, mentions)
    leaning = has(mentions.text, words().follow_up) or len(mentions.text) <= _SHORT or (states and not _asks(mentions))
    if before.kind == "award":
        if len(before.claims) > 1 and not now.claims and has(mentions.text, words().different_projects):
            apart = tuple(c.model_copy(update={"project": None, "filed": None}) for c in before.claims)
            return before.model_copy(update={"question": now.question, "claims": apart})
        if before.claims and not now.claims and not states and has(mentions.text, words().summary):
            return before.model_copy(update={"question": now.question})
        if before.claims and not now.claims and (now.asks_filing_order or now.asks_outlook):
            if now.asks_filing_order or not states:
                return before.model_copy(update={"question": now.question})
            return _changed_claims(book, before, now, mentions)
        if now.asks_funding and not now.claims:
            where = {"place": now.place} if now.place and not _is_vaguer(now.place, before.place) else {}
            return before.model_copy(update={"question": now.question, "asks_funding": True, **where})
        if len(before.claims) == 2 and not now.claims and has(mentions.text, words().turned_round):
            turned = tuple(c.model_copy(update={"filed": 3 - c.filed if c.filed else None}) for c in before.claims)
            if not _files(mentions):
                return before.model_copy(update={"question": now.question, "claims": turned})
        if len(before.claims) > 1 and _files(mentions):
            return _changed_claims(book, before, now, mentions)
        if len(before.claims) == len(now.claims) > 1 and _restates(before, now):
            return _each_changed(before, now)
        if now.claims and not now.policies and _restates(before, now) and not _adds(mentions.text):
            return _changed_claims(book, before, now, mentions)
    if (
        now.claims
        and before.kind == "text"
        and has(fold(before.question).text, words().targets)
        and _names_only(mentions)
    ):
        # 国际标准呢 after 目标几个: asks the same of another indicator.
        return now.model_copy(update={"kind": "text", "own_claim": False, **_where(before, now)})
    if now.claims:
        return _same_subject(before, now, mentions, leaning)
    if before.kind == "award" and before.claims and states and leaning and not _starts_anew(now, mentions):
        return _changed_claims(book, before, now, mentions)
    if leaning or now.place is None:
        asks = {name: True for name in _ASKS if getattr(before, name)} if leaning and not _asks_itself(now) else {}
        where = _where(before, now)
        if before.own_claim and applied and now.place is None and not now.policies and _asks_itself(now):
            where["policies"] = (applied,)  # 那条原话是哪一句: of the text by which was reckoned
        return now.model_copy(update={**where, **asks})
    return now


def _turns_comparison(now: Request, mentions: Mentions) -> bool:
    """Whether a question after a comparison asks the same of another award or topic: 那标准的呢."""
    names_texts = now.policies or now.place or now.compared_places or mentions.dates
    return has(mentions.text, words().follow_up) and not names_texts and now.kind != "vague"


def _compared_again(book: RuleBook, before: Request, now: Request, mentions: Mentions) -> Request:
    """The texts of before, with the award or topic that is named now."""
    if before.claims and not now.claims and _states_facts(now, mentions):
        now = _changed_claims(book, before, now, mentions)
    texts = {"policies": before.policies, "place": before.place, "compared_places": before.compared_places}
    money = before.asks_award_money or now.asks_award_money
    return now.model_copy(update={"kind": "comparison", "own_claim": False, "asks_award_money": money, **texts})


def _starts_anew(now: Request, mentions: Mentions) -> bool:
    """Whether a short question asks of a text or a plan: 长乐的意见谁解释, 4号文有效期多久."""
    standing = now.asks_in_force or now.asks_interpreter or now.asks_territory or now.asks_repeal
    return standing or has(mentions.text, (*words().targets, *words().who, *words().lists))


def _adds(text: str) -> bool:
    """Whether something is told beside what was told before; 又没评优 takes away."""
    span = find(text, words().adds)
    return span is not None and not text.startswith(("没", "不", "未"), span[1])


def _states_facts(now: Request, mentions: Mentions) -> bool:
    """Whether anything is said that can complete or change a claim."""
    return bool(
        mentions.facets or mentions.places or mentions.dates or mentions.policies or mentions.money
        or mentions.ranks or mentions.results or mentions.counts or mentions.times or now.applicant_type
    )  # fmt: skip


def _names_only(mentions: Mentions) -> bool:
    """Whether an award is named and nothing said of obtaining it or of money."""
    lists = words()
    return not mentions.dates and not has(mentions.text, (*lists.first_person, *lists.ask_money, *lists.award_money))


def _asks(mentions: Mentions) -> bool:
    """Whether a question of its own is asked, beside the facts."""
    lists = words()
    return has(mentions.text, (*lists.ask_money, *lists.how_much, *lists.targets, *lists.who, *lists.lists, "?", "？"))


def _files(mentions: Mentions) -> bool:
    return has(mentions.text, (*words().filed_first, *words().filed_later))


def _restates(before: Request, now: Request) -> bool:
    """Whether the question only names again what was claimed: 质量奖是2023年的, 仿制药是5个."""
    return all(
        any(
            claim.concept == old.concept and all(old.facets.get(f) == value for f, value in claim.facets.items())
            for old in before.claims
        )
        for claim in now.claims
    )


def _where(before: Request, now: Request) -> dict[str, object]:
    """Place, policies and applicant of the conversation, where the question names none."""
    carried: dict[str, object] = {}
    if (now.place is None and not now.compared_places) or _is_vaguer(now.place, before.place):
        carried["place"] = before.place
        if not now.policies:
            carried["policies"] = before.policies
    if now.applicant_type is None:
        carried["applicant_type"] = before.applicant_type
    return carried


def _is_vaguer(now: Place | None, before: Place | None) -> bool:
    """福建省 in the name of an award says nothing against 长乐."""
    return now is not None and before is not None and now != before and now.covers(before)


def _asks_itself(now: Request) -> bool:
    return any(getattr(now, name) for name in _ASKS) or now.kind != "text"


def _same_subject(before: Request, now: Request, mentions: Mentions, leaning: bool) -> Request:
    """A question with an award of its own: place and applicant stay, and with 又 the claims as well."""
    if not leaning and now.place is not None:
        return now
    carried = _where(before, now)
    if before.asks_funding and leaning:
        carried["asks_funding"] = True
    claims = list(now.claims)
    if before.claims and before.own_claim and not now.policies:
        dated = before.claims[-1].obtained
        claims = [c if c.obtained else c.model_copy(update={"obtained": dated}) for c in claims]
        if not _adds(mentions.text):
            claims = [_with_conditions_of(before.claims, claim) for claim in claims]
        if _adds(mentions.text):
            claims = [*before.claims, *claims]
        carried["own_claim"] = True
        carried["kind"] = "award"
    elif before.kind == "award" and not now.own_claim:
        carried["kind"] = "award" if now.kind == "text" else now.kind
    return now.model_copy(update={**carried, "claims": tuple(claims)})


def _each_changed(before: Request, now: Request) -> Request:
    """行标是2024年出的，质量奖还是2023年: each claim of before with what is said of it now."""
    claims: list[Claim] = []
    for old in before.claims:
        new = next(
            c for c in now.claims if c.concept == old.concept and c.facets.items() <= {**old.facets, **c.facets}.items()
        )
        told = ("obtained", "rank", "result", "times", "quantity", "cost_yuan")
        said = {name: value for name in told if (value := getattr(new, name)) is not None}
        claims.append(old.model_copy(update=said))
    return before.model_copy(update={"question": now.question, "claims": tuple(claims), "heard": now.heard})


def _with_conditions_of(before: tuple[Claim, ...], claim: Claim) -> Claim:
    """换成团体标准 says nothing against the rank said before."""
    old = next((c for c in before if c.concept == claim.concept), None)
    if old is None:
        return claim
    kept = {name: getattr(old, name) for name in ("rank", "result", "times") if getattr(claim, name) is None}
    return claim.model_copy(update=kept)


def _changed_claims(book: RuleBook, before: Request, now: Request, mentions: Mentions) -> Request:
    """那提名奖呢, 如果是2018年拿的呢, 长乐呢: the claims of before with what is said now."""
    named = _years_of_texts(book, before, now, mentions)
    selected = _selected(book, before, mentions)
    # 两个不同的: the number of what was told is no quantity.
    counts = tuple(c for c in mentions.counts if len(selected) < 2 or c.quantity != len(selected))
    mentions = replace(mentions, counts=counts)
    changed = [_changed(book, claim, mentions, dated=not named) for claim in selected]
    if _adds(mentions.text) and all(new.facets != old.facets for new, old in zip(changed, selected, strict=True)):
        everything = [*before.claims, changed[-1]]
    else:
        everything = [changed[selected.index(claim)] if claim in selected else claim for claim in before.claims]
    if len(everything) > 1:
        everything = order_by_filing(mentions, everything, book.vocabulary)
    policies = now.policies or named or (() if now.place else before.policies)
    update: dict[str, object] = {
        "question": now.question,
        "claims": tuple(everything),
        "place": before.place if now.place is None or _is_vaguer(now.place, before.place) else now.place,
        "compared_places": (),
        "policies": () if before.own_claim and mentions.dates else policies,
        "applicant_type": now.applicant_type or before.applicant_type,
        "asserted_yuan": now.asserted_yuan,
        "tag_question": now.tag_question,
        "asks_funding": now.asks_funding,
        "asks_stacking": now.asks_stacking,
        "kind": now.kind if now.kind == "comparison" else "award",
        "own_claim": before.own_claim or (bool(mentions.dates) and not policies),
    }
    if now.received_yuan is not None:
        update["received_yuan"] = now.received_yuan
    return before.model_copy(update=update)


def _years_of_texts(book: RuleBook, before: Request, now: Request, mentions: Mentions) -> tuple[str, ...]:
    """2017呢 after a question about a text means the text of that year."""
    if before.own_claim or now.policies:
        return ()
    years = {mention.period.first.year for mention in mentions.dates if mention.period.label.isdigit()}
    place = now.place or before.place
    found = [policy for year in sorted(years) for policy in book.of_year(year, [place] if place else [])]
    return tuple(policy for policy in found if book.policies[policy].provisions)


def _pointed_at(book: RuleBook, before: Request, text: str) -> Claim | None:
    """科研那个, 质量奖那笔: the one claim of before whose names hold the word in front."""
    match = _POINTS.search(text)
    for length in (4, 3, 2) if match and len(before.claims) > 1 else ():
        word = text[max(0, match.start() - length) : match.start()] if match else ""
        named = [
            claim
            for claim in before.claims
            if any(
                word in fold_word(name)
                for names in book.vocabulary.concepts[claim.concept].names
                for name in names.words
            )
        ]
        if len(named) == 1:
            return named[0]
    return None


def _selected(book: RuleBook, before: Request, mentions: Mentions) -> list[Claim]:
    """The claims that a follow-up is about: those it names, by award or by facet, else all."""
    if _files(mentions):
        return list(before.claims)
    concepts = {award.concept for award in mentions.awards}
    implied = [(facet, value) for award in mentions.awards for facet, value in award.implies.items()]
    said = [(facet.facet, facet.value) for facet in mentions.facets] + implied
    pointed = _pointed_at(book, before, mentions.text)
    if pointed and not concepts:
        return [pointed]
    of_concept = [claim for claim in before.claims if not concepts or claim.concept in concepts]
    named = [claim for claim in of_concept if any(claim.facets.get(facet) == value for facet, value in said)]
    return named or of_concept or list(before.claims)


def _changed(book: RuleBook, claim: Claim, mentions: Mentions, dated: bool) -> Claim:
    """A claim with what is said now.

    Args:
        book: All rules.
        claim: As it was.
        mentions: What is said now.
        dated: A date is that of the honour, not the year of a text.
    """
    facets = dict(claim.facets)
    admitted = book.vocabulary.concepts[claim.concept].facets
    if not _files(mentions):
        facets |= {mention.facet: mention.value for mention in mentions.facets if mention.facet in admitted}
        facets |= _finer(book, facets, [m.value for m in mentions.facets if m.facet not in admitted])
    exact = [rank for rank in mentions.ranks if rank.exact] or list(mentions.ranks)
    shared = any(
        isinstance(award.amount, Share)
        for rules in book.policies.values()
        for _, award in rules.by_concept.get(claim.concept, ())
    )
    costs = [m.yuan for m in mentions.money if m.role == "cost" or (shared and m.role == "asserted")]
    update: dict[str, object] = {"facets": facets}
    if mentions.dates and dated:
        update["obtained"] = mentions.dates[-1].period
    if exact:
        update["rank"] = exact[-1].rank
    if mentions.results:
        update["result"] = mentions.results[-1].value
    if mentions.counts:
        update["quantity"] = mentions.counts[-1].quantity
    if mentions.times is not None:
        update["times"] = mentions.times
    if costs:
        update["cost_yuan"] = costs[-1]
    if has(mentions.text, words().not_completed):
        update["completed"] = False
    elif has(mentions.text, words().obtain):
        update["completed"] = True
    return claim.model_copy(update=update)


def _finer(book: RuleBook, facets: dict[str, str], said: list[str]) -> dict[str, str]:
    """市级的呢 after 省级地方标准: a word that refines one value refines its general one as well."""
    values = book.vocabulary.facets
    return {
        facet: finer
        for facet, value in facets.items()
        for word in said
        if "/" in value and (finer := f"{value.split('/')[0]}/{word}") in values[facet].values
    }


def last_year(before: Request | None) -> int | None:
    """The year of which the conversation speaks, for a month that is named without one."""
    dated = [claim.obtained for claim in before.claims if claim.obtained] if before else []
    return dated[-1].first.year if dated else None


def search_text(conversation: Conversation, now: Request, subject: Callable[[str], str]) -> str:
    """What is searched for: a short follow-up asks again what was asked, of another subject.

    The words of the clause cited before are its old subject and are left out:
    ``工程质量由哪些部门负责`` and ``服务质量呢`` make ``由哪些部门负责 服务质量呢``.
    """
    before, answer = conversation.request, conversation.answer
    if before is None or answer is None or before.kind != "text" or now.kind != "text":
        return now.question
    if len(now.question) > _SHORT or not answer.citations:
        return now.question
    kept = subject(conversation.query) if now.place != before.place else conversation.query
    for length in (4, 3, 2):
        heading = answer.citations[0].heading
        for start in range(len(heading) - length + 1):
            kept = kept.replace(heading[start : start + length], " ")
    return f"{now.question} {kept}"
