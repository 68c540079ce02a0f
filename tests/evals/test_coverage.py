"""What no case exercises: nothing of the rules is idle, and what a case exercises is missed without it."""

from __future__ import annotations

import pytest
from eval_examples import case_of, shipped_cases

from evals.coverage import gaps
from evals.model import Case, CaseError, ProfileCase
from knowledge.facts import load_facts
from knowledge.library import load_policies
from rules.loader import load_rules

KINDS = ("政策文件", "奖项（测算表）", "条件（测算表）", "条款", "指标", "责任部门")
BOOK = load_rules()
NOTHING = gaps([])


@pytest.fixture
def profile(tmp_path):
    def make(name: str, claim: dict[str, object], kind: str = "企业") -> Case:
        fields = {
            "why": "x",
            "applicant": {"place": "台州市椒江区", "type": kind},
            "claims": [{"obtained": "2022-06-01", **claim}],
            "expect": {"outcome": "payable", "total": 1},
        }
        return case_of(tmp_path, "profiles", id=name, **fields)

    return make


@pytest.fixture
def look_up(tmp_path):
    def make(clause: str, question: str = "x？", **fields: object) -> Case:
        return case_of(tmp_path, "qa_lookup", id="L", question=question, clause=clause, must_contain=["x"], **fields)

    return make


def exercised(*cases: Case, beside: tuple[Case, ...] = ()) -> dict[str, set[str]]:
    """What is idle without some cases and not idle with them; kinds with nothing left out."""
    without, within = gaps(beside), gaps([*beside, *cases])
    assert all(set(within[kind]) <= set(without[kind]) for kind in KINDS)
    found = {kind: set(without[kind]) - set(within[kind]) for kind in KINDS}
    return {kind: missed for kind, missed in found.items() if missed}


# ------------------------------------------------------------------ what is shipped
def test_the_shipped_cases_leave_no_award_condition_or_policy_idle():
    found = gaps(shipped_cases())
    assert tuple(found) == KINDS
    assert (found["奖项（测算表）"], found["条件（测算表）"], found["政策文件"]) == ([], [], [])


@pytest.mark.parametrize("honour", ["药品注册证书", "标准化试点（示范）项目", "政府质量奖"])
def test_without_the_cases_of_an_honour_exactly_its_awards_are_idle(honour):
    concept = next(key for key, entry in BOOK.vocabulary.concepts.items() if entry.label == honour)
    awards = {
        award.id
        for rules in BOOK.policies.values()
        for _, award in rules.awards()
        if concept in (award.concept, *award.includes)
    }
    kept = [case for case in shipped_cases() if honour not in honours(case)]
    found = gaps(kept)
    assert len(awards) >= 2
    assert set(found["奖项（测算表）"]) == awards
    assert {condition.partition("：")[0] for condition in found["条件（测算表）"]} == awards
    assert found["政策文件"] == []


def honours(case: Case) -> set[str]:
    return {claim.honour for claim in case.form.claims} if isinstance(case.form, ProfileCase) else set()


# ------------------------------------------------------------------ with nothing, and with one
def test_without_cases_everything_is_idle():
    assert NOTHING["政策文件"] == list(load_policies())
    assert set(NOTHING["奖项（测算表）"]) == {a.id for rules in BOOK.policies.values() for _, a in rules.awards()}
    assert {one.partition("：")[0] for one in NOTHING["条件（测算表）"]} == set(NOTHING["奖项（测算表）"])
    facts = load_facts()
    assert len(NOTHING["指标"]) == sum(map(len, facts.indicators.values()))
    assert len(NOTHING["责任部门"]) == sum(map(len, facts.responsibilities.values()))
    assert len(NOTHING["条款"]) >= 100


def test_an_award_is_exercised_by_the_case_that_is_paid_it(profile):
    case = profile("paid", {"honour": "政府质量奖", "kind": ["国家级", "提名奖"]})
    assert exercised(case) == {"奖项（测算表）": {"tz21-china-quality-nomination"}}


def test_an_award_is_not_exercised_by_a_case_that_is_not_paid_it(profile):
    refused = profile("refused", {"honour": "政府质量奖", "kind": ["国家级", "提名奖"]}, kind="个人")
    # Who may receive is said once for both awards of the sentence.
    awards = ("tz21-china-quality-award", "tz21-china-quality-nomination")
    assert exercised(refused) == {"条件（测算表）": {f"{award}：奖励对象" for award in awards}}


def test_a_condition_is_exercised_by_the_case_that_fails_it(profile):
    claim = {"honour": "制定标准", "kind": ["国家标准"]}
    first, second = profile("first", {**claim, "rank": 1}), profile("ninth", {**claim, "rank": 9})
    (award,) = exercised(first)["奖项（测算表）"]
    assert exercised(second, beside=(first,)) == {"条件（测算表）": {f"{award}：起草排名"}}


def test_a_clause_is_exercised_by_the_case_that_names_it(look_up):
    assert exercised(look_up("taizhou-2021:五")) == {"政策文件": {"taizhou-2021"}, "条款": {"taizhou-2021:五"}}


def test_a_clause_is_exercised_with_its_sub_clauses(look_up):
    # A heading with nothing of its own is no clause that could be missed.
    assert "taizhou-2021:三/（一）" not in NOTHING["条款"]
    named = {"taizhou-2021:三/（一）/1", "taizhou-2021:三/（一）/2"}
    assert exercised(look_up("taizhou-2021:三/（一）"))["条款"] == named


def test_a_clause_is_not_exercised_by_a_case_about_another_policy(look_up):
    older = look_up("taizhou-2017:六")
    assert exercised(older) == {"政策文件": {"taizhou-2017"}, "条款": {"taizhou-2017:六"}}


@pytest.mark.parametrize(("kind", "field"), [("指标", "name"), ("责任部门", "task")])
def test_a_fact_is_exercised_by_the_case_that_speaks_of_it(look_up, kind, field):
    facts = load_facts()
    own = (facts.indicators if kind == "指标" else facts.responsibilities)["zhoushan-2023"]
    fact = own[0]
    for name in (getattr(fact, field), *fact.aliases):
        missed = exercised(look_up(f"zhoushan-2023:{fact.clause}", f"{name}怎么样？"))
        assert f"zhoushan-2023：{fact.id}" in missed[kind], name
        assert len(missed[kind]) <= 3
    # The same words in a case about another text exercise nothing.
    assert kind not in exercised(look_up("changle-2020:一/（一）", f"{fact.aliases[0]}怎么样？"))


def test_a_query_exercises_what_it_names(tmp_path):
    query = case_of(tmp_path, "qa_retrieval", id="R", question="x", clause="taizhou-2021:五", quote="有效期")
    assert exercised(query)["条款"] == {"taizhou-2021:五"}


def test_a_word_that_is_not_in_the_vocabulary_is_named_with_file_and_line(profile):
    with pytest.raises(CaseError) as caught:
        gaps([profile("typo", {"honour": "政府质量将"})])
    assert "profiles.yaml:1: " in str(caught.value)
    assert "政府质量将" in str(caught.value)
