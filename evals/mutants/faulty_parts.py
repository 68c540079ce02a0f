"""Faulty parts that take more than a line: what each makes of the right one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from assistant.sources import Sources
from assistant.understanding import understander
from assistant.understanding.awards import AwardRecogniser
from assistant.understanding.wordlist import words
from evals.mutants.patches import Function, Patch, instead, wrapped
from knowledge.index import KnowledgeIndex
from rules.applicability import AtPlace
from rules.vocabulary import Vocabulary

_ANOTHER_DAY = timedelta(days=400)


def best_paid_all(original: Function) -> Function:
    """Of one project every award is paid where 最优一项 should be."""

    def faulty(rule: Any, ledger: Any) -> None:
        return None if rule.rule == "best" else original(rule, ledger)

    return faulty


def last_filed(original: Function) -> Function:
    """Of one project the award filed last is paid."""

    def faulty(rule: Any, ledger: Any) -> None:
        if rule.rule == "first_filed":
            # An award of which nobody says when it was filed comes after those of which somebody does.
            last = {line.claim.project: line for line in sorted(ledger.lines, key=lambda one: one.claim.filed or 99)}
            ledger.lines = [
                replace(
                    line, claim=line.claim.model_copy(update={"filed": 1 if last[line.claim.project] is line else 2})
                )
                for line in ledger.lines
            ]
        return original(rule, ledger)

    return faulty


def received_ignored(original: Function) -> Function:
    """Nothing was received before."""

    def faulty(rules: Any, applicant: Any, ledger: Any) -> None:
        return original(rules, applicant.model_copy(update={"received_yuan": {}}), ledger)

    return faulty


def always_binding(original: Function) -> Function:
    """A policy binds wherever it may be referred to."""

    def faulty(policy: Any, place: Any) -> Any:
        found = original(policy, place)
        return found and found.model_copy(update={"effect": "binding"})

    return faulty


def newest_always(original: Function) -> Function:
    """The newest policy of a place governs whatever the day."""

    def faulty(at_place: list[AtPlace], place: Any, obtained: Any) -> Any:
        if not at_place:
            return original(at_place, place, obtained)
        newest = max(at_place, key=lambda one: one.rules.in_force.first_day or date.min)
        always = newest.rules.in_force.model_copy(update={"first_day": None, "last_day": None})
        rules = newest.rules.model_copy(update={"in_force": always})
        return original([replace(newest, rules=rules)], place, obtained)

    return faulty


def first_choice(original: Function) -> Function:
    """Of several awards that a claim may be, the first is taken."""

    def faulty(book: Any, rules: Any, applicant: Any, claim: Any) -> Any:
        found = original(book, rules, applicant, claim)
        if found.outcome != "undetermined":
            return found
        facets = {**claim.facets, **found.found[0].award.facets}
        return original(book, rules, applicant, claim.model_copy(update={"facets": facets}))

    return faulty


def other_readings_lost(original: Function) -> Function:
    """What is not paid is worked out, other readings of the text are not named."""

    def faulty(*given: Any) -> list[Any]:
        original(*given)
        return []

    return faulty


def alias_of_another(word: str, concept: str, wrong: dict[str, str]) -> Patch:
    """A word stands among the names of another award of its concept."""

    def change(original: Function) -> Function:
        def faulty(self: AwardRecogniser, vocabulary: Vocabulary) -> None:
            entry = vocabulary.concepts[concept]
            if not any(word in group.words and group.implies != wrong for group in entry.names):
                raise LookupError(f"{word} is not a name of another award of {concept} than {wrong}")
            groups = tuple(
                group.model_copy(
                    update={
                        "words": (
                            *(one for one in group.words if one != word),
                            *((word,) if group.implies == wrong else ()),
                        )
                    }
                )
                for group in entry.names
            )
            concepts = {**vocabulary.concepts, concept: entry.model_copy(update={"names": groups})}
            original(self, vocabulary.model_copy(update={"concepts": concepts}))

        return faulty

    return wrapped(AwardRecogniser, "__init__", change)


def shuffled(original: Function) -> Function:
    """Passages in an order that has nothing to do with the query, the same each time."""

    def faulty(self: KnowledgeIndex, vector: Any, limit: int, policies: Any = None) -> list[tuple[str, float]]:
        scores = [score for _, score in original(self, vector, limit, policies)]
        among = [i for i, passage in self.passages.items() if policies is None or passage.policy in policies]
        return list(zip(Random(vector.tobytes()).sample(among, len(scores)), scores, strict=True))

    return faulty


def quoted_beside(*, offsets_too: bool) -> Patch:
    """Quotations begin and end one character late; whether their offsets do as well."""

    def change(original: Function) -> Function:
        def faulty(text: Any, clause: Any, start: int, end: int, quote: str) -> Any:
            shift = 1 if offsets_too else 0
            return original(text, clause, start + shift, end + shift, text.body[start + 1 : end + 1] or quote)

        return staticmethod(faulty)

    return wrapped(Sources, "_citation", change)


def turned_round(original: Function) -> Function:
    """The higher amount is taken from the lower one."""

    def faulty(claim: Any, said: Any) -> Any:
        step = original(claim, said)
        return step and step.model_copy(update={"operands": step.operands[::-1], "value": -step.value})

    return faulty


def another_day(original: Function) -> Function:
    """Relative dates are counted from a day a year on."""

    def faulty(text: str, today: date, year: int | None = None) -> Any:
        return original(text, today + _ANOTHER_DAY, year)

    return faulty


def all_policies(original: Function) -> Function:
    """A search among some policies is one among all."""

    def faulty(self: Any, query: str, *, policies: Any = None, top_k: int | None = None) -> Any:
        return original(self, query, policies=None, top_k=top_k)

    return faulty


def somewhere(original: Function) -> Function:
    """Where no text holds, all are searched."""

    def faulty(turn: Any) -> Any:
        return original(turn) or [None]

    return faulty


class Unfolded:
    """Leaves traditional characters as they are."""

    @staticmethod
    def convert(text: str) -> str:
        """The text itself."""
        return text


def without_words(name: str) -> Patch:
    """A list of words is empty."""
    return instead(understander, "words", lambda: words().model_copy(update={name: ()}))
