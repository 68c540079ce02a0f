"""Whether what was found answers a question: a score of a few measures against a threshold.

The weights stand in ``understanding/threshold.yaml``; ``python -m evals.threshold`` fits them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from math import exp, log
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from assistant.lexicon import LEXICONS, english, everyday
from assistant.periods import periods
from assistant.turn import Turn
from assistant.understanding.folding import fold
from assistant.understanding.wordlist import has
from knowledge.library import load_policies
from knowledge.model import Hit

_TENTH = 10  # the passage than which the best should be better
_LEAST_WEIGHT = 0.5  # what a term counts for at least, however common
_HOW_MANY = re.compile(r"(?:多少|几)([家个件项张所条人])")
_COUNTERS = "家个件项张所条"  # what is asked for in 家 may be told in 个
_NAME = re.compile(r"[a-z]{2,}|\w+(?:局|厅|海关|法院|银行)|海关")
_YEAR = re.compile(r"(?:20)?\d\d年?|\d+")


class Threshold(BaseModel):
    """See ``threshold.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    weights: dict[str, float]
    least: float
    why: str
    common: frozenset[str]
    quantity: tuple[str, ...]
    not_quantity: tuple[str, ...]
    elsewhere: tuple[str, ...]
    other_topics: tuple[str, ...]


@dataclass(frozen=True)
class Measures:
    """What speaks for and against an answer; each about 0 to 1, most of them 0 or 1."""

    covered: float
    """Share of the question's words that stand in the best clause, rare words counting more."""
    shared: float
    """BM25 score of the best passage for each word of the question, 5 counted as 1."""
    ahead: float
    """How much the best passage is better than the tenth, as the retriever scores."""
    scoped: float
    """A place or a text is named."""
    no_figure: float
    """A quantity is asked for, and no figure stands in what was found of the best clause."""
    elsewhere: float
    """What is asked for is told elsewhere: addresses, deadlines, forms."""
    stranger: float
    """An office, a name in Latin letters or a topic of other offices that none of the texts searched mentions."""
    other_year: float
    """The years named are neither in the texts searched nor in the time they were in force."""


def score(measures: Measures, weights: Mapping[str, float] | None = None) -> float:
    """The probability that the question is answered, between 0 and 1.

    Args:
        measures: Of the question and what was found.
        weights: By name of the measure, with ``intercept``; those of the file when None.
    """
    weights = threshold().weights if weights is None else weights
    total = weights["intercept"] + sum(weights.get(name, 0.0) * value for name, value in asdict(measures).items())
    return 1 / (1 + exp(-total))


@cache
def threshold() -> Threshold:
    """The shipped threshold."""
    data: Any = yaml.safe_load((LEXICONS / "threshold.yaml").read_text(encoding="utf-8"))
    return Threshold.model_validate(data)


def measure(turn: Turn, hits: Sequence[Hit], scopes: Sequence[Sequence[str] | None]) -> Measures:
    """The measures of a question and what was found for it.

    Args:
        turn: The question.
        hits: What was found, best first, not empty.
        scopes: The texts searched, as :func:`assistant.evidence.narrow` gives them.
    """
    policies = [policy for scope in scopes for policy in scope or _texts()]
    text = fold(turn.query).text
    groups = _groups(turn)
    weights = [_weight(group) for group in groups]
    total = sum(weights) or 1.0
    best = _clauses()[hits[0].passage.policy, hits[0].passage.clause]
    covered = sum(w for group, w in zip(groups, weights, strict=True) if any(word in best for word in group))
    return Measures(
        covered=covered / total,
        shared=min((hits[0].keyword or 0.0) / (5 * (len(groups) + 1)), 1.0),
        ahead=hits[0].score - hits[:_TENTH][-1].score,
        scoped=float(list(scopes) != [None]),
        no_figure=float(_asks_quantity(text) and not _has_figure(hits, _counted(text))),
        elsewhere=float(has(text, threshold().elsewhere)),
        stranger=float(
            turn.request.language == "zh" and not turn.request.claims and _names_stranger(text, groups, policies)
        ),
        other_year=float(_is_of_another_year(turn, policies)),
    )


