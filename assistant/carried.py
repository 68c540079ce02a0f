"""What a follow-up takes over from the conversation, said in the answer and revocable; and what clears it."""

from __future__ import annotations

import re

from assistant.notices import chinese_day
from assistant.understanding.folding import fold
from assistant.understanding.model import Mentions, Request
from assistant.understanding.wordlist import find, words
from rules.assessment import Claim
from rules.judgement import TYPE_LABELS
from rules.loader import RuleBook
from rules.model import Period

_LEVEL = "level"
_FEW = 3  # honours that are named; a longer list tells nothing at a glance
_SIGNS = re.compile(r"[\W_]")
_ONLY_PUNCTUATION = re.compile(r"[^\w\s]|_")


def carried(
    book: RuleBook, before: Request | None, alone: Request, now: Request, mentions: Mentions
) -> tuple[str, ...]:
    """What an answer rests on that was said before, in the words of replies.

    Args:
        book: All rules, for the names.
        before: The last request; None at the start of a conversation.
        alone: The question by itself.
        now: The question as completed by the conversation.
        mentions: What was recognised in the question.

    Returns:
        Place, dates, applicant, policies and honours, those only that were taken over and matter for
        the answer: a text that is named needs no place, what a text gives no date. Empty for a
        question in another language: the names are Chinese.
    """
    if before is None or now.kind in ("smalltalk", "injection") or now.language != "zh":
        return ()
    own = now.kind == "award" and now.own_claim
    found: list[str] = []
    if not now.policies and not now.compared_places and now.place is not None and now.place != alone.place:
        found.append(now.place.district or now.place.name)
    if now.policies and now.policies == before.policies and not alone.policies:
        found += [book.policies[policy].name for policy in now.policies]
    if own:
        said = [mention.period for mention in mentions.dates]
        earlier = [claim.obtained for claim in before.claims]
        dates = [c.obtained for c in now.claims if c.obtained and c.obtained in earlier and c.obtained not in said]
        found += [period_text(period) for period in dates]
        if now.applicant_type and alone.applicant_type is None and before.applicant_type:
            found.append(TYPE_LABELS[now.applicant_type])
    if now.kind == "award":
        honours = dict.fromkeys(_honours(book, before, now, mentions))
        found += list(honours)[:_FEW]
        if len(honours) > _FEW:
            found[-1] += "等"
    return tuple(dict.fromkeys(found))


def carried_text(parts: tuple[str, ...]) -> str:
    """One line that says what was taken over and how to be rid of it; empty where nothing was."""
    return f"沿用前面说的：{'、'.join(parts)}。（要从头问，请说“重新开始”。）" if parts else ""


def period_text(period: Period) -> str:
    """``2022年``, ``2022年3月``, ``2022年3月15日``; both days of any other period."""
    numbers = period.label.split("-")
    if "/" in period.label:
        return f"{chinese_day(period.first)}至{chinese_day(period.last)}"
    return "".join(f"{int(number)}{unit}" for number, unit in zip(numbers, "年月日", strict=False))


def started_over(question: str) -> str | None:
    """What is asked after the conversation was cleared.

    Args:
        question: As typed.

    Returns:
        The question that follows ``重新开始``, as typed, empty where none does; None where the words do
        not open the message, or only stand in another sentence: 退回后能重新开始申报吗.
    """
    folded = fold(question)
    lists = words()
    span = find(folded.text, (*lists.start_over, *lists.start_over_alone))
    if span is None or _without_fillers(folded.text[: span[0]]):
        return None
    rest = folded.text[span[1] :]
    clear = find(folded.text[span[0] : span[1]], lists.start_over) is not None
    while filler := next(
        (w for w in sorted(lists.start_over_fillers, key=len, reverse=True) if rest.startswith(w)), ""
    ):
        rest = rest[len(filler) :]
    at = len(folded.text) - len(rest)
    after = question[folded.origin[at - 1] + 1 :]
    if rest and not clear and not _ONLY_PUNCTUATION.match(rest) and not after[:1].isspace():
        return None
    return after.strip(" \t\n，,。；;：:！!、.~—-") if _without_fillers(rest) else ""


def _without_fillers(text: str) -> str:
    for word in sorted(words().start_over_fillers, key=len, reverse=True):
        text = text.replace(word, "")
    return _SIGNS.sub("", text)


def _honours(book: RuleBook, before: Request, now: Request, mentions: Mentions) -> list[str]:
    """The honours that the question does not name itself."""
    named = {mention.concept for mention in mentions.awards}
    return [_name(book, before, claim) for claim in now.claims if claim.concept not in named]


def _name(book: RuleBook, before: Request, claim: Claim) -> str:
    """What an honour is called, as far as it was told before: 国家级政府质量奖（提名奖）."""
    vocabulary = book.vocabulary
    label = vocabulary.concepts[claim.concept].label
    told = [old.facets for old in before.claims if old.concept == claim.concept]
    kept = {
        facet: vocabulary.label(facet, value)
        for facet, value in claim.facets.items()
        if any(facets.get(facet) == value for facets in told)
    }
    level = kept.pop(_LEVEL, "")
    others = f"（{'、'.join(kept.values())}）" if kept else ""
    return f"{'' if level in label else level}{label}{others}"
