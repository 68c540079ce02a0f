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


NOT_SAID = "未说明"
"""An applicant of whom no kind is known, in the words of a case."""
NOT_YET = "尚未取得"


def variants_of(book: RuleBook, case: ProfileCase) -> dict[str, tuple[Applicant, list[Claim]]]:
    """The claims of a case by other kinds of applicant, and before they are obtained, by what differs.

    Raises:
        CaseError: as ``claims_of``; a kind of applicant is not known.
    """
    if case.award is None:
        return {}
    applicant, claims = claims_of(book, case)
    others = case.award.others
    kinds = [*others.paid, *others.not_paid, *others.asked]
    unknown = [kind for kind in kinds if kind not in _TYPES and kind != NOT_SAID]
    if unknown:
        raise CaseError(f"题 {case.id}：申报主体 {unknown} 不认识；可以是 {'、'.join((*_TYPES, NOT_SAID))}")
    found = {kind: (applicant.model_copy(update={"type": _TYPES.get(kind)}), claims) for kind in kinds}
    if case.award.not_yet:
        found[NOT_YET] = (applicant, [claim.model_copy(update={"completed": False}) for claim in claims])
    return found


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
