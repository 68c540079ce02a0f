"""Whether the calculator gives what the table says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from evals.evaluators.answers import Finding, Findings
from evals.model import ListedAward, ProfileGold
from evals.profile_cases import NOT_YET
from rules.assessment import Line
from rules.calculator import Result


def compare(gold: ProfileGold, result: Result) -> Findings:
    """Each field of the gold against the calculator's, by the name of the measure."""
    found = result.assessment
    findings = {
        "amount": _same(found.total_yuan, gold.total),
        "outcome": _same(found.outcome, gold.outcome),
        "alternatives": _same(sorted(a.total_yuan for a in found.alternatives), sorted(gold.alternatives)),
        "asks back": _same(sorted(fact.facet or fact.kind for fact in result.missing), sorted(gold.missing)),
    }
    if gold.adjustments is not None:
        findings["adjustments"] = _same([a.amount_yuan for a in found.adjustments], gold.adjustments)
    if gold.lines is not None:
        findings["lines"] = _same([shown(line) for line in found.lines], gold.lines)
    if "policy" in gold.model_fields_set:
        findings["policy"] = _same(found.policy, gold.policy)
    if gold.clause is not None:
        findings["clause named"] = _same([line.clause for line in found.lines], [gold.clause] * len(found.lines))
    return findings


def compare_award(gold: ProfileGold, award: ListedAward, result: Result, variants: Mapping[str, Result]) -> Findings:
    """How the award is called, who else is paid, and whether anything is paid before it is obtained.

    Args:
        gold: What the calculator must give.
        award: The award as the text gives it.
        result: What the calculator gives.
        variants: What it gives other applicants, and before the award is obtained, by what differs.
    """
    named, others = [(line.award, line.level) for line in result.assessment.lines], award.others
    findings = {"award named": _same(named, [(award.name, award.level)] * len(named))}
    wanted = {
        **dict.fromkeys(others.paid, "paid"),
        **dict.fromkeys(others.not_paid, "not_paid"),
        **dict.fromkeys(others.asked, "asked"),
    }
    if wanted:
        findings["beneficiary"] = _same({kind: _given(gold, variants[kind]) for kind in wanted}, wanted)
    if award.not_yet:
        findings["not yet"] = _same(_given(gold, variants[NOT_YET]), award.not_yet)
    return findings


def _given(gold: ProfileGold, result: Result) -> Literal["paid", "not_paid", "asked", "something else"]:
    """What a variant comes to, beside what the line of the table gives."""
    found = result.assessment
    if (found.outcome, found.total_yuan) == (gold.outcome, gold.total):
        return "paid"
    if found.outcome == "undetermined" and [fact.kind for fact in result.missing] == ["beneficiary"]:
        return "asked"
    nothing = found.total_yuan == 0 and all(line.outcome == "not_eligible" for line in found.lines)
    return "not_paid" if nothing else "something else"


def shown(line: Line) -> int | str:
    """A line as the table writes it: its amount, ``no_figure``, or why it is not paid."""
    if line.outcome != "eligible":
        return line.outcome
    return "no_figure" if line.amount_yuan is None else line.amount_yuan


def _same(found: object, wanted: object) -> Finding:
    return Finding(found == wanted, "" if found == wanted else f"{found}，应为 {wanted}")
