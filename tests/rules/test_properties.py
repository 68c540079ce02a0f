"""What holds for every profile, whatever it claims."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.assessment import Applicant, Claim, RankRange
from rules.calculator import assess
from rules.loader import load_rules
from rules.model import Period

BOOK = load_rules()
PLACES = [BOOK.gazetteer.places(name)[0] for name in ("黄岩", "温岭", "三门", "长乐", "鼓楼", "台州湾新区", "杭州")]
AWARDS = [award for rules in BOOK.policies.values() for _, award in rules.awards()]
DAYS = st.dates(date(2017, 1, 1), date(2024, 12, 31))

claims = st.builds(
    lambda award, day, quantity, rank, result, times, cost, project, filed: Claim(
        concept=award.concept,
        facets=award.facets,
        obtained=Period.day(day),
        quantity=quantity,
        rank=RankRange(first=rank, last=rank) if rank else None,
        result=result,
        times=times,
        cost_yuan=cost,
        project=project,
        filed=filed if project else None,
    ),
    award=st.sampled_from(AWARDS),
    day=DAYS,
    quantity=st.one_of(st.none(), st.integers(1, 12)),
    rank=st.one_of(st.none(), st.integers(1, 6)),
    result=st.sampled_from([None, "优秀", "合格", "被国家采纳"]),
    times=st.one_of(st.none(), st.integers(1, 4)),
    cost=st.one_of(st.none(), st.decimals(0, 5_000_000, places=2)),
    project=st.sampled_from([None, None, "甲", "乙"]),
    filed=st.sampled_from([None, 1, 2]),
)
applicants = st.builds(
    Applicant,
    place=st.sampled_from(PLACES),
    type=st.sampled_from([None, "enterprise", "organisation", "association", "park", "individual", "laboratory"]),
    received_yuan=st.fixed_dictionaries({}, optional={"pinzibiao": st.integers(0, 600_000)}),
)
many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(applicants, st.lists(claims, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_matter(applicant: Applicant, profile: list[Claim], random) -> None:
    shuffled = list(profile)
    random.shuffle(shuffled)
    one, other = assess(BOOK, applicant, profile).assessment, assess(BOOK, applicant, shuffled).assessment
    if not _filed_twice(profile):
        assert (one.outcome, one.total_yuan) == (other.outcome, other.total_yuan)


@many
@given(applicants, st.lists(claims, min_size=1, max_size=5))
def test_lines_and_adjustments_make_the_total_in_whole_yuan(applicant: Applicant, profile: list[Claim]) -> None:
    found = assess(BOOK, applicant, profile).assessment
    if found.total_yuan is None:
        return
    gross = sum(line.amount_yuan or 0 for line in found.lines)
    assert found.total_yuan == gross + sum(a.amount_yuan for a in found.adjustments)
    assert 0 <= found.total_yuan <= gross, "non-duplication never pays more than the sum, nor less than nothing"
    for line in found.lines:
        assert line.amount_yuan is None or isinstance(line.amount_yuan, int)
        if line.unit_yuan and line.outcome == "eligible":
            assert line.unit_yuan * line.quantity == line.amount_yuan


@many
@given(applicants, st.lists(claims, min_size=1, max_size=6))
def test_caps_are_never_exceeded(applicant: Applicant, profile: list[Claim]) -> None:
    found = assess(BOOK, applicant, profile).assessment
    if found.total_yuan is None:
        return
    for policy, rules in BOOK.policies.items():
        for cap in rules.caps:
            names = {a.name for _, a in rules.awards() if a.cap == cap.id}
            lines = [line for line in found.lines if line.policy == policy and line.award in names]
            others = [line for line in found.lines if line not in lines]
            if cap.per == "lifetime" and not any(line.amount_yuan for line in others):
                room = max(cap.yuan - applicant.received_yuan.get(cap.id, 0), 0)
                assert found.total_yuan <= room


@many
@given(applicants, claims, st.integers(1, 10), st.integers(1, 10))
def test_more_units_never_pay_less(applicant: Applicant, claim: Claim, fewer: int, more: int) -> None:
    fewer, more = sorted((fewer, more))
    totals = [
        assess(BOOK, applicant, [claim.model_copy(update={"quantity": quantity})]).assessment.total_yuan
        for quantity in (fewer, more)
    ]
    assert (totals[0] is None) == (totals[1] is None)
    assert totals[0] is None or totals[1] is None or totals[0] <= totals[1]


@many
@given(applicants, st.lists(claims, min_size=1, max_size=4))
def test_the_same_input_gives_the_same_assessment(applicant: Applicant, profile: list[Claim]) -> None:
    assert assess(BOOK, applicant, profile) == assess(BOOK, applicant, list(profile))


@many
@given(applicants, st.lists(claims, min_size=1, max_size=5))
def test_a_missing_fact_is_asked_for_or_the_result_is_determined(applicant: Applicant, profile: list[Claim]) -> None:
    result = assess(BOOK, applicant, profile)
    assert (result.assessment.outcome == "undetermined") == bool(result.missing)


def _filed_twice(profile: list[Claim]) -> bool:
    """Two claims of one project both filed first: contradictory, the first listed counts."""
    firsts = [claim.project for claim in profile if claim.project and claim.filed == 1]
    return len(firsts) != len(set(firsts))
