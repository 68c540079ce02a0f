"""From an applicant and claims to an assessment: policy, award, conditions, non-duplication, caps, total."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

from rules.applicability import Applicability, Governing, in_period, policies_at, versions_with
from rules.assessment import Applicant, Assessment, AssessmentOutcome, Claim, Line, MissingFact, TraceStep
from rules.judgement import Found, Judgement, judge
from rules.loader import RuleBook
from rules.model import NoFigure, Share
from rules.stacking import Payable, Reduced, reduce
from rules.vocabulary import compatible

ASSUME_DATE = "按取得荣誉的日期确定适用的文件；文件没有写明以取得日期还是申报日期为准。"
_BEYOND_ANY_CAP = Decimal(10**12)
ASSUME_NOT_RECEIVED = "此前没有领过计入同一限额的奖励。"


@dataclass(frozen=True, slots=True)
class Ruling:
    """One claim as the policies that may govern it see it."""

    claim: Claim
    applicability: Applicability
    governing: Governing | None
    """The policy whose judgement is taken; None when none governs or it is not clear which."""
    judgement: Judgement | None
    candidates: tuple[tuple[Governing, Judgement], ...] = ()
    """Every policy that may govern, with what it says."""
    missing: tuple[MissingFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What the calculator answers."""

    assessment: Assessment
    rulings: tuple[Ruling, ...]
    missing: tuple[MissingFact, ...]
    """Facts that change the amount and are not known, the most decisive first."""


def assess(book: RuleBook, applicant: Applicant, claims: Sequence[Claim]) -> Result:
    """What an applicant can claim, exactly, with every step.

    Args:
        book: All rules.
        applicant: Place, type, amounts already received in yuan; unknown parts are None.
        claims: What was obtained, at least one.

    Returns:
        The assessment in whole yuan, how each claim was judged, and the facts still missing.

    Raises:
        ValueError: no claim was given.
    """
    if not claims:
        raise ValueError("assess needs at least one claim")
    at_place = policies_at(book, applicant.place)
    # Claims of one profile often share their period.
    periods = {_label(claim): claim.obtained for claim in claims}
    governing = {label: in_period(at_place, applicant.place, period) for label, period in periods.items()}
    rulings = [_rule(book, applicant, claim, governing[_label(claim)]) for claim in claims]
    missing = _merge(fact for ruling in rulings for fact in ruling.missing)
    if missing:
        settled = _settled(book, applicant, claims, rulings, missing)
        if settled is not None:
            return settled
    lines: list[Line] = []
    payables: list[Payable] = []
    trace: list[TraceStep] = []
    for ruling in rulings:
        _add_lines(book, ruling, lines, payables, trace)
    reduced = Reduced() if missing else reduce(book, applicant, payables)
    trace += reduced.steps
    outcome, total = _outcome(rulings, payables, reduced, bool(missing))
    if total is not None:
        trace.append(TraceStep(step="合计", amount_yuan=total))
    assessment = Assessment(
        policy=_policy_of(rulings, applicant, book),
        region=applicant.place.name if applicant.place else None,
        obtained_on=_one(set(periods)),
        outcome=outcome,
        lines=lines,
        adjustments=list(reduced.adjustments),
        total_yuan=total,
        alternatives=list(reduced.alternatives),
        assumptions=_assumptions(book, applicant, payables),
        trace=trace,
    )
    return Result(assessment=assessment, rulings=tuple(rulings), missing=tuple(missing))


