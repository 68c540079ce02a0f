"""Where a rule file can say something else and still load: each value with what may stand there by mistake.

Nothing is given for what no calculation and no reply reads, or where the slip says the same as before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any, cast, get_args

from rules.assessment import Applicant, Claim
from rules.gazetteer import Gazetteer
from rules.judgement import judge
from rules.loader import RuleBook
from rules.model import (
    ApplicantType,
    Award,
    Fixed,
    InForce,
    Model,
    NonStacking,
    PerUnit,
    Place,
    PolicyRules,
    Provision,
    Quotation,
    Share,
)
from rules.vocabulary import Concept, Vocabulary

_PLACES = 3  # other districts, or cities, that a territory is mistaken for

Path = tuple[str | int, ...]
"""Where in a policy's rules a value stands: ``("provisions", 0, "awards", 1, "amount", "yuan")``."""


@dataclass(frozen=True)
class Slip:
    """One value of a policy's rules, and another in its place."""

    kind: str
    where: str
    """Award, cap or field."""
    path: Path
    new: Any


def slips(book: RuleBook, rules: PolicyRules) -> Iterator[Slip]:
    """Every slip in the rules of one policy.

    Args:
        book: All rules, for the vocabulary and the places.
        rules: Those of the policy.
    """
    awards = [
        (("provisions", number, "awards", place), award)
        for number, provision in enumerate(rules.provisions)
        for place, award in enumerate(provision.awards)
    ]
    for at, (path, award) in enumerate(awards):
        neighbours = [other for _, other in awards[max(at - 1, 0) : at + 2] if other is not award]
        yield from _of_amount(path, award, neighbours)
        yield from _of_award(book, rules, path, award, neighbours)
    for number, provision in enumerate(rules.provisions):
        yield from _of_provision(rules, number, provision)
    yield from _of_caps(rules)
    yield from _of_standing(rules)
    yield from _of_territories(book, rules)
    yield from _of_quotations(rules)


def _of_amount(path: Path, award: Award, neighbours: list[Award]) -> Iterator[Slip]:
    match award.amount:
        case Fixed(yuan=yuan) | PerUnit(yuan=yuan):
            at = (*path, "amount", "yuan")
            for other in _digits(yuan):
                yield Slip("amount digit", award.id, at, other)
            yield Slip("amount tenfold", award.id, at, yuan * 10)
            sums = {one.amount.yuan for one in neighbours if isinstance(one.amount, Fixed | PerUnit)}
            for other in sorted(sums - {yuan}):
                yield Slip("amount of a neighbour", award.id, at, other)
        case Share(percent=percent):
            for other in (*_digits(int(percent)), int(percent) * 10):
                if 0 < other <= 100:
                    yield Slip("percent", award.id, (*path, "amount", "percent"), Decimal(other))
        case _:
            pass


def _of_award(book: RuleBook, rules: PolicyRules, path: Path, award: Award, neighbours: list[Award]) -> Iterator[Slip]:
    for facet, value in award.facets.items():
        for other in book.vocabulary.facets[facet].values:
            if other != value:
                yield Slip("facet", award.id, (*path, "facets"), {**award.facets, facet: other})
    for name in dict.fromkeys(other.name for other in neighbours if other.name != award.name):
        yield Slip("name", award.id, (*path, "name"), name)
    for level in dict.fromkeys(other.level for other in neighbours if other.level != award.level):
        if award.level is not None and level is not None:
            yield Slip("level", award.id, (*path, "level"), level)
    if award.rank is not None:
        for bound in ("first", "last"):
            known = getattr(award.rank, bound)
            for other in (known - 1, known + 1) if known else ():
                if other > 0:
                    yield Slip("rank", award.id, (*path, "rank", bound), other)
    if award.result is not None:
        results = {other.result.value for _, other in rules.awards() if other.result} - {award.result.value}
        for other in sorted(results) or [f"非{award.result.value}"]:
            yield Slip("result", award.id, (*path, "result", "value"), other)
    if award.times is not None:
        for other in (award.times - 1, award.times + 1):
            yield Slip("times", award.id, (*path, "times"), other)
    if award.further is not None:
        for other in (None, award.id):
            yield Slip("further", award.id, (*path, "further"), other)
    if award.cap is not None:
        yield Slip("cap of an award left out", award.id, (*path, "cap"), None)
    # Several of an award that is given for one alone are nothing that anybody has.
    if award.once or isinstance(award.amount, PerUnit):
        yield Slip("once", award.id, (*path, "once"), not award.once)
    yield Slip("approval", award.id, (*path, "on_approval"), not award.on_approval)


def _of_provision(rules: PolicyRules, number: int, provision: Provision) -> Iterator[Slip]:
    first, path = provision.awards[0].id, ("provisions", number, "beneficiary")
    types, known = get_args(ApplicantType), provision.beneficiary
    left_out = [tuple(one for one in known if one != other) for other in known] if len(known) > 1 else []
    for kind, changed in (
        ("beneficiary left out", left_out),
        ("beneficiary put in", [(*known, other) for other in types]),
        ("beneficiary exchanged", [(other,) for other in types]),
    ):
        for other in changed:
            if _served(other) != _served(known):
                yield Slip(kind, first, path, other)
    rest = (*rules.provisions[:number], *rules.provisions[number + 1 :])
    # Another award may point to one of these; a pointer to nothing does not load.
    gone = {award.id for award in provision.awards}
    if not any(award.further in gone for other in rest for award in other.awards):
        yield Slip("provision left out", first, ("provisions",), rest)


