"""Which parts a clause has: 七项任务分别叫什么, 短板是哪四条."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from assistant.lexicon import everyday
from assistant.model import Answer
from assistant.replies.parts import paragraphs
from assistant.turn import Turn
from assistant.understanding.folding import fold
from assistant.understanding.numbers import number
from assistant.understanding.wordlist import has, words
from knowledge.model import Clause, Policy
from knowledge.tokens import tokenize

_N = r"[一二两三四五六七八九十]{1,3}|\d{1,2}"
_COUNT = re.compile(rf"({_N})(?:项|大|个|条|点|块|类|方面)|([俩仨])")
_WHICH = re.compile(rf"哪(?:{_N}|[俩仨])")
_LEAD = re.compile(r"\s*([^\s。；;:：][^。；;:：]*)。(?=.)")
_SPOKEN = {"俩": Decimal(2), "仨": Decimal(3)}
_LONGEST_LEAD = 24  # characters of a sentence that heads its paragraph
_FEWEST = 2  # paragraphs with such a sentence that make a list


@dataclass(frozen=True)
class _Part:
    """A part of a clause: what it is called, and where that stands in the body."""

    name: str
    path: str
    """Number of the part; empty for a paragraph."""
    start: int
    end: int


def enumeration(turn: Turn, policies: list[str]) -> Answer | None:
    """What the parts of a clause are called, where the question asks for them and one clause fits.

    Args:
        turn: The question.
        policies: The texts that are meant.

    Returns:
        The parts in order, each cited by its heading; None when the question asks for no list, or
        no clause or several of a heading that it names have as many parts as it says.
    """
    text = fold(turn.query).text
    counts = {_SPOKEN[said] if said else number(digits) for digits, said in _COUNT.findall(text)}
    if not counts or not (has(text, words().lists) or _WHICH.search(text)):
        return None
    wanted = _subject(turn)
    fitting = [
        ((len(wanted & set(tokenize(parent.heading))), bool(parts[0].path)), policy, parent, parts)
        for policy in (turn.house.sources.policies[p] for p in policies)
        for parent in policy.clauses
        if (parts := _parts(policy, parent)) and len(parts) in counts
    ]
    best = max((rank for rank, *_ in fitting), default=(0, False))
    named = [one for one in fitting if one[0] == best]  # numbered parts before paragraphs
    if best[0] == 0 or len(named) != 1:
        return None
    _, policy, parent, parts = named[0]
    sources = turn.house.sources
    citations = [sources.cite_span(policy.meta.id, part.start, part.end) for part in parts]
    rows = "\n".join(
        f"{position}. {part.name}（{part.path}）" if part.path else f"{position}. {part.name}"
        for position, part in enumerate(parts, 1)
    )
    opening = f"{sources.title(policy.meta.id)}{parent.path}“{parent.heading}”下有 {len(parts)} 项："
    return Answer(kind="lookup", text=paragraphs(opening, rows), citations=citations)


def _subject(turn: Turn) -> set[str]:
    """The words of a question beside place and text, with what the texts say for the everyday ones."""
    subject: str = getattr(turn.query, "subject", turn.query)
    found = everyday(fold(subject).text)
    return {*tokenize(subject), *(token for word in found for term in word.terms for token in tokenize(term))}


def _parts(policy: Policy, parent: Clause) -> list[_Part]:
    """Numbered sub-clauses right below a clause; of one without any the paragraphs that a short sentence heads."""
    below = [c for c in policy.clauses if c.parent == parent.path]
    numbered = [c for c in below if re.search(r"[\d一二三四五六七八九十]）?$", c.path)]
    if numbered:
        return [_Part(c.heading, c.path, *_heading_span(policy, c)) for c in numbered]
    leads = list(_leads(policy, parent)) if not below else []
    return leads if len(leads) >= _FEWEST else []


def _leads(policy: Policy, clause: Clause) -> Iterator[_Part]:
    """The sentences that head the paragraphs of a clause; a line may also go on with a sentence of the line before."""
    before = "。"
    for line in re.finditer(r"[^\n]*\S", policy.text_of(clause)):
        lead = _LEAD.match(line[0])
        begins = before.endswith(("。", clause.heading))
        if lead and begins and len(lead[1]) <= _LONGEST_LEAD and clause.heading not in lead[1]:
            start = clause.start + line.start()
            yield _Part(lead[1], "", start + lead.start(1), start + lead.end())
        before = line[0].rstrip()


def _heading_span(policy: Policy, clause: Clause) -> tuple[int, int]:
    """The heading of a clause with its number, as it stands in the body."""
    own = policy.text_of(clause)
    start = len(own) - len(own.lstrip())
    end = own.find(clause.heading[-2:], start) + 2 if clause.heading else len(own.rstrip())
    return clause.start + start, clause.start + max(end, start + 1)