def _settled(
    book: RuleBook, applicant: Applicant, claims: Sequence[Claim], rulings: Sequence[Ruling], missing: list[MissingFact]
) -> Result | None:
    """The result where a cap makes every possible value of the missing facts pay the same; None where one matters."""
    open_ones = [(at, r.judgement) for at, r in enumerate(rulings) if r.missing and r.judgement]
    capped = all(found.award.cap for _, judgement in open_ones for found in judgement.found)
    if not capped or {fact.kind for fact in missing} - {"facet", "cost"}:
        return None
    results: list[Result] = []
    for chosen in product(*(_possible(claims[at], judgement) for at, judgement in open_ones)):
        tried = list(claims)
        for (at, _), claim in zip(open_ones, chosen, strict=True):
            tried[at] = claim
        results.append(assess(book, applicant, tried))
    first = results[0].assessment if results else None
    if first is None or any(r.missing or r.assessment.total_yuan != first.total_yuan for r in results):
        return None
    said = "没有说明的情况不影响结果：受限额限制，每种情况合计都相同。"
    return replace(results[0], assessment=first.model_copy(update={"assumptions": [*first.assumptions, said]}))


def _possible(claim: Claim, judgement: Judgement) -> list[Claim]:
    """The claim with each value that its missing facts can have; of a cost the least and one beyond every cap."""
    found = [claim.model_copy(update={"facets": {**claim.facets, **one.award.facets}}) for one in judgement.found]
    if any(isinstance(one.award.amount, Share) for one in judgement.found) and claim.cost_yuan is None:
        return [one.model_copy(update={"cost_yuan": cost}) for one in found for cost in (Decimal(0), _BEYOND_ANY_CAP)]
    return found


def _label(claim: Claim) -> str | None:
    return claim.obtained.label if claim.obtained else None


def _rule(book: RuleBook, applicant: Applicant, claim: Claim, applicability: Applicability) -> Ruling:
    """The judgement of the policy that governs, or the facts that tell which one does."""
    candidates = tuple(
        (governing, judge(book, book.policies[governing.policy], applicant, claim))
        for governing in applicability.governing
    )
    if not candidates:
        return Ruling(claim=claim, applicability=applicability, governing=None, judgement=None)
    if all(judgement.outcome == "not_in_policy" for _, judgement in candidates) and not applicability.gap:
        governing, judgement = candidates[-1]
        return Ruling(
            claim=claim, applicability=applicability, governing=governing, judgement=judgement, candidates=candidates
        )
    missing = list(_merge(fact for _, judgement in candidates for fact in judgement.missing))
    results = {_result_of(governing, judgement) for governing, judgement in candidates}
    if applicability.effect_open:
        results.add(("reference or binding", None))
    if applicability.gap:
        results.add(("none", None))
    if len(results) > 1 or missing:
        missing = [*_open_facts(applicability, applicant, claim, len(results) > 1), *missing]
    if missing:
        return Ruling(
            claim=claim,
            applicability=applicability,
            governing=candidates[0][0] if len(candidates) == 1 else None,
            judgement=candidates[0][1] if len(candidates) == 1 else None,
            candidates=candidates,
            missing=tuple(missing),
        )
    # Every candidate gives the same: the latest speaks for all.
    governing, judgement = max(candidates, key=lambda c: str(book.policies[c[0].policy].in_force.first_day))
    return Ruling(
        claim=claim, applicability=applicability, governing=governing, judgement=judgement, candidates=candidates
    )


def _result_of(governing: Governing, judgement: Judgement) -> tuple[str, int | None]:
    if judgement.outcome == "undetermined":
        return (f"undetermined {judgement.policy}", None)
    if judgement.outcome == "eligible":
        return (governing.effect, judgement.amount_yuan)
    return ("none", None)


def _open_facts(
    applicability: Applicability, applicant: Applicant, claim: Claim, policies_differ: bool
) -> list[MissingFact]:
    """Place and date, where they decide which policy governs."""
    facts: list[MissingFact] = []
    if applicability.place_open and (policies_differ or applicant.place is None or applicant.place.city is None):
        facts.append(MissingFact(kind="place", concept=claim.concept))
    # Where every policy that may govern does so on each day of the period, no day decides.
    undecided = claim.obtained is None or any(g.period != claim.obtained for g in applicability.governing)
    if policies_differ and undecided:
        facts.append(MissingFact(kind="date", concept=claim.concept))
    return facts


