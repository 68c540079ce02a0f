"""Makes questions of phrasings: award × name × opening × date × place × noise, each with what it must pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from random import Random
from typing import Literal

from pydantic import Field

from evals.model import CaseError, Form
from evals.variants.noise import SAME_RESULT, homophone
from rules.errors import RuleFileError
from rules.loader import RuleBook
from rules.model import Award, PolicyRules, Provision, Share
from rules.yaml_source import load_model

PHRASINGS = Path(__file__).with_name("phrasings.yaml")
UNSEEN = Path(__file__).with_name("phrasings_unseen.yaml")
"""Written by another hand; not looked at while tuning, only counted."""
_COSTS = (36_000, 52_000, 90_000, 130_000)


class Phrased(Form):
    """An award with ways of saying that it was obtained."""

    policy: str
    clause: str
    award: str
    level: str = ""
    names: list[str] = Field(min_length=1)
    applicant: str


class Closing(Form):
    """Words without meaning for the result."""

    text: str
    at: Literal["head", "tail"]


class Phrasings(Form):
    """``phrasings.yaml``."""

    awards: list[Phrased]
    openings: list[str]
    closings: list[Closing]


@dataclass(frozen=True)
class Variant:
    """A generated question and what a right answer has."""

    id: str
    question: str
    award: str
    """Id of the award."""
    policy: str
    yuan: int
    noise: str

    @property
    def may_ask(self) -> bool:
        """A mistyped word may be asked about; it must never lead to another amount."""
        return self.noise == "homophone"


def load_phrasings(path: Path = PHRASINGS) -> Phrasings:
    """The phrasings.

    Raises:
        CaseError: the file cannot be used; names file and line.
    """
    try:
        return load_model(path, Phrasings)
    except RuleFileError as error:
        raise CaseError(str(error)) from error


def generate(book: RuleBook, phrasings: Phrasings, each: int = 7, seed: int = 20261122) -> list[Variant]:
    """Questions for every name of every award.

    Args:
        book: The rules, for amounts, places and periods.
        phrasings: What people say.
        each: How many questions for each name; noise takes turns.
        seed: Draws openings, dates, places and costs.

    Raises:
        CaseError: an award of the phrasings is not in the rules.
    """
    random = Random(seed)
    noises = [*SAME_RESULT, "homophone", "polite"]
    variants: list[Variant] = []
    for phrased in phrasings.awards:
        rules, provision, award = _award(book, phrased)
        for name in phrased.names:
            for turn in range(each):
                cost = random.choice(_COSTS)
                noise = noises[turn % len(noises)]
                said = random.choice(phrasings.openings).format(
                    place=_place(rules, random),
                    applicant=phrased.applicant,
                    date=_date(rules, random),
                    claim=name.replace("{cost}", str(cost)),
                )
                variants.append(
                    Variant(
                        id=f"{award.id}-{len(variants):05d}",
                        question=_noisy(said, noise, phrasings, random),
                        award=award.id,
                        policy=rules.policy,
                        yuan=_yuan(book, rules, provision, award, cost),
                        noise=noise,
                    )
                )
    return variants


def _award(book: RuleBook, phrased: Phrased) -> tuple[PolicyRules, Provision, Award]:
    rules = book.policies.get(phrased.policy)
    for provision, award in rules.awards() if rules else []:
        numbered = provision.clause == phrased.clause or provision.clause.endswith("/" + phrased.clause)
        if numbered and (award.name, award.level or "") == (phrased.award, phrased.level):
            return book.policies[phrased.policy], provision, award
    raise CaseError(f"{PHRASINGS}: 规则里没有 {phrased.policy} {phrased.clause} {phrased.award} {phrased.level}")


def _place(rules: PolicyRules, random: Random) -> str:
    """A binding place as people say it: 台州市黄岩区, 黄岩区, 黄岩."""
    place = random.choice([t.place for t in rules.territories if t.effect == "binding"])
    if place.district is None:
        return random.choice([f"{place.city}临海", "椒江", "黄岩区", "温岭市", "玉环", f"{place.city}路桥区"])
    city = place.city or ""
    return random.choice([f"{city}{place.district}", place.district])


def _date(rules: PolicyRules, random: Random) -> str:
    """A month or day inside the period, in one of the ways of writing it."""
    first = rules.in_force.first_day or date.min
    last = rules.in_force.last_day or date(first.year + 4, 12, 31)
    months = [
        (year, month)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13)
        if first < date(year, month, 1) and date(year, month, 28) < last
    ]
    year, month = random.choice(months)
    return random.choice(
        [f"{year}年{month}月", f"{year % 100}年{month}月", f"{year}年{month}月15日", f"{year}年{month}月份"]
    )


def _yuan(book: RuleBook, rules: PolicyRules, provision: Provision, award: Award, cost: int) -> int:
    if not isinstance(award.amount, Share):
        return getattr(award.amount, "yuan", 0)
    share = int((Decimal(cost) * award.amount.percent / 100).to_integral_value(ROUND_DOWN))
    return min(share, book.cap(rules.policy, award.cap).yuan) if award.cap else share


def _noisy(question: str, noise: str, phrasings: Phrasings, random: Random) -> str:
    if noise == "homophone":
        return homophone(question, random)
    if noise == "polite":
        closing = random.choice(phrasings.closings)
        return closing.text + question if closing.at == "head" else question + closing.text
    return SAME_RESULT[noise](question, random)
