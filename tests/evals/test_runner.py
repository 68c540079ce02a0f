"""A run over an assistant that answers by a script: nothing is lost, and everything is counted once."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from eval_examples import Scripted, answer, assessment, case_of, cite, hit

from evals import runner
from evals.model import Case
from evals.results import CaseResult, RunResult, confusion, rows
from evals.runner import TODAY, Subject, run
from rules.loader import load_rules

RIGHT = answer()
WRONG = answer("给予奖励。")
REFUSAL = answer("没有收录。", "refusal", citations=[])


@pytest.fixture
def look_up(tmp_path):
    def make(name: str, **fields: Any) -> Case:
        plain = {"question": f"{name}？", "clause": "taizhou-2021:三/（一）/1", "must_contain": ["100万"]}
        return case_of(tmp_path, "qa_lookup", id=name, **(plain | fields))

    return make


@pytest.fixture
def dialogue(tmp_path):
    def make(name: str, *turns: dict[str, Any], **fields: Any) -> Case:
        asked = [{"question": f"{name}{number}？", "expected": gold} for number, gold in enumerate(turns, 1)]
        return case_of(tmp_path, "qa_multiturn", id=name, turns=asked, **fields)

    return make


@pytest.fixture
def query(tmp_path):
    return lambda name, **fields: case_of(tmp_path, "qa_retrieval", id=name, question=f"{name}？", **fields)


@pytest.fixture
def profile(tmp_path):
    def make(name: str, honour: str = "政府质量奖", total: int = 1_000_000, **fields: Any) -> Case:
        return case_of(
            tmp_path,
            "profiles",
            id=name,
            why="x",
            applicant={"place": "台州市椒江区", "type": "企业"},
            claims=[{"honour": honour, "kind": ["省级"], "obtained": "2022-06-01"}],
            expect={"outcome": "payable", "total": total},
            **fields,
        )

    return make


def carried_out(assistant: Any, *cases: Case, workers: int = 2) -> RunResult:
    return run(Subject(assistant, load_rules()), cases, workers=workers)


def values(result: CaseResult) -> dict[str, bool]:
    return {f"{one.turn}/{one.name}": one.value for one in result.measures}


def by_id(result: RunResult) -> dict[str, CaseResult]:
    return {case.id: case for case in result.cases}


# ------------------------------------------------------------------ counting
def test_what_is_right_and_what_is_wrong(look_up):
    assistant = Scripted({"A？": RIGHT, "B？": WRONG})
    found = by_id(carried_out(assistant, look_up("A"), look_up("B")))
    assert found["A"].wrong == []
    assert found["A"].evidence == []
    (fault,) = found["B"].wrong
    assert (fault.name, fault.turn, fault.reason) == ("facts", 1, "没有说到 ['100万']")
    (shown,) = found["B"].evidence
    assert (shown.question, shown.kind, shown.text) == ("B？", "lookup", "给予奖励。")
    assert shown.citations == [f"taizhou-2021:三/（一）/1 {cite().quote}"]
    assert "100万" in shown.wanted
    assert len(found["B"].elapsed_ms) == 1


def test_sources_of_figures_and_quotations_are_measured_in_every_answer(look_up, query, dialogue):
    loose = answer("给予 77 万元。")
    assistant = Scripted({}, otherwise=lambda: loose)
    turn = {"type": "refuse", "expected": "smalltalk"}
    result = carried_out(assistant, look_up("A"), query("Q"), dialogue("M", turn, turn))
    assert [len([one for one in case.wrong if one.name == "figures backed"]) for case in result.cases] == [1, 1, 2]
    assert all("quotations verbatim" in {one.name for one in case.measures} for case in result.cases)


@pytest.mark.parametrize("workers", [1, 4])
def test_results_stand_in_the_order_of_the_cases(look_up, workers):
    cases = [look_up(name) for name in "DBECA"]

    class Slow(Scripted):
        def ask(self, text: str, *args: Any) -> Any:
            time.sleep(0.05 if text == "D？" else 0)
            return super().ask(text, *args)

    result = carried_out(Slow({"E？": ValueError("x")}), *cases, workers=workers)
    assert [case.id for case in result.cases] == list("DBECA")
    assert [case.source for case in result.cases] == [case.source for case in cases]


def test_no_cases_are_a_run_of_none():
    result = carried_out(Scripted({}))
    assert (result.cases, result.stability, result.stability_asked) == ([], [], 0)


def test_relative_dates_are_counted_from_one_day(look_up, query):
    assistant = Scripted({})
    carried_out(assistant, look_up("A"), query("Q"))
    assert assistant.days == {TODAY}


def test_a_case_may_say_what_day_it_is(look_up, dialogue):
    assistant, turn = Scripted({}), {"type": "refuse", "expected": "smalltalk"}
    carried_out(assistant, look_up("A", today="2021-03-01"), dialogue("M", turn, turn, today="2022-04-05"))
    assert assistant.days == {date(2021, 3, 1), date(2022, 4, 5)}


def test_other_applicants_and_the_time_before_are_calculated_beside_a_line(profile):
    others = {"paid": ["组织"], "not_paid": ["个人"]}
    right = {"name": "浙江省政府质量奖", "others": others, "not_yet": "not_paid"}
    awards = {
        "A": right,
        "B": {**right, "name": "质量管理创新奖"},
        "C": {**right, "others": {"paid": ["个人"]}},
        "D": {**right, "not_yet": "paid"},
    }
    result = carried_out(Scripted({}), *(profile(name, award=award) for name, award in awards.items()))
    assert {case.id: {one.name for one in case.wrong} for case in result.cases} == {
        "A": set(), "B": {"award named"}, "C": {"beneficiary"}, "D": {"not yet"},
    }  # fmt: skip


# ------------------------------------------------------------------ what breaks
def test_a_case_that_breaks_off_does_not_lose_the_others(look_up, dialogue):
    turn = {"type": "answer", "clause": "taizhou-2021:三/（一）/1", "must_contain": ["100万"]}
    assistant = Scripted({"B？": RuntimeError("索引坏了"), "M2？": KeyError("x")})
    result = carried_out(assistant, look_up("A"), look_up("B"), dialogue("M", turn, turn), look_up("C"))
    found = by_id(result)
    assert [found[name].wrong for name in "AC"] == [[], []]
    for name, said in (("B", "索引坏了"), ("M", "x")):
        (only,) = found[name].measures
        assert (only.name, only.value) == ("answered", False)
        assert said in only.reason
    sums = {(row.group, row.measure): row.value for row in rows(result.cases)}
    assert (sums["lookup", "facts"], sums["lookup", "answered"]) == (1, 0)
    assert sums["multiturn", "whole dialogue"] == 0


def test_a_case_that_cannot_be_judged_does_not_lose_the_others(look_up, monkeypatch):
    examine = runner.examine

    def fail(case: Case, output: Any) -> Any:
        if case.id == "B":
            raise ValueError("不能评判")
        return examine(case, output)

    monkeypatch.setattr(runner, "examine", fail)
    found = by_id(carried_out(Scripted({}), look_up("A"), look_up("B")))
    assert found["A"].wrong == []
    (only,) = found["B"].wrong
    assert only.name == "measured"
    assert "不能评判" in only.reason


# ------------------------------------------------------------------ dialogues
ANSWER = {"type": "answer", "clause": "taizhou-2021:三/（一）/1", "must_contain": ["100万"]}
ASK = {"type": "clarify", "clarify_any_of": [["哪里"]]}


def test_each_turn_of_a_dialogue_is_measured(dialogue):
    asked = answer("请问在哪里？", "clarification", questions=["在哪里？"])
    result = carried_out(
        Scripted({"M1？": asked, "M2？": WRONG, "M3？": REFUSAL}), dialogue("M", ASK, ANSWER, {"type": "refuse"})
    )
    (case,) = result.cases
    found = values(case)
    assert {name: found[name] for name in ("1/asks back", "1/turn", "2/facts", "2/turn", "3/refuse", "3/turn")} == {
        "1/asks back": True, "1/turn": True, "2/facts": False, "2/turn": False, "3/refuse": True, "3/turn": True,
    }  # fmt: skip
    assert case.deeds == [("ask", "ask"), ("answer", "answer"), ("refuse", "refuse")]
    assert [one.question for one in case.evidence] == ["M1？", "M2？", "M3？"]
    sums = {row.measure: row.value for row in rows(result.cases)}
    assert (round(sums["turn"], 3), sums["whole dialogue"]) == (0.667, 0)


def test_a_dialogue_is_one_conversation_and_another_is_not(dialogue, look_up):
    assistant = Scripted({})
    carried_out(assistant, dialogue("M", ANSWER, ANSWER), look_up("A"))
    first, second = assistant.conversations["M1？"][0], assistant.conversations["M2？"][0]
    assert first is second
    assert first is not None
    assert assistant.conversations["A？"][0] is not first


def test_what_was_said_in_an_earlier_turn_backs_a_figure_of_a_later_one(tmp_path):
    turns = [{"question": "听说是 77 万元？", "expected": ANSWER}, {"question": "对吗？", "expected": ANSWER}]
    case = case_of(tmp_path, "qa_multiturn", id="M", turns=turns)
    given = answer("不是 77 万元，是 100 万元。")
    assert carried_out(Scripted({}, otherwise=lambda: given), case).cases[0].wrong == []
    turned = case_of(tmp_path, "qa_multiturn", id="M", turns=turns[::-1])
    (fault,) = carried_out(Scripted({}, otherwise=lambda: given), turned).cases[0].wrong
    assert (fault.name, fault.turn) == ("figures backed", 1)


def test_an_amount_is_measured_in_a_turn(dialogue):
    gold = {"type": "eligibility", "outcome": "payable", "total_yuan": 1_000_000}
    right = answer(kind="eligibility", assessment=assessment())
    (case,) = carried_out(Scripted({"M1？": right, "M2？": RIGHT}), dialogue("M", gold, gold)).cases
    assert (values(case)["1/amount"], values(case)["2/amount"]) == (True, False)


# ------------------------------------------------------------------ queries and the table
def test_a_query_is_scored_by_what_is_found(query):
    hits = [hit("taizhou-2021", "二"), hit("taizhou-2021", "五")]
    cases = query("Q", clause="taizhou-2021:五"), query("R", clause="taizhou-2021:二")
    assistant = Scripted({}, found={"Q？": hits, "R？": hits})
    found = by_id(carried_out(assistant, *cases))
    assert (found["Q"].scores["mrr"], found["Q"].scores["recall@1"], found["Q"].scores["recall@5"]) == (0.5, 0, 1)
    assert set(found["R"].scores.values()) == {1.0}
    assert found["Q"].evidence[0].citations == ["taizhou-2021:二", "taizhou-2021:五"]
    assert found["R"].evidence == []
    assert found["Q"].deeds == [("answer", "answer")]


@pytest.mark.parametrize(
    ("given", "right"),
    [
        (REFUSAL, True), (answer("哪里？", "clarification", questions=["哪里？"]), True), (answer("不对。", "correction"), True),
        (RIGHT, False), (answer(kind="eligibility", assessment=assessment()), False),
    ],
)  # fmt: skip
def test_a_query_that_nothing_answers_is_to_be_refused(query, given, right):
    (case,) = carried_out(Scripted({"Q？": given}), query("Q", why="没有收录")).cases
    assert values(case)["1/refuse"] is right
    assert case.scores == {}
    assert case.deeds[0][0] == "refuse"


def test_the_table_asks_the_calculator_and_nobody_else(profile):
    assistant = Scripted({}, otherwise=lambda: pytest.fail("asked"))
    found = by_id(carried_out(assistant, profile("right"), profile("wrong", total=1)))
    assert found["right"].wrong == []
    (fault,) = found["wrong"].wrong
    assert (fault.name, fault.reason) == ("amount", "1000000，应为 1")
    assert found["wrong"].deeds == []
    assert "1000000" in found["wrong"].evidence[0].text


def test_a_word_that_the_vocabulary_has_not_is_told_with_the_case(profile):
    found = by_id(carried_out(Scripted({}), profile("good"), profile("typo", honour="政府质量将")))
    assert found["good"].wrong == []
    (fault,) = found["typo"].wrong
    assert fault.name == "answered"
    assert "题 typo" in fault.reason
    assert "政府质量将" in fault.reason


def test_what_was_wanted_and_done_is_counted(look_up, tmp_path):
    refuse = case_of(tmp_path, "qa_refuse", id="R", question="R？", expected="refuse")
    result = carried_out(Scripted({"A？": REFUSAL}), look_up("A"), look_up("B"), refuse)
    assert confusion(result.cases) == {("answer", "refuse"): 1, ("answer", "answer"): 1, ("refuse", "answer"): 1}


# ------------------------------------------------------------------ held out
def test_what_a_held_out_case_was_answered_is_kept_nowhere(look_up):
    result = carried_out(Scripted({}, otherwise=lambda: WRONG), look_up("A"), look_up("H", held_out=True))
    found = by_id(result)
    assert [len(found[name].wrong) for name in "AH"] == [1, 1]
    assert [len(found[name].evidence) for name in "AH"] == [1, 0]
    assert [[case.id for case in result.part(held_out)] for held_out in (False, True)] == [["A"], ["H"]]


def test_a_held_out_case_is_not_asked_again(look_up):
    assistant = Scripted({})
    result = carried_out(assistant, look_up("A"), look_up("H", held_out=True))
    assert result.stability_asked == 1
    assert [len(assistant.conversations[name]) for name in ("A？", "H？")] == [11, 1]


# ------------------------------------------------------------------ stability
@pytest.mark.parametrize(
    "others",
    [[WRONG, RIGHT, WRONG], [RIGHT.model_copy(update={"citations": []}), RIGHT], [ValueError("now and then"), RIGHT]],
)
def test_an_answer_that_is_not_the_same_each_time_is_noticed(look_up, others):
    assistant = Scripted({"A？": [RIGHT, *others]})
    result = carried_out(assistant, look_up("A"), look_up("B"))
    assert (result.stability, result.stability_asked) == (["A"], 2)


def test_only_the_time_that_it_took_may_differ(look_up):
    times = [RIGHT.model_copy(update={"elapsed_ms": float(number)}) for number in range(20)]
    assert carried_out(Scripted({"A？": times}), look_up("A")).stability == []


def test_a_dialogue_is_asked_again_as_a_whole(dialogue):
    assistant = Scripted({"M2？": [RIGHT, WRONG, RIGHT]})
    result = carried_out(assistant, dialogue("M", ANSWER, ANSWER))
    assert result.stability == ["M"]
    assert len(assistant.conversations["M1？"]) == 11


def test_the_sample_that_is_asked_again_is_always_the_same(look_up):
    cases = [look_up(f"A{number}") for number in range(40)]
    asked = []
    for order in (cases, cases):
        assistant = Scripted({})
        assert carried_out(assistant, *order).stability_asked == 24
        asked.append({text for text, times in assistant.conversations.items() if len(times) > 1})
    assert asked[0] == asked[1]
    assert len(asked[0]) == 24
