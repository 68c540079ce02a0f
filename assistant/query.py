"""Makes of a question what is searched for: its subject, and the words of the texts for its own.

Everything here serves the search only; nothing of it is shown, quoted or computed with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.lexicon import english, everyday
from assistant.understanding.claims import qualifiers
from assistant.understanding.folding import fold, fold_word
from assistant.understanding.model import Mentions, Request
from knowledge.query import Added, Query
from rules.loader import RuleBook

_POSSESSIVE = re.compile(r"(?<=[A-Za-z])['’]s\b")


@dataclass(frozen=True)
class QueryOptions:
    """What is made of a question; what each part is worth stands in ``docs/retrieval.md``."""

    subject: bool = True
    """Leave out the place and the name of the text: they say where to search, and every passage there shares them."""
    everyday: float = 0.5
    """Weight of the texts' words for everyday words."""
    english: float = 1.0
    """Weight of Chinese terms for English ones."""
    awards: float = 0.2
    """Weight of the names that the texts give an award that is named."""


class QueryBuilder:
    """Makes queries of questions.

    Args:
        book: All rules, for the vocabulary and the names that the texts give the awards.
        options: What is made of a question.
    """

    def __init__(self, book: RuleBook, options: QueryOptions | None = None) -> None:
        self._book = book
        self._options = options or QueryOptions()

    def build(self, text: str, request: Request, mentions: Mentions) -> Query:
        """The query of a question.

        Args:
            text: What is searched for; for a follow-up with what it leans on.
            request: What the question asks.
            mentions: What was recognised in ``text``.
        """
        options = self._options
        subject = _subject(text, mentions) if options.subject else text
        parts = (
            ([word for terms in english(text).terms for word in terms], options.english),
            ([word for found in everyday(fold(subject).text) for word in found.terms], options.everyday),
            (self._names(request, mentions), options.awards),
        )
        added = tuple(Added(" ".join(dict.fromkeys(found)), weight) for found, weight in parts if found and weight)
        return Query(text, subject=subject, added=added)

    def _names(self, request: Request, mentions: Mentions) -> list[str]:
        """What the vocabulary and the texts call the awards that are named, and the words for their facets."""
        vocabulary = self._book.vocabulary
        found: list[str] = []
        for mention in mentions.awards:
            found.append(vocabulary.concepts[mention.concept].label)
            for policy in request.policies or self._book.policies:
                for _, award in self._book.policies[policy].by_concept.get(mention.concept, ()):
                    if all(award.facets.get(facet, value) == value for facet, value in mention.implies.items()):
                        found.append(award.name)
        found += [vocabulary.label(facet.facet, facet.value) for facet in mentions.facets]
        return [name for name in dict.fromkeys(found) if fold_word(name) not in mentions.text]


def without_possessives(text: str) -> str:
    """Taizhou's is Taizhou.

    >>> without_possessives("Changle's opinion")
    'Changle opinion'
    """
    return _POSSESSIVE.sub("", text)


def _subject(text: str, mentions: Mentions) -> str:
    """The question without its places and names of texts; a place that says whose award it is stays."""
    of_awards = qualifiers(mentions.text, mentions.awards, list(mentions.places))
    spans = [*(place for place in mentions.places if place.start not in of_awards), *mentions.policies]
    origin = fold(text).origin
    letters = list(text)
    for span in spans:
        for at in range(origin[span.start], origin[span.end - 1] + 1):
            letters[at] = " "
    return re.sub(r" {2,}", " ", "".join(letters)).strip()
