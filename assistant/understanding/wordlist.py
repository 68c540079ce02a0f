"""The word lists of the understanding, read once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import cast

import yaml
from pydantic import BaseModel, ConfigDict

from assistant.understanding.folding import fold_word


class RankWords(BaseModel):
    """Words for a place among the drafting units."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    first: int
    last: int
    words: tuple[str, ...]


class WordList(BaseModel):
    """See ``words.yaml``: each field is a list of words that say the same kind of thing."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    ask_money: tuple[str, ...]
    obtain: tuple[str, ...]
    done: tuple[str, ...]
    same: tuple[str, ...]
    payers: tuple[str, ...]
    first_person: tuple[str, ...]
    subject: tuple[str, ...]
    newest: tuple[str, ...]
    oldest: tuple[str, ...]
    compare: tuple[str, ...]
    prior: tuple[str, ...]
    spent: tuple[str, ...]
    prior_after: tuple[str, ...]
    granted: tuple[str, ...]
    not_completed: tuple[str, ...]
    different_projects: tuple[str, ...]
    same_project: tuple[str, ...]
    for_all: tuple[str, ...]
    filed_first: tuple[str, ...]
    filed_later: tuple[str, ...]
    summary: tuple[str, ...]
    tag: tuple[str, ...]
    acknowledged: tuple[str, ...]
    smalltalk: tuple[str, ...]
    injection: tuple[str, ...]
    funding: tuple[str, ...]
    in_force: tuple[str, ...]
    stacking: tuple[str, ...]
    vague: tuple[str, ...]
    vague_objects: tuple[str, ...]
    chosen: tuple[str, ...]
    particles: tuple[str, ...]
    interpreter: tuple[str, ...]
    measures: tuple[str, ...]
    applicant_types: dict[str, tuple[str, ...]]
    results: dict[str, tuple[str, ...]]
    negations: tuple[str, ...]
    belongs_to: tuple[str, ...]
    ranks: tuple[RankWords, ...]
    level_stems: dict[str, tuple[str, ...]]
    level_tails: tuple[str, ...]
    lookalikes: tuple[str, ...]
    granted_by: tuple[str, ...]
    grants: tuple[str, ...]
    fillers: tuple[str, ...]
    denied_before: tuple[str, ...]
    nearly: tuple[str, ...]
    denied_after: tuple[str, ...]
    containers: tuple[str, ...]
    city_proper: tuple[str, ...]
    denied_place: tuple[str, ...]
    neighbouring: tuple[str, ...]
    beside: tuple[str, ...]
    situated: tuple[str, ...]
    year_reference: tuple[str, ...]
    returns: tuple[str, ...]
    follow_up: tuple[str, ...]
    still_runs: tuple[str, ...]
    turned_round: tuple[str, ...]
    hearsay: tuple[str, ...]
    thanks: tuple[str, ...]
    per_enterprise: tuple[str, ...]
    names: tuple[str, ...]
    makes_rules: tuple[str, ...]
    lists: tuple[str, ...]
    budget: tuple[str, ...]
    procedure: tuple[str, ...]
    capped: tuple[str, ...]
    yearly: tuple[str, ...]
    lifetime: tuple[str, ...]
    full_share: tuple[str, ...]
    how_much: tuple[str, ...]
    counted: tuple[str, ...]
    targets: tuple[str, ...]
    who: tuple[str, ...]
    duty_marks: tuple[str, ...]
    award_money: tuple[str, ...]
    both_ages: tuple[str, ...]
    territory: tuple[str, ...]
    repeal: tuple[str, ...]
    adds: tuple[str, ...]
    question_words: tuple[str, ...]
    stacking_rules: dict[str, tuple[str, ...]]
    fact_values: tuple[str, ...]
    fact_numbers: tuple[str, ...]
    fact_manner: tuple[str, ...]
    fact_pays: tuple[str, ...]
    fact_lists: tuple[str, ...]
    fact_missing: tuple[str, ...]
    fact_lower: tuple[str, ...]
    fact_target: tuple[str, ...]
    fact_difference: tuple[str, ...]
    duty_asks: tuple[str, ...]
    more_whom: tuple[str, ...]
    more_verbs: tuple[str, ...]
    more_what: tuple[str, ...]
    duty_lead: tuple[str, ...]
    duties_of: tuple[str, ...]
    tasks_counted: tuple[str, ...]
    departments: tuple[tuple[str, ...], ...]
    changes: dict[str, tuple[str, ...]]
    comparison_fillers: tuple[str, ...]
    comparison_bare: tuple[str, ...]
    outlook: tuple[str, ...]
    filing_order: tuple[str, ...]
    start_over: tuple[str, ...]
    start_over_alone: tuple[str, ...]
    start_over_fillers: tuple[str, ...]


@cache
def words() -> WordList:
    """The shipped word lists, folded."""
    data = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))
    return WordList.model_validate(_folded(data))


def _folded(value: object) -> object:
    if isinstance(value, str):
        return fold_word(value)
    if isinstance(value, list):
        return [_folded(item) for item in cast("list[object]", value)]
    if isinstance(value, dict):
        return {key: _folded(item) for key, item in cast("dict[str, object]", value).items()}
    return value


def find(text: str, candidates: Iterable[str]) -> tuple[int, int] | None:
    """Span of the first and longest word that occurs in a folded text; None when there is none."""
    best: tuple[int, int] | None = None
    for word in candidates:
        start = _find_word(text, word)
        if start >= 0 and (best is None or (start, -len(word)) < (best[0], -(best[1] - best[0]))):
            best = (start, start + len(word))
    return best


def _find_word(text: str, word: str) -> int:
    """Latin words stand alone: ``hi`` is not in ``china``."""
    start = text.find(word)
    if not (word.isascii() and word.isalpha()):
        return start
    while start >= 0:
        end = start + len(word)
        before, after = text[start - 1 : start], text[end : end + 1]
        if not (before.isascii() and before.isalpha()) and not (after.isascii() and after.isalpha()):
            return start
        start = text.find(word, start + 1)
    return -1


def has(text: str, candidates: Iterable[str]) -> bool:
    """Whether any word occurs in a folded text."""
    return find(text, candidates) is not None
