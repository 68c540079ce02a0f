"""What a reply is made from: the request, the conversation so far, and the parts of the house."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.sources import Sources
from assistant.understanding.model import Request
from knowledge.model import Hit, Passage
from rules.loader import RuleBook

Search = Callable[[str, list[str] | None], list[Hit]]
"""Passages for a query among some policies, best first; None means all."""


@dataclass(frozen=True)
class House:
    """The parts that replies use."""

    book: RuleBook
    sources: Sources
    search: Search
    passages: Callable[[str, str], list[Passage]]
    """The passages of a clause, by policy and path."""


@dataclass(frozen=True)
class Turn:
    """One question on its way to an answer."""

    request: Request
    said: str
    """Everything the person has said in the conversation, this question included."""
    query: str
    """What is searched for; a follow-up takes over what was asked before."""
    house: House
    carried: tuple[str, ...] = ()
    """What the answer takes over from before, in the words of replies: ``黄岩区``, ``2022年3月``."""
    leans: bool = False
    """The question names no honour; those of the conversation are meant."""
