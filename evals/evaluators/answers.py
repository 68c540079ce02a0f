"""Whether an answer is right: facts and clauses, amounts to the yuan, what must be asked or refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.model import Answer
from evals.matching import contains, is_named, missing, stands_in, starts_with
from evals.model import NOTHING_PAYABLE, ClarifyGold, EligibilityGold, Gold, LookupGold, RefuseGold
from knowledge.model import Policy

_OUTCOMES = {
    "payable": {"payable"},
    "ambiguous": {"payable", "depends"},
    "reference_floor": {"reference_only"},
    "cap_exhausted": {"payable", "not_payable"},
}
_KINDS = {
    "refuse": {"refusal", "lookup", "eligibility", "clarification"},
    "correct": {"correction"},
    "clarify": {"clarification"},
    "smalltalk": {"smalltalk"},
}
_TURN = ("amount", "nothing payable", "asks back", "facts", "cited all", "refuse", "correct", "clarify", "smalltalk")
"""What makes a turn of a dialogue right."""


@dataclass(frozen=True)
class Finding:
    """One property of an answer."""

    value: bool
    reason: str = ""


Findings = dict[str, Finding]
Texts = Mapping[str, Policy]


def examine(gold: Gold, answer: Answer, texts: Texts) -> Findings:
    """What is right and wrong in an answer, by the name of each measure.

    Args:
        gold: What a right answer has.
        answer: The assistant's.
        texts: The official texts.
    """
    match gold:
        case LookupGold():
            return _lookup(gold, answer, texts)
        case EligibilityGold(outcome="clarify"):
            return {"asks back": _asks(gold.clarify_any_of, answer)}
        case EligibilityGold():
            return _eligibility(gold, answer)
        case ClarifyGold():
            return {"asks back": _asks(gold.clarify_any_of, answer)}
        case RefuseGold():
            return {gold.expected: _refusal(gold, answer, texts)}


def turn_is_right(findings: Findings) -> bool:
    """Whether a turn of a dialogue is right: the amount, or facts with their clauses, or the refusal."""
    return all(finding.value for name, finding in findings.items() if name in _TURN)


def _lookup(gold: LookupGold, answer: Answer, texts: Texts) -> Findings:
    wanted = [(policy, path) for policy, _, path in (clause.partition(":") for clause in gold.clause)]
    given = answer.citations
    right = [
        (c, path) for c in given for policy, path in wanted if policy in texts and stands_in(c, texts[policy], path)
    ]
    absent = [f"{p}:{path}" for p, path in wanted if not any(stands_in(c, texts[p], path) for c in given)]
    unsaid = missing(answer.text, gold.must_contain)
    first = bool(given) and any(stands_in(given[0], texts[p], path) for p, path in wanted)
    named = bool(right) and is_named(right[0][0].clause, right[0][1])
    led = f"{given[0].policy}:{given[0].clause}" if given else "没有引用条款"
    versions = {policy for policy, _ in wanted}
    return {
        "facts": Finding(not unsaid, f"没有说到 {unsaid}" if unsaid else ""),
        "cited first": Finding(first, "" if first else f"首条引用是 {led}"),
        "cited all": Finding(not absent, f"没有引用 {absent}" if absent else ""),
        "clause named": Finding(
            named, "" if named else f"写作 {right[0][0].clause}" if right else "没有引用应引的条款"
        ),
        "right version": Finding(not given or given[0].policy in versions, f"引用了 {led}"),
        **({"computed": _computed(gold, answer)} if gold.computed else {}),
    }


def _computed(gold: LookupGold, answer: Answer) -> Finding:
    """Each wanted value is the result of some arithmetic of the answer."""
    found = [computation.value for computation in answer.computations]
    absent = [value for value in gold.computed if value not in found]
    return Finding(not absent, f"算得 {list(map(str, found))}，没有 {absent}" if absent else "")


def _eligibility(gold: EligibilityGold, answer: Answer) -> Findings:
    found = answer.assessment
    total = found.total_yuan if found else None
    outcome = found.outcome if found else answer.kind
    unsaid = missing(answer.text, gold.must_mention)
    says = Finding(not unsaid, f"没有说到 {unsaid}" if unsaid else "")
    if gold.outcome in NOTHING_PAYABLE:
        elsewhere = gold.outcome == "not_applicable_region" and answer.kind == "refusal"
        denied = outcome == "not_payable" or answer.kind == "correction" or elsewhere
        right = denied and not total and not unsaid
        return {"nothing payable": Finding(right, "" if right else f"{outcome}，合计 {total}，没有说到 {unsaid}")}
    offered = {a.total_yuan for a in found.alternatives} if found else set[int]()
    if gold.outcome == "depends":
        wanted = {order.total_yuan for order in gold.depends}
        right = outcome == "depends" and not unsaid and wanted <= offered | {total}
        return {"amount": Finding(right, "" if right else f"{outcome}，各种次序 {sorted(offered)}，没有说到 {unsaid}")}
    others = set(gold.acceptable_totals_yuan) - {gold.total_yuan}
    right = total == gold.total_yuan and others <= offered
    policy = found.policy if found else None
    findings = {
        "amount": Finding(right, "" if right else f"合计 {total}，应为 {gold.total_yuan}；其他 {sorted(offered)}"),
        "policy": Finding(gold.policy in (None, policy), f"{policy}，应为 {gold.policy}"),
        "outcome": Finding(outcome in _OUTCOMES[gold.outcome], outcome),
        "says so": says,
    }
    if gold.notices:
        given = {notice.kind for notice in answer.notices}
        findings["notices"] = Finding(given >= set(gold.notices), f"提示了 {sorted(given)}，应有 {gold.notices}")
    if gold.should_mention:
        unwarned = missing(answer.text, gold.should_mention)
        findings["warns"] = Finding(not unwarned, f"没有提醒 {unwarned}" if unwarned else "")
    if gold.lines:
        lines = Counter(
            line.amount_yuan
            for line in (found.lines if found else [])
            if line.amount_yuan and line.outcome in ("eligible", "undetermined")
        )
        wanted_lines = Counter(line.amount_yuan for line in gold.lines)
        taken = sum(a.amount_yuan for a in found.adjustments) if found else None
        cut = sum(a.amount_yuan for a in gold.adjustments)
        findings["lines"] = Finding(lines == wanted_lines, f"{dict(lines)}，应为 {dict(wanted_lines)}")
        findings["adjustments"] = Finding(taken == cut, f"{taken}，应为 {cut}")
    return findings


def _asks(items: list[str | list[str]], answer: Answer) -> Finding:
    unasked = missing(answer.text + "".join(answer.questions), items)
    asked = answer.kind == "clarification" and bool(answer.questions) and not unasked
    return Finding(asked, "" if asked else f"{answer.kind}，没有问 {unasked}")


def _refusal(gold: RefuseGold, answer: Answer, texts: Texts) -> Finding:
    said = [item for item in gold.must_not_contain if contains(answer.text, item)]
    said += [item for item in gold.must_not_start_with if starts_with(answer.text, item)]
    unsaid = missing(answer.text, gold.should_contain)
    wanted = [(policy, path) for policy, _, path in (clause.partition(":") for clause in gold.clause)]
    cited = (
        gold.expected != "correct"
        or not wanted
        or any(stands_in(c, texts[policy], path) for c in answer.citations for policy, path in wanted)
    )
    paid = gold.expected == "refuse" and answer.assessment is not None and bool(answer.assessment.total_yuan)
    asked = gold.expected != "clarify" or bool(answer.questions)
    right = answer.kind in _KINDS[gold.expected] and not said and not unsaid and cited and asked and not paid
    why = f"{answer.kind}，说了 {said}，没有说到 {unsaid}{'' if cited else '，没有引用应引的条款'}"
    return Finding(right, "" if right else why)
