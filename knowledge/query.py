"""A question made ready for the search: what it is about, and what to look for besides."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Added:
    """Words to look for besides those of the question."""

    text: str
    weight: float
    """What they count for, where a word of the question counts 1."""


class Query(str):
    """A question with what the search makes of it; being a text, it goes wherever a plain question goes.

    Args:
        question: The whole question.
        subject: What is embedded and looked for: the question without what only says where to search, such as the
            place; None for the whole question.
        added: Words of the texts for words of the question, looked for as well.
    """

    subject: str
    added: tuple[Added, ...]

    def __new__(
        cls,
        question: str,
        *,
        subject: str | None = None,
        added: tuple[Added, ...] = (),
    ) -> Query:
        """A plain question where nothing else is given."""
        made = super().__new__(cls, question)
        made.subject = question if subject is None else subject
        made.added = added
        return made
