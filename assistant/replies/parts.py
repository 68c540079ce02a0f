"""Parts that several replies share: evidence, notices, the description of an award."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.model import Citation, Notice
from assistant.money import yuan_text
from assistant.sources import Sources, one_line
from assistant.turn import Turn
from assistant.understanding.folding import fold
from assistant.understanding.wordlist import has, words
from rules.judgement import Found
from rules.loader import RuleBook
from rules.model import Fixed, NoFigure, PerUnit, Share

# The gap before the first heading in bold with quotations under it, as ``evidence`` writes them.
_EVIDENCE = re.compile(r"\n\n(?=\*\*[^\n]+\*\*\n\n>)")


def evidence(citations: Sequence[Citation], sources: Sources) -> str:
    """The clauses word for word, each under its text and number."""
    blocks: dict[str, list[str]] = {}
    for citation in distinct(citations):
        blocks.setdefault(sources.label(citation), []).append(f"> {one_line(citation.quote)}")
    return "\n\n".join(f"**{label}**\n\n" + "\n>\n".join(quotes) for label, quotes in blocks.items())


def notices_text(notices: Sequence[Notice]) -> str:
    """Notices as a short list."""
    return "\n".join(f"- {notice.text}" for notice in notices)


def distinct(citations: Iterable[Citation]) -> list[Citation]:
    """Citations without repetitions, order kept."""
    kept: list[Citation] = []
    for citation in citations:
        if not any((c.policy, c.start, c.end) == (citation.policy, citation.start, citation.end) for c in kept):
            kept.append(citation)
    return kept


def most_asked_first(turn: Turn, citations: Sequence[Citation], notices: Sequence[Notice]) -> list[Citation]:
    """Citations without repetitions; where only who pays is asked, that clause before the award's."""
    text = fold(turn.request.question).text
    only_funding = has(text, words().funding) and not has(text, (*words().how_much, "几"))
    paying = [notice.citation for notice in notices if notice.kind == "funding" and notice.citation]
    return distinct([*(paying if only_funding else []), *citations])


def wrong_payer(turn: Turn, notices: list[Notice]) -> bool:
    """Whether 对吧 names somebody who pays that the text does not name."""
    paying = "".join(notice.text for notice in notices if notice.kind == "funding")
    named = [word for word in words().payers if word in fold(turn.request.question).text]
    return turn.request.tag_question and bool(paying) and bool(named) and not any(w in fold(paying).text for w in named)


def beside_evidence(text: str, line: str) -> str:
    """A reply with one more line before its quotations; after them where they are the answer themselves (见……：)."""
    quoted = _EVIDENCE.search(text)
    if not line or quoted is None or text[: quoted.start()].rstrip().endswith(("：", ":")):
        return paragraphs(text, line)
    return paragraphs(text[: quoted.start()], line, text[quoted.end() :])


def paragraphs(*parts: str) -> str:
    """Joins the parts of a reply that are not empty."""
    return "\n\n".join(part for part in parts if part)


def award_name(found: Found) -> str:
    """Name as printed, with the level where the name does not tell it."""
    award = found.award
    return f"{award.name}（{award.level}）" if award.level and award.level not in award.name else award.name


def amount_text(found: Found) -> str:
    """What an award pays, in one phrase."""
    match found.award.amount:
        case Fixed(yuan=yuan):
            return yuan_text(yuan)
        case PerUnit(yuan=yuan, unit=unit):
            return f"每{unit} {yuan_text(yuan)}"
        case Share(percent=percent, base=base):
            return f"按{base}的 {percent.normalize():f}%" if percent != 100 else f"按{base} 1:1 配套"
        case NoFigure():
            return "条款没有写明金额"


def pays(book: RuleBook, policy: str, found: Found, *, capped: bool = True) -> str:
    """What an award pays and on what condition, in one phrase; without its cap where that was said already."""
    amount = amount_text(found)
    conditions: list[str] = []
    if found.award.rank:
        conditions.append(f"限{found.award.rank.text}")
    if found.award.result:
        conditions.append(f"须{found.award.result.value}")
    if found.award.times:
        conditions.append(f"须连续 {found.award.times} 次")
    if found.award.cap and capped:
        conditions.append(book.cap(policy, found.award.cap).text)
    return f"{amount}（{'；'.join(conditions)}）" if conditions else amount


def cite_award(sources: Sources, book: RuleBook, policy: str, found: Found) -> list[Citation]:
    """The sentence that pays, and the sentence that caps it."""
    citations = [sources.cite(policy, found.provision.clause, found.provision.quote)]
    if found.award.cap:
        cap = book.cap(policy, found.award.cap)
        citations.append(sources.cite(policy, cap.clause, cap.quote))
    return citations