def _add_lines(
    book: RuleBook, ruling: Ruling, lines: list[Line], payables: list[Payable], trace: list[TraceStep]
) -> None:
    claim, judgement, governing = ruling.claim, ruling.judgement, ruling.governing
    obtained = _label(claim)
    label = book.vocabulary.concepts[claim.concept].label
    if governing is not None and all(step.quote != governing.territory.quote for step in trace):
        rules = book.policies[governing.policy]
        trace.append(
            TraceStep(
                step=f"适用{rules.name}",
                clause=governing.territory.clause,
                quote=governing.territory.quote,
                policy=rules.policy,
            )
        )
    if judgement is None or governing is None or judgement.outcome == "not_in_policy":
        undetermined = bool(ruling.missing)
        lines.append(
            Line(
                award=label,
                level=_level_of(book, claim),
                policy=governing.policy if governing else None,
                obtained_on=obtained,
                clause=None,
                quantity=claim.quantity or 1,
                unit_yuan=None,
                amount_yuan=None,
                outcome="undetermined" if undetermined else "not_in_policy",
                reasons=[] if undetermined else [_why_not_in(book, ruling)],
            )
        )
        return
    shown = judgement.found if judgement.outcome == "eligible" else judgement.found[:1]
    for found in shown:
        lines.append(_line(judgement.policy, obtained, found, judgement.outcome))
        if judgement.outcome == "eligible":
            trace.append(_step(judgement.policy, found))
            trace += _condition_steps(judgement.policy, claim, found)
            if found.amount_yuan is not None:
                payables.append(
                    Payable(
                        policy=judgement.policy,
                        clause=found.provision.clause,
                        award=found.award,
                        claim=claim,
                        quantity=found.quantity,
                        unit_yuan=found.unit_yuan,
                        amount_yuan=found.amount_yuan,
                    )
                )


def _line(policy: str, obtained: str | None, found: Found, outcome: str) -> Line:
    eligible = outcome == "eligible"
    reasons = list(found.reasons)
    if eligible and isinstance(found.award.amount, NoFigure):
        reasons.append("条款没有写明金额")
    return Line(
        award=found.award.name,
        level=found.award.level,
        policy=policy,
        obtained_on=obtained,
        clause=found.provision.clause,
        quantity=found.quantity,
        unit_yuan=found.unit_yuan if eligible else None,
        amount_yuan=found.amount_yuan if eligible else 0 if outcome == "not_eligible" else None,
        outcome="eligible" if eligible else "not_eligible" if outcome == "not_eligible" else "undetermined",
        reasons=reasons,
    )


def _step(policy: str, found: Found) -> TraceStep:
    times = f" × {found.quantity}" if found.quantity > 1 else ""
    level = f"（{found.award.level}）" if found.award.level else ""
    return TraceStep(
        step=f"对应奖项：{found.award.name}{level}{times}",
        clause=found.provision.clause,
        quote=found.provision.quote,
        amount_yuan=found.amount_yuan,
        policy=policy,
    )


def _condition_steps(policy: str, claim: Claim, found: Found) -> list[TraceStep]:
    """The conditions that were examined and hold."""
    award, met = found.award, list[str]()
    if award.rank and claim.rank:
        met.append(f"起草排名{claim.rank.label}，符合“{award.rank.text}”")
    if award.result and claim.result:
        met.append(f"结果为“{claim.result}”，符合要求")
    if award.times and claim.times:
        met.append(f"通过 {claim.times} 次，符合连续 {award.times} 次的要求")
    provision = found.provision
    return [
        TraceStep(step=f"条件：{text}", clause=provision.clause, quote=provision.quote, policy=policy) for text in met
    ]


def _level_of(book: RuleBook, claim: Claim) -> str | None:
    labels = [book.vocabulary.label(facet, value) for facet, value in claim.facets.items()]
    return "·".join(labels) or None


