"""Deterministic measures of one answer; each says what it found wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from assistant.figures import unbacked
from assistant.model import Answer, Citation
from evals.model import AnyOf, Expected, Measure
from knowledge.model import Policy

_NOTHING = {"not_listed", "not_eligible", "expired", "before_policy", "not_applicable_region"}
_OUTCOMES = {
    "payable": {"payable"},
    "ambiguous": {"payable", "depends"},
    "reference_floor": {"reference_only"},
    "cap_exhausted": {"payable", "not_payable"},
    "depends": {"depends"},
}
_KINDS = {
    "refuse": {"refusal", "lookup", "eligibility", "clarification"},
    "correct": {"correction"},
    "clarify": {"clarification"},
    "smalltalk": {"smalltalk"},
}


def measure(expected: Expected, answer: Answer, said: str, texts: Mapping[str, Policy]) -> list[Measure]:
    """What is right and wrong in an answer.

    Args:
        expected: The gold.
        answer: The assistant's.
        said: All questions of the conversation so far.
        texts: The official texts.
    """
    loose = unbacked(answer, said)
    always = [
        Measure("figures backed", not loose, f"{sorted(map(str, loose))}" if loose else ""),
        Measure("quotations verbatim", all(_verbatim(c, texts) for c in answer.citations)),
    ]
    if expected.type == "answer":
        return [*_lookup(expected, answer), *always]
    if expected.type == "refuse":
        return [_refusal(expected, answer), *always]
    if expected.type == "clarify" or expected.outcome == "clarify":
        return [_asks(expected, answer), *always]
    return [*_eligibility(expected, answer), *always]


def _lookup(expected: Expected, answer: Answer) -> list[Measure]:
    wanted = [tuple(clause.split(":", 1)) for clause in expected.clause]
    given = answer.citations
    missing = _missing(answer.text, expected.must_contain)
    first = bool(given) and any(_cites(given[0], *w) for w in wanted)
    return [
        Measure("facts", not missing, f"missing {missing}" if missing else ""),
        Measure("clause first", first, f"cited {given[0].policy}:{given[0].clause}" if given and not first else ""),
        Measure("clauses all", all(any(_cites(c, *w) for c in given) for w in wanted)),
    ]


def _eligibility(expected: Expected, answer: Answer) -> list[Measure]:
    assessment = answer.assessment
    total = assessment.total_yuan if assessment else None
    missing = _missing(answer.text, expected.must_mention)
    if expected.outcome in _NOTHING:
        denied = (
            (assessment is not None and assessment.outcome == "not_payable")
            or answer.kind == "correction"
            or (expected.outcome == "not_applicable_region" and answer.kind == "refusal")
        )
        return [Measure("nothing payable", denied and not total and not missing, f"total {total}, missing {missing}")]
    offered = {a.total_yuan for a in assessment.alternatives} if assessment else set[int]()
    others = set(expected.acceptable_totals_yuan) - {expected.total_yuan}
    if expected.outcome == "depends":
        return [Measure("amount", assessment is not None and assessment.outcome == "depends" and not missing)]
    lines = Counter(
        line.amount_yuan
        for line in (assessment.lines if assessment else [])
        if line.amount_yuan and line.outcome == "eligible"
    )
    right = total == expected.total_yuan and others <= offered
    found = [
        Measure("amount", right, "" if right else f"total {total}, expected {expected.total_yuan}"),
        Measure("outcome", assessment is not None and assessment.outcome in _OUTCOMES[expected.outcome]),
        Measure("says so", not missing, f"missing {missing}" if missing else ""),
    ]
    if expected.lines:
        wanted = Counter(line.amount_yuan for line in expected.lines)
        taken = sum(a.amount_yuan for a in assessment.adjustments) if assessment else None
        found.append(Measure("lines", lines == wanted, f"{dict(lines)}, expected {dict(wanted)}"))
        found.append(Measure("adjustments", taken == sum(a.amount_yuan for a in expected.adjustments)))
    return found


def _asks(expected: Expected, answer: Answer) -> Measure:
    missing = _missing(answer.text + "".join(answer.questions), expected.clarify_any_of)
    asked = answer.kind == "clarification" and bool(answer.questions) and not missing
    return Measure("asks back", asked, f"{answer.kind}, not asked {missing}")


def _refusal(expected: Expected, answer: Answer) -> Measure:
    kind = expected.outcome or "refuse"
    said = [item for item in expected.must_not_contain if _contains(answer.text, item)]
    missing = _missing(answer.text, expected.should_contain)
    wanted = [tuple(clause.split(":", 1)) for clause in expected.clause]
    cited = kind != "correct" or not wanted or any(_cites(c, *w) for c in answer.citations for w in wanted)
    right = answer.kind in _KINDS[kind] and not said and not missing and cited
    return Measure(kind, right, "" if right else f"{answer.kind}, said {said}, missing {missing}")


def _cites(citation: Citation, policy: str, path: str) -> bool:
    """Whether a citation stands in the wanted clause; parts without a number may be named otherwise."""
    numbers = [part for part in path.split("/") if re.fullmatch(r"（?[一二三四五六七八九十\d]{1,3}）?", part)]
    have = citation.clause.split("/")
    inside = not numbers or any(have[i : i + len(numbers)] == numbers for i in range(len(have)))
    return citation.policy == policy and inside


def _verbatim(citation: Citation, texts: Mapping[str, Policy]) -> bool:
    return texts[citation.policy].body[citation.start : citation.end] == citation.quote


def _missing(text: str, items: AnyOf) -> AnyOf:
    return [
        item
        for item in items
        if not any(_contains(text, choice) for choice in (item if isinstance(item, list) else [item]))
    ]


def _contains(text: str, item: str) -> bool:
    """An item stands in the text, no number inside a longer one."""
    plain, wanted = _plain(text), _plain(item)
    lead = r"(?<![\d.])" if wanted[:1].isdigit() else ""
    tail = r"(?!\d|\.\d)" if wanted[-1:].isdigit() else ""
    return re.search(lead + re.escape(wanted) + tail, plain, re.IGNORECASE) is not None


def _plain(text: str) -> str:
    return re.sub(r"\s|\*", "", re.sub(r"(?<=\d)[,，](?=\d{3}(?!\d))", "", text)).replace("％", "%")
