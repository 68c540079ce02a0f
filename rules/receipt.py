"""A receipt: with it an assessment can be made again and proved to be the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from rules.assessment import Assessment, MissingFact
from rules.calculator import assess
from rules.loader import RuleBook
from rules.model import Model
from rules.profile import Profile, resolve


class Receipt(Model):
    """SHA-256 of what went in and what came out, as 64 hexadecimal digits each."""

    rules: str
    texts: str
    input: str
    result: str


class Assessed(Model):
    """A profile with its assessment and receipt: what ``assess --json`` gives and ``--verify`` takes."""

    profile: Profile
    assessment: Assessment
    missing: tuple[MissingFact, ...]
    receipt: Receipt


def assess_profile(book: RuleBook, texts: Mapping[tuple[str, str], str], profile: Profile) -> Assessed:
    """The assessment of a profile, with its receipt.

    Args:
        book: All rules.
        texts: The clause texts, by policy and clause path.
        profile: Applicant and claims.

    Raises:
        ProfileError: the profile names something unknown.
    """
    applicant, claims = resolve(book, profile)
    result = assess(book, applicant, claims)
    receipt = Receipt(
        rules=_hash(
            [*(p.model_dump(mode="json") for p in book.policies.values()), book.vocabulary.model_dump(mode="json")]
        ),
        texts=_hash(sorted((policy, clause, text) for (policy, clause), text in texts.items())),
        input=_hash(profile.model_dump(mode="json")),
        result=_hash([result.assessment.model_dump(mode="json"), [m.model_dump(mode="json") for m in result.missing]]),
    )
    return Assessed(profile=profile, assessment=result.assessment, missing=result.missing, receipt=receipt)


def differences(claimed: Assessed, again: Assessed) -> list[str]:
    """What differs between an assessment and the same profile assessed again; empty when nothing does."""
    found = [
        f"{name}: {getattr(claimed.receipt, name)[:12]}… is now {getattr(again.receipt, name)[:12]}…"
        for name in Receipt.model_fields
        if getattr(claimed.receipt, name) != getattr(again.receipt, name)
    ]
    before, now = claimed.assessment, again.assessment
    if before.total_yuan != now.total_yuan:
        found.append(f"total_yuan: {before.total_yuan} is now {now.total_yuan}")
    elif before != now:
        found.append("assessment: the steps or lines differ, the total does not")
    return found


def _hash(value: object) -> str:
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()