def _why_not_in(book: RuleBook, ruling: Ruling) -> str:
    if ruling.governing is None:
        return (
            "所在地和取得日期都没有适用的奖励文件"
            if not ruling.applicability.place_covered
            else "取得日期不在文件施行期间"
        )
    name = book.policies[ruling.governing.policy].name
    others = [
        book.policies[policy].name
        for policy in versions_with(book, None, ruling.claim.concept)
        if policy != ruling.governing.policy
        and ruling.governing.territory.place.may_be(book.policies[policy].territories[0].place)
    ]
    also = f"；{others[0]}列有这一类奖项，但不适用于这次取得的日期" if others else ""
    return f"{name}没有列入这一奖项{also}"


def _outcome(
    rulings: list[Ruling], payables: list[Payable], reduced: Reduced, missing: bool
) -> tuple[AssessmentOutcome, int | None]:
    if missing:
        return "undetermined", None
    if reduced.depends:
        return "depends", None
    if all(ruling.governing is None for ruling in rulings):
        return "not_payable", None
    total = sum(p.amount_yuan for p in payables) + sum(a.amount_yuan for a in reduced.adjustments)
    if total == 0:
        without_figure = any(
            r.judgement and r.judgement.outcome == "eligible" and r.judgement.amount_yuan is None for r in rulings
        )
        return "not_payable", None if without_figure else 0
    reference = any(r.governing and r.governing.effect == "reference" for r in rulings if r.judgement)
    return ("reference_only" if reference else "payable"), total


def _policy_of(rulings: list[Ruling], applicant: Applicant, book: RuleBook) -> str | None:
    """The one policy that applies; for a place that has a plan only, the plan."""
    named = {ruling.governing.policy for ruling in rulings if ruling.governing}
    if named or applicant.place is None or applicant.place.city is None:
        return _one(named)
    if any(ruling.applicability.place_covered for ruling in rulings):
        return None
    place = applicant.place
    return _one({p.policy for p in book.policies.values() if any(t.place.covers(place) for t in p.territories)})


def _assumptions(book: RuleBook, applicant: Applicant, payables: list[Payable]) -> list[str]:
    found = [ASSUME_DATE] if payables else []
    for line in payables:
        award, claim = line.award, line.claim
        if award.rank and award.rank.presumed and claim.rank is None:
            found.append(f"{line.name}：申报主体是{award.rank.text}。")
        if award.result and award.result.presumed and claim.result is None:
            found.append(f"{line.name}：{award.result.value}。")
        level = award.facets.get("level")
        if level is not None and "level" not in claim.facets and _only_level(book, line):
            label = book.vocabulary.label("level", level)
            found.append(f"{line.name}：没有说明级别，按文件列出的{label}计算；其他级别没有列入。")
    capped = {p.award.cap for p in payables if p.award.cap}
    if capped - set(applicant.received_yuan):
        found.append(ASSUME_NOT_RECEIVED)
    return found


def _only_level(book: RuleBook, line: Payable) -> bool:
    """Whether the policy lists one level only of what was claimed."""
    awards = [award for _, award in book.policies[line.policy].by_concept.get(line.claim.concept, ())]
    others = {f: v for f, v in line.award.facets.items() if f != "level"}
    alike = [a for a in awards if all(compatible(a.facets.get(f), v) for f, v in others.items())]
    return len({award.facets.get("level") for award in alike}) == 1


def _merge(facts: Iterable[MissingFact]) -> list[MissingFact]:
    merged: list[MissingFact] = []
    for fact in facts:
        if fact not in merged:
            merged.append(fact)
    order = {"place": 0, "facet": 1, "rank": 1, "result": 1, "times": 1, "beneficiary": 1, "cost": 1, "date": 2}
    return sorted(merged, key=lambda fact: order.get(fact.kind, 1))


def _one(values: set[str | None] | set[str]) -> str | None:
    """The only value of a set; None when there are several or none."""
    return next(iter(values)) if len(values) == 1 else None