def _of_caps(rules: PolicyRules) -> Iterator[Slip]:
    for number, cap in enumerate(rules.caps):
        for other in (*_digits(cap.yuan), cap.yuan * 10):
            yield Slip("cap", f"cap {cap.id}", ("caps", number, "yuan"), other)
        per = "year" if cap.per == "lifetime" else "lifetime"
        yield Slip("cap per year or in all", f"cap {cap.id}", ("caps", number, "per"), per)


def _of_standing(rules: PolicyRules) -> Iterator[Slip]:
    for name in ("first_day", "last_day"):
        day = getattr(rules.in_force, name)
        for other in (day - timedelta(days=1), day + timedelta(days=1)) if day else ():
            yield Slip(name.replace("_", " "), "in_force", ("in_force", name), other)
    for number, repeal in enumerate(rules.repeals):
        rest = (*rules.repeals[:number], *rules.repeals[number + 1 :])
        yield Slip("repeal left out", f"repeals {repeal.policy}", ("repeals",), rest)
    if rules.non_stacking:
        for rule in get_args(NonStacking.model_fields["rule"].annotation):
            if rule != rules.non_stacking.rule:
                yield Slip("non-stacking", "non_stacking", ("non_stacking", "rule"), rule)


def _of_territories(book: RuleBook, rules: PolicyRules) -> Iterator[Slip]:
    taken = [territory.place for territory in rules.territories]
    for number, territory in enumerate(rules.territories):
        where, path = f"territories[{number}]", ("territories", number)
        for other in [place for place in _siblings(book, territory.place) if place not in taken][:_PLACES]:
            yield Slip("place", where, (*path, "place"), other)
        effect = "reference" if territory.effect == "binding" else "binding"
        # Where a plan binds, nobody asks: it pays nothing.
        if rules.provisions:
            yield Slip("effect", where, (*path, "effect"), effect)


def _of_quotations(rules: PolicyRules) -> Iterator[Slip]:
    quoted = list(_quoted(rules))
    clauses = sorted({value_at(rules, path).clause for path in quoted})
    for path in quoted:
        quotation, where = value_at(rules, path), ".".join(map(str, path))
        middle = len(quotation.quote) // 2
        sign = "丙" if quotation.quote[middle] != "丙" else "丁"
        changed = quotation.quote[:middle] + sign + quotation.quote[middle + 1 :]
        yield Slip("quotation", where, (*path, "quote"), changed)
        for clause in clauses:
            # The text of a clause holds that of its parts.
            if not quotation.clause.startswith(clause):
                yield Slip("clause", where, (*path, "clause"), clause)


def _digits(value: int) -> list[int]:
    """A whole number with each of its digits, in turn, one higher."""
    digits = str(value)
    return [int(digits[:at] + str((int(digit) + 1) % 10) + digits[at + 1 :]) for at, digit in enumerate(digits)]


@cache
def _served(beneficiary: tuple[ApplicantType, ...]) -> tuple[str, ...]:
    """What the calculator says to each kind of applicant: an organisation may be a laboratory anyway."""
    award = Award(id="any", name="any", concept="any", amount=Fixed(yuan=1))
    provision = Provision(clause="", quote="", beneficiary=beneficiary, beneficiary_text="", awards=(award,))
    period = InForce(clause="", quote="")
    rules = PolicyRules(policy="any", name="", territories=(), in_force=period, provisions=(provision,))
    vocabulary = Vocabulary(facets={}, concepts={"any": Concept(label="", names=())})
    book = RuleBook(policies={"any": rules}, vocabulary=vocabulary, gazetteer=Gazetteer(names={}))
    return tuple(
        judge(book, rules, Applicant(type=kind), Claim(concept="any")).outcome
        for kind in (None, *get_args(ApplicantType))
    )


def _siblings(book: RuleBook, place: Place) -> list[Place]:
    """Other districts of the city, or other cities of the province."""
    above = place.model_copy(update={"district": None} if place.district else {"city": None})
    known = {
        one.name: one
        for places in book.gazetteer.names.values()
        for one in places
        if above.covers(one) and one.city and bool(one.district) == bool(place.district)
    }
    return [known[name] for name in sorted(known) if known[name] != place]


def _quoted(value: object, path: Path = ()) -> Iterator[Path]:
    """Where the quotations of a part of the rules stand."""
    if isinstance(value, Quotation):
        yield path
    if isinstance(value, tuple):
        for index, item in enumerate(cast("tuple[object, ...]", value)):
            yield from _quoted(item, (*path, index))
    elif isinstance(value, Model):
        for name in type(value).model_fields:
            yield from _quoted(getattr(value, name), (*path, name))


def value_at(value: Any, path: Path) -> Any:
    """What stands at a path."""
    for step in path:
        value = value[step] if isinstance(step, int) else getattr(value, step)
    return value


def replaced(value: Any, path: Path, new: object) -> Any:
    """A part of the rules with another value at a path."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return (*value[:step], replaced(value[step], rest, new), *value[step + 1 :])
    return value.model_copy(update={step: replaced(getattr(value, step), rest, new)})
