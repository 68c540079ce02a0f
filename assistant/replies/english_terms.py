"""English terms for places, texts, awards and amounts, each beside what is printed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from assistant.sources import Sources
from assistant.turn import Turn
from rules.judgement import Found
from rules.loader import RuleBook
from rules.model import Award, Fixed, NoFigure, PerUnit, Place, Share

_WHOLE = 100  # percent: as much again, printed 1:1
_SHORTEST = 2  # characters of a place name without 市, 区, 县


class Terms(BaseModel):
    """See ``english.yaml``: English for what the rules and the vocabulary call things."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    policies: dict[str, str]
    facets: dict[str, dict[str, str]]
    concepts: dict[str, str]
    places: dict[str, str]
    ask: dict[str, str]
    phrases: dict[str, str]


@cache
def terms() -> Terms:
    """The shipped English terms."""
    text = (Path(__file__).parent / "english.yaml").read_text(encoding="utf-8")
    return Terms.model_validate(yaml.safe_load(text))


def phrase(printed: str) -> str:
    """A phrase of the rules in English with what is printed in brackets; in Chinese alone where none is known."""
    english = terms().phrases.get(printed)
    return f"{english} ({printed})" if english else f"“{printed}”"


def yuan(amount: int) -> str:
    """Whole yuan: ``200,000 yuan``."""
    return f"{amount:,} yuan"


def day(value: date) -> str:
    """``10 February 2021``."""
    return f"{value.day} {value:%B} {value.year}"


def place_name(place: Place) -> str:
    """A place in pinyin and Chinese: ``Huangyan, Taizhou (台州市黄岩区)``."""
    parts = [part for part in (place.district, place.city) if part] or [place.province or ""]
    return f"{', '.join(_romanised(part) for part in parts)} ({place.name})"


def _romanised(name: str) -> str:
    if name in terms().places:
        return terms().places[name]
    # pypinyin loads its dictionary on import, a fifth of a second.
    from pypinyin import Style, lazy_pinyin

    short = name[:-1] if len(name) > _SHORTEST and name[-1] in "省市区县" else name
    return "".join(lazy_pinyin(short, style=Style.NORMAL)).capitalize()


def text_name(book: RuleBook, policy: str) -> str:
    """What a text is called in English, with its Chinese name: ``Taizhou policy of 2021 (台州2021年意见…)``."""
    english = terms().policies.get(policy)
    name = book.policies[policy].name
    return f"{english} ({name})" if english else f"“{name}”"


def short_name(policy: str) -> str:
    """What a text is called in English."""
    return terms().policies.get(policy, policy)


def facet_label(book: RuleBook, facet: str, value: str) -> str:
    """``national (国家级)``."""
    english = terms().facets.get(facet, {}).get(value)
    label = book.vocabulary.label(facet, value)
    return f"{english} ({label})" if english else label


def meaning(concept: str, facets: dict[str, str]) -> str:
    """What kind of honour it is in English: ``government quality award, national, nomination award``."""
    kind = terms().concepts.get(concept, "")
    told = [terms().facets.get(facet, {}).get(value, "") for facet, value in facets.items()]
    return ", ".join(part for part in (kind, *told) if part)


def award_name(award: Award) -> str:
    """An award as printed with what it is in English: ``质量奖提名奖 (government quality award, national, …)``."""
    english = meaning(award.concept, award.facets)
    return f"{award.name} ({english})" if english else award.name


def claim_name(book: RuleBook, concept: str, facets: dict[str, str]) -> str:
    """An honour that no text lists: its kind in English and Chinese."""
    return f"{meaning(concept, facets)} ({book.vocabulary.concepts[concept].label})"


def pays(book: RuleBook, policy: str, award: Award) -> str:
    """What an award pays and on what condition: ``**200,000 yuan** (only for the first drafting unit)``."""
    conditions: list[str] = []
    if award.rank:
        conditions.append(f"only for {phrase(award.rank.text)}")
    if award.result:
        conditions.append(f"result required: {phrase(award.result.value)}")
    if award.times:
        conditions.append(f"passed {award.times} times in succession")
    if award.cap:
        conditions.append(phrase(book.cap(policy, award.cap).text))
    return f"{amount(award)} [{'; '.join(conditions)}]" if conditions else amount(award)


def amount(award: Award) -> str:
    """What an award pays, without its conditions."""
    match award.amount:
        case Fixed(yuan=sum_):
            return f"**{yuan(sum_)}**"
        case PerUnit(yuan=sum_, unit=unit):
            return f"**{yuan(sum_)}** for each {phrase(unit)}"
        case Share(percent=percent, base=base) if percent == _WHOLE:
            return f"as much again (1:1) as {phrase(base)}"
        case Share(percent=percent, base=base):
            return f"**{percent.normalize():f}%** of {phrase(base)}"
        case NoFigure():
            return "a support for which the clause gives no figure"


def clause_name(policy: str, clause: str) -> str:
    """``Taizhou policy of 2021, clause 三/（一）/1``."""
    return f"{short_name(policy)}, clause {clause}"


def listed(found: Iterable[Found]) -> str:
    """The awards of several findings, each once."""
    return "; ".join(dict.fromkeys(award_name(one.award) for one in found))


def coverage(book: RuleBook, sources: Sources) -> str:
    """What the collection holds: places and texts."""
    homes = dict.fromkeys(place_name(book.policies[policy].home) for policy in book.award_policies())
    plans = [text_name(book, policy) for policy in book.policies if policy not in book.award_policies()]
    return (
        f"The award policies in the collection (收录) hold in {' and '.join(homes)}; it also has the "
        f"{' and the '.join(plans)}, which set targets and tasks and pay no awards."
    )


def carried_line(turn: Turn) -> str:
    """One line that says what was taken over from before and how to be rid of it; empty where nothing was."""
    if not turn.carried:
        return ""
    return f"Taken over from before (沿用前面说的): {', '.join(turn.carried)}. (To begin anew, say “start over”.)"
