"""Headings of clauses as citations."""

from __future__ import annotations

from assistant.model import Citation
from assistant.sources import Sources
from knowledge.library import locate


def cite_heading(sources: Sources, policy: str, path: str) -> Citation:
    """The heading of a clause with its number, as it stands in the text.

    Args:
        sources: The texts.
        policy: Id of the text.
        path: A clause that has a heading.
    """
    text = sources.policies[policy]
    clause = text.clause(path)
    own = text.text_of(clause)
    _, end, _ = locate(text, clause.heading, within=clause)
    return sources.cite_span(policy, clause.start + len(own) - len(own.lstrip()), end)
