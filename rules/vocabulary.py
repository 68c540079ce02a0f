"""The vocabulary: what people call the honours, and what tells the awards of one kind apart."""

from __future__ import annotations

from pydantic import Field

from rules.model import ApplicantType, Model


class FacetValue(Model):
    """One value of a facet and the words for it."""

    label: str
    words: tuple[str, ...] = ()
    applicant: ApplicantType | None = None
    """The type of applicant that has this value: an individual's award is the individual one."""


class Facet(Model):
    """What tells awards of one concept apart: level, certificate, sector."""

    ask: str
    """The question that asks for it; ``{choices}`` stands for the labels that matter."""
    unmarked: str | None = None
    """The value that is meant when nothing is said; None when it must be asked for."""
    values: dict[str, FacetValue]

    @property
    def tells_applicant(self) -> bool:
        """Whether its values are types of applicants."""
        return any(value.applicant for value in self.values.values())


class Names(Model):
    """Names of a concept that say the same."""

    words: tuple[str, ...]
    implies: dict[str, str] = Field(default_factory=dict)
    """Facets that the name carries: 国标 means standard: national."""
    generic: bool = False
    """Says only of what kind it is; nothing of its own where another honour is named: 一个标准项目得了标准创新贡献奖."""
    instance: bool = False
    """Each different word counts as one unit: 民宿服务认证 and 公厕服务认证 are two."""


class Concept(Model):
    """One kind of honour."""

    label: str
    facets: tuple[str, ...] = ()
    names: tuple[Names, ...]


class Vocabulary(Model):
    """All concepts and facets."""

    ignored: tuple[str, ...] = ()
    """Longer words that hold a name but mean something else: 质量奖励 is no 质量奖."""
    failed_results: tuple[str, ...] = ()
    """Results with which nothing is obtained, whatever the award asks for."""
    facets: dict[str, Facet]
    concepts: dict[str, Concept]

    def label(self, facet: str, value: str) -> str:
        """What a facet value is called in replies."""
        return self.facets[facet].values[value].label


def compatible(known: str | None, wanted: str | None) -> bool:
    """Whether two facet values can be of the same thing: ``local`` and ``local/provincial`` can.

    Args:
        known: Value of the claim, None when unknown.
        wanted: Value of the award, None when the award does not tell.
    """
    if known is None or wanted is None or known == wanted:
        return True
    return known.startswith(wanted + "/") or wanted.startswith(known + "/")
