"""Reads the rule files into one typed rule book and checks that its parts agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rules.errors import RuleFileError
from rules.gazetteer import Gazetteer, load_gazetteer
from rules.model import Award, Cap, Place, PolicyRules, Provision
from rules.vocabulary import Vocabulary
from rules.yaml_source import load_model

SHIPPED = Path(__file__).parent


@dataclass(frozen=True)
class RuleBook:
    """The rules of every policy, the vocabulary they share, and the places they know."""

    policies: dict[str, PolicyRules]
    vocabulary: Vocabulary
    gazetteer: Gazetteer

    def award(self, award_id: str) -> tuple[PolicyRules, Provision, Award]:
        """An award with its provision and policy.

        Raises:
            KeyError: no policy has an award of that id.
        """
        for policy in self.policies.values():
            for provision, award in policy.awards():
                if award.id == award_id:
                    return policy, provision, award
        raise KeyError(award_id)

    def cap(self, policy: str, cap_id: str) -> Cap:
        """A cap of a policy by its id."""
        return next(cap for cap in self.policies[policy].caps if cap.id == cap_id)

    def policies_with(self, concept: str) -> list[str]:
        """Policies that have an award of a concept, in the order of the files."""
        return [
            policy.policy
            for policy in self.policies.values()
            if any(concept in (award.concept, *award.includes) for _, award in policy.awards())
        ]

    def of_year(self, year: int, places: Sequence[Place] = ()) -> tuple[str, ...]:
        """Policies issued in a year; with places, those at home where any of them lies."""
        return tuple(
            rules.policy
            for rules in self.policies.values()
            if rules.in_force.first_day
            and rules.in_force.first_day.year == year
            and (not places or any(rules.home.covers(place) for place in places))
        )

    def award_policies(self) -> list[str]:
        """Policies that hold awards; the others are plans."""
        return [policy.policy for policy in self.policies.values() if policy.provisions]


def load_rules(folder: Path = SHIPPED) -> RuleBook:
    """The rule book of a folder, read once.

    Args:
        folder: Holds ``vocabulary.yaml``, ``places.yaml`` and ``policies/*.yaml``.

    Raises:
        RuleFileError: a file cannot be used; the message names file, line, field and remedy.
    """
    return _read_once(folder.resolve())


@cache
def _read_once(folder: Path) -> RuleBook:
    return read_rules(folder)


def read_rules(folder: Path) -> RuleBook:
    """The rule book of a folder, read and checked anew; see ``load_rules``."""
    vocabulary = load_model(folder / "vocabulary.yaml", Vocabulary)
    _check_vocabulary(folder / "vocabulary.yaml", vocabulary)
    policies: dict[str, PolicyRules] = {}
    for path in sorted((folder / "policies").glob("*.yaml")):
        rules = load_model(path, PolicyRules)
        if rules.policy != path.stem:
            raise RuleFileError(path, 1, f"policy: {rules.policy!r} — must be the name of the file, {path.stem!r}")
        _check_references(path, rules, vocabulary)
        policies[rules.policy] = rules
    return RuleBook(policies=policies, vocabulary=vocabulary, gazetteer=load_gazetteer(folder / "places.yaml"))


def _check_vocabulary(path: Path, vocabulary: Vocabulary) -> None:
    """Every facet that a concept names, and every value that a name implies, must exist."""
    for name, concept in vocabulary.concepts.items():
        for facet in concept.facets:
            if facet not in vocabulary.facets:
                raise RuleFileError(path, _line_with(path, f"{name}:"), f"{name}: facet {facet!r} is not one of facets")
        for group in concept.names:
            for facet, value in group.implies.items():
                if facet not in concept.facets or value not in vocabulary.facets[facet].values:
                    raise RuleFileError(
                        path, _line_with(path, f"{name}:"), f"{name}: implies {facet}: {value!r}, which it cannot have"
                    )
    for name, facet in vocabulary.facets.items():
        if facet.unmarked is not None and facet.unmarked not in facet.values:
            raise RuleFileError(path, _line_with(path, f"{name}:"), f"{name}: unmarked {facet.unmarked!r} is no value")


def _check_references(path: Path, rules: PolicyRules, vocabulary: Vocabulary) -> None:
    """Every concept, facet, cap and further award that an award names must exist."""
    ids = [award.id for _, award in rules.awards()]
    caps = {cap.id for cap in rules.caps}
    for _, award in rules.awards():
        problem = _problem_of(award, ids, caps, vocabulary)
        if problem:
            raise RuleFileError(path, _line_with(path, award.id), f"award {award.id}: {problem}")


def _problem_of(award: Award, ids: list[str], caps: set[str], vocabulary: Vocabulary) -> str | None:
    if ids.count(award.id) > 1:
        return "id stands twice"
    for concept in (award.concept, *award.includes):
        if concept not in vocabulary.concepts:
            return f"concept {concept!r} is not in vocabulary.yaml"
    allowed = vocabulary.concepts[award.concept].facets
    for facet, value in award.facets.items():
        if facet not in allowed:
            return f"facet {facet!r} is not one of its concept's facets {list(allowed)}"
        if value not in vocabulary.facets[facet].values:
            return f"{facet}: {value!r} is not one of {list(vocabulary.facets[facet].values)}"
    if award.cap is not None and award.cap not in caps:
        return f"cap {award.cap!r} is not one of {sorted(caps)}"
    if award.further is not None and award.further not in ids:
        return f"further {award.further!r} is not the id of an award"
    return None


def _line_with(path: Path, word: str) -> int:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if word in line:
            return number
    return 1
