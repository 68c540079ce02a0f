"""What no case exercises: awards, conditions, clauses, indicators, responsibilities, policies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import get_args

from evals.matching import clauses_at
from evals.model import Case, CaseError, LookupGold, ProfileCase, RetrievalCase
from evals.profile_cases import claims_of
from knowledge.facts import load_facts
from knowledge.library import load_policies
from knowledge.model import Policy
from rules.assessment import Applicant, Claim
from rules.calculator import Result, assess
from rules.loader import RuleBook, load_rules
from rules.model import ApplicantType, Award, PolicyRules, Provision

_CONDITIONS = ("rank", "result", "times", "further", "cap")
_TITLES = {
    "rank": "起草排名", "result": "考核结果", "times": "连续次数", "further": "后续每张", "cap": "限额",
    "on_approval": "立项即奖", "beneficiary": "奖励对象",
}  # fmt: skip

Profile = tuple[Applicant, list[Claim]]


def gaps(cases: Sequence[Case], book: RuleBook | None = None) -> dict[str, list[str]]:
    """What no case exercises, by kind; empty lists where nothing is missing.

    Args:
        cases: The gold cases.
        book: The rules; the shipped ones when None.

    Raises:
        CaseError: a case of the table uses a word that the vocabulary has not; names file and line.
    """
    book = book or load_rules()
    texts, facts = load_policies(), load_facts()
    profiles = list(_profiles(book, cases))
    named, asked = _named_clauses(cases, texts), _asked(cases)
    return {
        "政策文件": [policy for policy in texts if not any(policy in case.policies for case in cases)],
        "奖项（测算表）": _unpaid(book, profiles),
        "条件（测算表）": _idle_conditions(book, profiles),
        "条款": [
            f"{policy.meta.id}:{clause.path}"
            for policy in texts.values()
            for clause in policy.clauses
            if _says_something(policy, clause.path) and (policy.meta.id, clause.path) not in named
        ],
        "指标": _idle(asked, {p: [(i.id, i.name, *i.aliases) for i in found] for p, found in facts.indicators.items()}),
        "责任部门": _idle(
            asked, {p: [(r.id, r.task, *r.aliases) for r in found] for p, found in facts.responsibilities.items()}
        ),
    }


def _profiles(book: RuleBook, cases: Iterable[Case]) -> Iterator[Profile]:
    for case in cases:
        if isinstance(case.form, ProfileCase):
            try:
                yield claims_of(book, case.form)
            except CaseError as error:
                raise CaseError(f"{case.source}: {error}") from error


def _named_clauses(cases: Iterable[Case], texts: dict[str, Policy]) -> set[tuple[str, str]]:
    named: set[tuple[str, str]] = set()
    for case in cases:
        for wanted in case.clauses:
            policy, _, path = wanted.partition(":")
            if policy in texts:
                named |= {(policy, clause.path) for clause in clauses_at(texts[policy], path)}
    return named


def _says_something(policy: Policy, path: str) -> bool:
    """Whether a clause is more than a heading with sub-clauses."""
    clause = policy.clause(path)
    own = policy.text_of(clause).strip()
    return len(own) > len(clause.heading) + 12 or not any(c.path.startswith(path + "/") for c in policy.clauses)


def _unpaid(book: RuleBook, profiles: Sequence[Profile]) -> list[str]:
    """Awards that no case of the table pays."""
    paid: set[str] = set()
    for applicant, claims in profiles:
        for ruling in assess(book, applicant, claims).rulings:
            if ruling.judgement and ruling.judgement.outcome == "eligible":
                paid |= {found.award.id for found in ruling.judgement.found}
    return [award.id for rules in book.policies.values() for _, award in rules.awards() if award.id not in paid]


def _idle_conditions(book: RuleBook, profiles: Sequence[Profile]) -> list[str]:
    """Conditions without which every case of the table would end the same."""
    by_concept: dict[str, list[Profile]] = defaultdict(list)
    for profile in profiles:
        for concept in {claim.concept for claim in profile[1]}:
            by_concept[concept].append(profile)
    results = {id(profile): _ending(assess(book, *profile)) for profile in profiles}
    idle: list[str] = []
    for rules in book.policies.values():
        numbered = [
            (at, provision, award) for at, provision in enumerate(rules.provisions) for award in provision.awards
        ]
        for at, provision, award in numbered:
            own = [p for concept in (award.concept, *award.includes) for p in by_concept[concept]]
            for name, changed in _without_each(provision, award):
                other = _with_provision(book, rules, at, changed)
                if all(_ending(assess(other, *profile)) == results[id(profile)] for profile in own):
                    idle.append(f"{award.id}：{_TITLES[name]}")
    return idle


def _without_each(provision: Provision, award: Award) -> Iterator[tuple[str, Provision]]:
    """The provision with one condition of one award lifted, for each that it has."""
    for name in _CONDITIONS:
        if getattr(award, name) is not None:
            yield name, _with_award(provision, award.model_copy(update={name: None}))
    if award.on_approval:
        yield "on_approval", _with_award(provision, award.model_copy(update={"on_approval": False}))
    everybody: tuple[ApplicantType, ...] = get_args(ApplicantType)
    yield "beneficiary", provision.model_copy(update={"beneficiary": everybody})


def _with_award(provision: Provision, changed: Award) -> Provision:
    awards = tuple(changed if award.id == changed.id else award for award in provision.awards)
    return provision.model_copy(update={"awards": awards})


def _with_provision(book: RuleBook, rules: PolicyRules, at: int, changed: Provision) -> RuleBook:
    provisions = (*rules.provisions[:at], changed, *rules.provisions[at + 1 :])
    other = rules.model_copy(update={"provisions": provisions})
    return replace(book, policies={**book.policies, rules.policy: other})


def _ending(result: Result) -> tuple[object, ...]:
    found = result.assessment
    lines = tuple((line.outcome, line.amount_yuan) for line in found.lines)
    return found.outcome, found.total_yuan, lines, tuple((fact.kind, fact.facet) for fact in result.missing)


def _asked(cases: Sequence[Case]) -> dict[str, list[str]]:
    """What the cases about each policy say."""
    asked: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        for policy in {clause.partition(":")[0] for clause in case.clauses}:
            asked[policy].append(_words(case))
    return asked


def _idle(asked: dict[str, list[str]], facts: dict[str, list[tuple[str, ...]]]) -> list[str]:
    """Facts, each an id with its names, of which no case about their policy speaks."""
    return [
        f"{policy}：{identity}"
        for policy, found in facts.items()
        for identity, *names in found
        if not any(name in words for words in asked[policy] for name in names)
    ]


def _words(case: Case) -> str:
    """Everything that a case says: questions, and the words that an answer must have."""
    said = [case.question]
    if isinstance(case.form, RetrievalCase):
        said.append("".join(case.form.quote.split()))
    for turn in case.turns:
        if isinstance(turn.expected, LookupGold):
            said += [one if isinstance(one, str) else " ".join(one) for one in turn.expected.must_contain]
    return " ".join(said)
