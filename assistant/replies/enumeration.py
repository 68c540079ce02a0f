"""Which parts a clause has: 七项任务分别叫什么."""

from __future__ import annotations

import re

from assistant.model import Answer
from assistant.replies.parts import paragraphs
from assistant.turn import Turn
from assistant.understanding.folding import fold
from assistant.understanding.numbers import number
from assistant.understanding.wordlist import has, words
from knowledge.model import Clause, Policy
from knowledge.tokens import tokenize

_COUNT = re.compile(r"([一二两三四五六七八九十]{1,3}|\d{1,2})(?:项|大|个方面|条|方面)")


def enumeration(turn: Turn, policies: list[str]) -> Answer | None:
    """The headings of the parts of a clause, where the question asks for them and one clause fits.

    Args:
        turn: The question.
        policies: The texts that are meant.

    Returns:
        The parts in order, each cited by its heading; None when the question asks for no list, or
        no clause or several have as many parts as the question says.
    """
    text = fold(turn.query).text
    counted = _COUNT.search(text)
    if not has(text, words().lists) or counted is None:
        return None
    count = number(counted[1])
    fitting = [
        (policy, parent, parts)
        for policy in (turn.house.sources.policies[p] for p in policies)
        for parent in policy.clauses
        if len(parts := _parts(policy, parent)) == count
    ]
    if len(fitting) > 1:
        wanted = set(tokenize(turn.query))
        scored = [len(wanted & set(tokenize(parent.heading))) for _, parent, _ in fitting]
        fitting = [one for one, score in zip(fitting, scored, strict=True) if score == max(scored)]
    if len(fitting) != 1:
        return None
    policy, parent, parts = fitting[0]
    sources = turn.house.sources
    citations = [sources.cite_span(policy.meta.id, *_heading_span(policy, part)) for part in parts]
    rows = "\n".join(f"{position}. {part.heading}（{part.path}）" for position, part in enumerate(parts, 1))
    opening = f"{sources.title(policy.meta.id)}{parent.path}“{parent.heading}”下有 {len(parts)} 项："
    return Answer(kind="lookup", text=paragraphs(opening, rows), citations=citations)


def _parts(policy: Policy, parent: Clause) -> list[Clause]:
    """Numbered sub-clauses right below a clause."""
    return [c for c in policy.clauses if c.parent == parent.path and re.search(r"[\d一二三四五六七八九十]）?$", c.path)]


def _heading_span(policy: Policy, clause: Clause) -> tuple[int, int]:
    """The heading of a clause with its number, as it stands in the body."""
    own = policy.text_of(clause)
    start = len(own) - len(own.lstrip())
    end = own.find(clause.heading[-2:], start) + 2 if clause.heading else len(own.rstrip())
    return clause.start + start, clause.start + max(end, start + 1)
