"""Turns a case of the calculator's table, written in the words of the vocabulary, into what the calculator takes."""

from __future__ import annotations

from decimal import Decimal

from evals.model import CaseError, ProfileApplicant, ProfileCase, ProfileClaim
from rules.assessment import Applicant, Claim, RankRange
from rules.errors import ProfileError
from rules.judgement import TYPE_LABELS
from rules.loader import RuleBook
from rules.model import ApplicantType
from rules.profile import period_of, place_named

_TYPES: dict[str, ApplicantType] = {label: kind for kind, label in TYPE_LABELS.items()}


def claims_of(book: RuleBook, case: ProfileCase) -> tuple[Applicant, list[Claim]]:
    """Applicant and claims of a case.

    Raises:
        CaseError: a word is not in the vocabulary, a place is not known, or a date cannot be read.
    """
    try:
        return applicant_of(book, case.applicant), [claim_of(book, claim) for claim in case.claims]
    except (ValueError, ProfileError) as error:
        raise CaseError(f"题 {case.id}：{error}") from error


def applicant_of(book: RuleBook, written: ProfileApplicant) -> Applicant:
    """Who claims.

    Raises:
        ValueError: the kind of applicant is not known.
        ProfileError: the place is not known.
    """
    if written.type is not None and written.type not in _TYPES:
        raise ValueError(f"申报主体“{written.type}”不认识；可以是 {'、'.join(_TYPES)}")
    return Applicant(
        place=place_named(book, written.place) if written.place else None,
        type=_TYPES[written.type] if written.type else None,
        received_yuan=written.received,
    )


def claim_of(book: RuleBook, written: ProfileClaim) -> Claim:
    """What was obtained.

    Raises:
        ValueError: ``honour`` or ``kind`` is no label of the vocabulary.
        ProfileError: the date cannot be read.
    """
    vocabulary = book.vocabulary
    concept = next((key for key, entry in vocabulary.concepts.items() if entry.label == written.honour), None)
    if concept is None:
        raise ValueError(f"荣誉“{written.honour}”不在 rules/vocabulary.yaml 的名称里")
    facets: dict[str, str] = {}
    for label in written.kind:
        own = vocabulary.concepts[concept].facets
        found = [(f, v) for f in own for v, entry in vocabulary.facets[f].values.items() if entry.label == label]
        if not found:
            raise ValueError(f"“{written.honour}”不分“{label}”")
        facets |= dict(found)
    ranks = [written.rank, written.rank] if isinstance(written.rank, int) else written.rank
    return Claim(
        concept=concept,
        facets=facets,
        obtained=period_of(str(written.obtained), "obtained") if written.obtained is not None else None,
        quantity=written.quantity,
        rank=RankRange(first=ranks[0], last=ranks[1]) if ranks else None,
        result=written.result,
        times=written.times,
        completed=written.completed,
        cost_yuan=Decimal(str(written.cost)) if written.cost is not None else None,
        project=written.project,
        filed=written.filed,
    )