# ------------------------------------------------------------------ the words of a question
def _groups(turn: Turn) -> list[tuple[str, ...]]:
    """The words of a question that say its subject; of a group any one will do.

    An everyday word goes with what the texts say instead, an English term with its Chinese words.
    """
    translated = english(turn.query)
    common = threshold().common
    if translated.terms or translated.unknown:
        return [*translated.terms, *((word,) for word in translated.unknown if word not in common and word.isalpha())]
    subject: str = getattr(turn.query, "subject", turn.query)
    text = fold(subject).text
    groups: list[tuple[str, ...]] = []
    letters = list(text)
    for found in everyday(text):
        groups.append((text[found.start : found.end], *found.terms))
        letters[found.start : found.end] = " " * (found.end - found.start)
    words = dict.fromkeys(word.strip() for word in _segmenter().cut("".join(letters)))
    return groups + [(w,) for w in words if len(w) > 1 and w.isalnum() and w not in common and not _YEAR.fullmatch(w)]


def _weight(group: tuple[str, ...]) -> float:
    """The rarer the word in the collection, the more it says; of a group the commonest of the texts' words."""
    rarity = [_rarity(word) for word in group[1:] or group]
    return max(min(rarity), _LEAST_WEIGHT)


@lru_cache(maxsize=20_000)
def _rarity(word: str) -> float:
    having = sum(word in clause for clause in _clauses().values())
    return log(1 + (len(_clauses()) - having + 0.5) / (having + 0.5))


@cache
def _clauses() -> dict[tuple[str, str], str]:
    """Folded text of every clause with the headings above it."""
    return {
        (policy.meta.id, clause.path): fold(
            policy.text_of(clause)
            + "".join(above.heading for above in policy.clauses if clause.path.startswith(f"{above.path}/"))
        ).text
        for policy in load_policies().values()
        for clause in policy.clauses
    }


@cache
def _texts() -> dict[str, str]:
    """Folded texts with title and number."""
    return {
        identity: fold(f"{policy.meta.title}{policy.meta.document_number or ''}{policy.body}").text
        for identity, policy in load_policies().items()
    }


@cache
def _segmenter() -> Any:
    import rjieba

    return rjieba.Jieba()


# ------------------------------------------------------------------ what is asked for
def _asks_quantity(text: str) -> bool:
    words = threshold()
    return any(
        not text[: match.start()].endswith(words.not_quantity)
        for word in words.quantity
        for match in re.finditer(re.escape(word), text)
    )


def _counted(text: str) -> str:
    """Pattern of the unit in which an amount is asked for, 家 of 多少家; empty where none is named."""
    match = _HOW_MANY.search(text)
    if match is None:
        return ""
    return f"[{_COUNTERS}]" if match[1] in _COUNTERS else match[1]


def _has_figure(hits: Sequence[Hit], unit: str) -> bool:
    """Whether a figure of that unit stands in what was found of the best clause, the number of the clause itself aside.

    The cells of a table carry no unit.
    """
    best = hits[0].passage
    same = [hit.passage for hit in hits if (hit.passage.policy, hit.passage.clause) == (best.policy, best.clause)]
    return any(
        re.search(r"\d" if "\t" in passage.quote else rf"\d\W*[余多]?{unit}", text)
        for passage in same
        if (text := re.sub(r"^\W*\d{1,2}\s*[.．、]", "", fold(passage.quote).text))
    )


def _names_stranger(text: str, groups: Sequence[Sequence[str]], policies: Sequence[str]) -> bool:
    names = [topic for topic in threshold().other_topics if topic in text]
    names += [group[0] for group in groups if len(group) == 1 and _NAME.fullmatch(group[0])]
    return any(not any(name in _texts()[policy] for policy in policies) for name in names)


def _is_of_another_year(turn: Turn, policies: Sequence[str]) -> bool:
    years = {period.first.year for period in periods(turn)}
    book = turn.house.book

    def is_of(year: int, policy: str) -> bool:
        rules = book.policies[policy]
        first, last = rules.in_force.first_day, rules.in_force.last_day
        if rules.provisions and first and first.year <= year and (last is None or year <= last.year):
            return True
        return str(year) in _texts()[policy]

    return bool(years) and not any(is_of(year, policy) for year in years for policy in policies)
