"""What part of two texts a comparison is about: a kind of award, a chapter, a word of the texts, or everything."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.turn import Turn
from assistant.understanding.facts import letters_of, runs
from assistant.understanding.folding import fold, fold_word
from assistant.understanding.places import PlaceRecogniser
from assistant.understanding.wordlist import words
from knowledge.model import Policy
from rules.loader import RuleBook
from rules.model import Award, PolicyRules
from rules.pairing import Entry, Pair
from rules.vocabulary import compatible

_SHORTEST = 2  # letters of a topic that a heading or the name of an award has
_SHORTEST_IN_TEXT = 3
_MUCH_MORE = 3
_EARLY = 6  # letters of a heading within which its subject stands: 把品牌建设作为…


def of_claims(turn: Turn, found: list[Pair]) -> list[Pair]:
    """The pairs of awards that the question names."""

    def meant(award: Award) -> bool:
        return any(
            claim.concept in (award.concept, *award.includes)
            and all(compatible(value, award.facets.get(facet)) for facet, value in claim.facets.items())
            for claim in turn.request.claims
        )

    return [pair for pair in found if any(entry and meant(entry.award) for entry in (pair.left, pair.right))]


def topic_of(turn: Turn, policies: tuple[str, str]) -> str | None:
    """The longest word of a question, beside places, texts and what every comparison says, that the texts know.

    Args:
        turn: The question.
        policies: The texts that are compared.

    Returns:
        None where nothing is left that they know: everything is compared.
    """
    texts = [turn.house.sources.policies[policy] for policy in policies]
    titles = [letters_of(clause.heading) for text in texts for clause in text.clauses]
    for policy in policies:
        rules = turn.house.book.policies[policy]
        titles += [letters_of(_called(turn.house.book, award)) for _, award in rules.awards()]
    bodies = [letters_of(text.body) for text in texts]
    content = _content(turn)
    title = _longest(content, titles)
    word = _longest(content, bodies)
    # Awards stand under headings; what else is asked may be called by words of the text that say much more.
    if len(title) >= _SHORTEST and (turn.request.asks_award_money or len(word) < len(title) + _MUCH_MORE):
        return title
    return word if len(word) >= _SHORTEST_IN_TEXT else None


def _longest(content: list[str], texts: list[str]) -> str:
    """The longest part of any run of letters that stands in one of some texts."""
    parts = [run[a:b] for run in content for a, b in runs(run, lambda part: any(part in text for text in texts))]
    return max(parts, key=len, default="")


def of_topic(
    book: RuleBook, texts: Mapping[str, Policy], policies: tuple[str, str], found: list[Pair], word: str
) -> list[Pair]:
    """The pairs of awards under headings about a word, or with the word in their name.

    Args:
        book: For the names of awards.
        texts: The texts by id.
        policies: The text of each side.
        found: All pairs.
        word: Letters of the topic.
    """
    left, right = (_paths(texts[policy], word) for policy in policies)

    def about(entry: Entry | None, paths: set[str]) -> bool:
        if entry is None:
            return False
        under = any(f"{entry.provision.clause}/".startswith(f"{path}/") for path in paths)
        return under or word in letters_of(_called(book, entry.award))

    return [pair for pair in found if about(pair.left, left) or about(pair.right, right)]


def _paths(text: Policy, word: str) -> set[str]:
    """The clauses headed by a word, those that begin with it before those that mention it in passing."""
    where = {clause.path: letters_of(clause.heading).find(word) for clause in text.clauses}
    early = {path for path, at in where.items() if 0 <= at <= _EARLY}
    return early or {path for path, at in where.items() if at >= 0}


def _called(book: RuleBook, award: Award) -> str:
    return f"{award.name} {award.level or ''} {book.vocabulary.concepts[award.concept].label}"


def _content(turn: Turn) -> list[str]:
    """What a question says beside places, texts, numbers and the words of every comparison, as runs of letters."""
    text = fold(turn.request.question).text
    places = PlaceRecogniser(turn.house.book.gazetteer).find(text)
    for place in sorted(places, key=lambda mention: mention.start, reverse=True):
        text = f"{text[: place.start]} {text[place.end :]}"
    lists = words()
    common = {
        *lists.compare, *lists.both_ages, *lists.newest, *lists.oldest, *lists.ask_money, *lists.how_much,
        *lists.question_words, *lists.award_money, *lists.year_reference, *lists.lists, *lists.comparison_fillers,
        *(word for group in lists.changes.values() for word in group),
        *(fold_word(word) for rules in turn.house.book.policies.values() for word in rules.words),
    }  # fmt: skip
    for word in sorted(common, key=len, reverse=True):
        if len(word) > 1:
            text = text.replace(word, " ")
    return [
        run
        for run in re.split(r"[\W\d_a-z年版跟和与比的了]+", text)
        if len(run) >= _SHORTEST and run not in lists.comparison_bare
    ]


def caption(rules: PolicyRules) -> str:
    """The name of a text without its number, for the head of a table."""
    return rules.name.partition("（")[0]
