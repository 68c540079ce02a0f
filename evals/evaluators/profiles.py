"""Whether the calculator gives what the table says."""

from __future__ import annotations

from evals.evaluators.answers import Finding, Findings
from evals.model import ProfileGold
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


def shown(line: Line) -> int | str:
    """A line as the table writes it: its amount, ``no_figure``, or why it is not paid."""
    if line.outcome != "eligible":
        return line.outcome
    return "no_figure" if line.amount_yuan is None else line.amount_yuan


def _same(found: object, wanted: object) -> Finding:
    return Finding(found == wanted, "" if found == wanted else f"{found}，应为 {wanted}")
