"""Gates at their bounds; the accepted run, and what changed since."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import Any

import pytest

from evals import baseline
from evals.baseline import BaselineError, accept, compare, load_accepted
from evals.gates import Gate, GateError, judge, load_gates
from evals.reports.wording import MEASURES
from evals.results import CaseResult, Evidence, Measured, RunResult, confusion, latency, rows

SECRET = "XH-9"


def case(name: str, right: bool = True, suite: str = "lookup", **fields: Any) -> CaseResult:
    plain: dict[str, Any] = {
        "id": name, "suite": suite, "policies": ["taizhou-2021"], "held_out": False, "source": "x.yaml:1",
        "measures": [Measured(name="facts", turn=1, value=right, reason="" if right else "没有说到")],
    }  # fmt: skip
    return CaseResult.model_validate(plain | fields)


def run(*cases: CaseResult, **fields: Any) -> RunResult:
    return RunResult(started=datetime(2026, 11, 22, tzinfo=UTC), seconds=1, cases=list(cases), **fields)


def shares(right: int, of: int, **fields: Any) -> list[CaseResult]:
    return [case(f"{fields.get('suite', 'L')}{number}", number < right, **fields) for number in range(of)]


def gate(**fields: Any) -> Gate:
    return Gate.model_validate({"suite": "lookup", "measure": "facts", "at_least": 0.93, "why": "够用"} | fields)


# ------------------------------------------------------------------ gates
@pytest.mark.parametrize(("right", "passed"), [(94, True), (93, True), (92, False)])
def test_a_gate_is_passed_exactly_at_its_bound(right, passed):
    (verdict,) = judge([gate()], run(*shares(right, 100)))
    assert (verdict.passed, verdict.count, verdict.suite) == (passed, 100, "lookup")
    assert verdict.value == right / 100


@pytest.mark.parametrize("of", [3, 7, 30, 43, 1000])
def test_no_share_misses_its_own_bound_by_rounding(of):
    for right in (1, of // 3, of - 1):
        (verdict,) = judge([gate(at_least=right / of)], run(*shares(right, of)))
        assert verdict.passed
    (all_right,) = judge([gate(at_least=1)], run(*shares(of, of)))
    (one_wrong,) = judge([gate(at_least=1)], run(*shares(of - 1, of)))
    assert (all_right.passed, one_wrong.passed) == (True, False)


@pytest.mark.parametrize(("asked", "value"), [("tuned", 1.0), ("held_out", 0.0), ("both", 0.5)])
def test_a_gate_asks_its_part_of_the_cases(asked, value):
    (verdict,) = judge([gate(cases=asked)], run(case("A"), case("B", right=False, held_out=True)))
    assert verdict.value == value


def test_a_gate_for_all_is_one_for_each_suite_that_has_the_measure():
    result = run(case("A"), case("B", right=False, suite="multiturn"), case("C", suite="refuse", measures=[]))
    found = judge([gate(suite="all")], result)
    assert {(one.suite, one.passed) for one in found} == {("lookup", True), ("multiturn", False)}


def test_a_gate_that_was_not_asked_says_nothing():
    assert judge([gate(suite="profile"), gate(measure="amount")], run(case("A"))) == []


def test_a_score_is_judged_like_a_measure():
    result = run(*[case(f"Q{i}", suite="retrieval", scores={"recall@5": value}) for i, value in enumerate((1, 0.5))])
    (verdict,) = judge([gate(suite="retrieval", measure="recall@5", at_least=0.75)], result)
    assert (verdict.value, verdict.passed) == (0.75, True)


def test_the_shipped_gates_ask_for_measures_that_there_are():
    gates = load_gates()
    assert len(gates) >= 10
    assert {one.measure for one in gates} <= set(MEASURES)
    assert all(one.why for one in gates)
    must = {one.measure for one in gates if one.suite == "all" and one.at_least == 1 and one.cases == "both"}
    assert must >= {"figures backed", "quotations verbatim", "answered", "measured"}


def test_a_case_that_breaks_off_misses_a_gate():
    broken = case("A", measures=[Measured(name="answered", turn=1, value=False, reason="ValueError")])
    verdicts = judge(load_gates(), run(broken, case("B")))
    assert [one.gate.measure for one in verdicts if not one.passed] == ["answered"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("- {suite: lookup, measure: facts, at_least: 0.9, why: x}\n- {suite: lookup\n", 3, "YAML"),
        ("- {suite: lookup, measure: facts, why: x}\n", 1, "at_least"),
        ("- suite: lookup\n  measure: facts\n  at_least: 90\n  why: x\n", 3, "at_least"),
        ("- suite: lookup\n  measure: facts\n  at_least: -0.1\n  why: x\n", 3, "at_least"),
        ("- suite: lookups\n  measure: facts\n  at_least: 1\n  why: x\n", 1, "suite"),
        ("- {suite: all, measure: facts, at_least: 1, why: x, cases: seen}\n", 1, "cases"),
        ("- {suite: all, measure: facts, at_least: 1, why: x, least: 1}\n", 1, "least"),
        ("suite: all\n", 1, "list"),
        ("", 1, "empty"),
    ],
)
def test_a_gate_file_that_cannot_be_used_is_named_with_its_line(tmp_path, text, line, words):
    path = tmp_path / "gates.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GateError) as caught:
        load_gates(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert words in str(caught.value)


def test_no_gate_file_is_an_error(tmp_path):
    with pytest.raises(GateError, match="nowhere"):
        load_gates(tmp_path / "nowhere.yaml")


# ------------------------------------------------------------------ sums
def test_a_dialogue_is_right_when_each_turn_is():
    def turns(*values: bool) -> list[Measured]:
        return [Measured(name="turn", turn=number, value=value) for number, value in enumerate(values, 1)]

    broken = [Measured(name="answered", turn=1, value=False)]
    found = rows(
        case(f"M{number}", suite="multiturn", measures=measures)
        for number, measures in enumerate((turns(True, True), turns(True, False), broken))
    )
    sums = {row.measure: (round(row.value, 3), row.count) for row in found}
    assert sums == {"turn": (0.75, 4), "whole dialogue": (0.333, 3), "answered": (0, 1)}


def test_sums_by_policy_count_a_case_for_each_policy_it_names():
    both = case("A", right=False, policies=["taizhou-2021", "taizhou-2017"])
    found = {row.group: (row.value, row.count) for row in rows([both, case("B")], by_policy=True)}
    assert found == {"taizhou-2021": (0.5, 2), "taizhou-2017": (0, 1)}


def test_what_was_wanted_and_done_is_counted():
    cases = [case("A", deeds=[("answer", "ask"), ("ask", "ask")]), case("B", deeds=[("answer", "ask")])]
    assert confusion(cases) == {("answer", "ask"): 2, ("ask", "ask"): 1}


@pytest.mark.parametrize(
    ("spent", "expected"),
    [([], (0, 0)), ([7], (7, 7)), (list(range(1, 21)), (10.5, 19)), (list(range(100, 0, -1)), (50.5, 95))],
)
def test_latency_is_the_median_and_what_95_of_100_stay_under(spent, expected):
    assert latency([case("A", elapsed_ms=spent)]) == expected


# ------------------------------------------------------------------ the accepted run
@pytest.fixture
def path(tmp_path):
    return tmp_path / "accepted.json"


def test_what_is_accepted_is_what_is_compared_with(path):
    result = run(case("A"), case("B", right=False), case(SECRET, right=False, held_out=True))
    accept(result, path)
    difference = compare(result, load_accepted(path))
    assert (difference.newly_wrong, difference.newly_right, difference.measures) == ([], [], [])


def test_what_changed_is_told_case_by_case(path):
    accept(run(case("A"), case("B", right=False), case("C", right=False), case("gone", right=False)), path)
    difference = compare(
        run(case("A", right=False), case("B"), case("C", right=False), case("new")), load_accepted(path)
    )
    assert difference.newly_wrong == ["A: 1/facts"]
    assert difference.newly_right == ["B: 1/facts"]


def test_a_sum_is_compared_where_it_is_of_as_many_cases(path):
    accept(run(*shares(5, 10), *shares(4, 4, suite="refuse")), path)
    accepted = load_accepted(path)
    (changed,) = compare(run(*shares(6, 10), *shares(4, 5, suite="refuse")), accepted).measures
    assert (changed[0], changed[1].group, changed[1].value, changed[2]) == ("调整用", "lookup", 0.6, 0.5)


def test_a_query_is_wrong_when_a_wanted_clause_is_not_among_the_first_five(path):
    def query(recall: float) -> CaseResult:
        return case("Q", suite="retrieval", scores={"recall@5": recall, "mrr": 0.2, "recall@1": 0})

    accept(run(query(1)), path)
    assert compare(run(query(1)), load_accepted(path)).newly_wrong == []
    assert compare(run(query(0.5)), load_accepted(path)).newly_wrong == ["Q: recall@5"]


def test_a_turn_that_goes_wrong_is_told_from_another(path):
    def dialogue(turn: int) -> CaseResult:
        measures = [Measured(name="amount", turn=number, value=number != turn) for number in (1, 2)]
        return case("M", suite="multiturn", measures=measures)

    accept(run(dialogue(1)), path)
    difference = compare(run(dialogue(2)), load_accepted(path))
    assert (difference.newly_wrong, difference.newly_right) == (["M: 2/amount"], ["M: 1/amount"])


def hidden(right: bool = False) -> CaseResult:
    evidence = Evidence(question="留出题的问法", kind="lookup", text="答复", citations=[], wanted="留出题的答案")
    measures = [Measured(name="facts", turn=1, value=right, reason="留出题的原因")]
    return case(SECRET, held_out=True, source="secret.yaml:7", measures=measures, evidence=[evidence])


def test_of_cases_held_out_only_the_sums_are_kept(path):
    accept(run(case("A"), hidden()), path)
    kept = path.read_text(encoding="utf-8")
    assert "A" in json.loads(kept)["failing"]
    assert SECRET not in kept
    assert "留出" not in kept
    difference = compare(run(case("A"), hidden(right=True)), load_accepted(path))
    assert (difference.newly_wrong, difference.newly_right) == ([], [])
    assert [(part, row.value, before) for part, row, before in difference.measures] == [("留出", 1, 0)]


def test_a_saved_run_tells_nothing_of_cases_held_out_but_what_is_summed(tmp_path):
    result = run(case("A", right=False), hidden(), hidden(), stability=["A", SECRET], stability_asked=2)
    result.save(tmp_path / "results.json")
    text = (tmp_path / "results.json").read_text(encoding="utf-8")
    assert SECRET not in text
    assert "留出" not in text
    assert "secret" not in text
    again = RunResult.model_validate_json(text)
    assert rows(again.part(held_out=True)) == rows(result.part(held_out=True))
    assert again.part(held_out=False) == result.part(held_out=False)
    assert (len(again.stability), again.stability[0]) == (2, "A")


@pytest.mark.parametrize("step", ["write_text", "replace"])
def test_an_accept_that_breaks_off_leaves_the_old_one(monkeypatch, path, step):
    accept(run(case("A")), path)
    before = path.read_bytes()

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(*((os, "replace") if step == "replace" else (type(path), "write_text")), interrupted)
    with pytest.raises(KeyboardInterrupt):
        accept(run(case("A", right=False)), path)
    assert path.read_bytes() == before
    assert load_accepted(path).failing == {"A": []}


@pytest.mark.parametrize("data", [None, b"", b"{", b"[]", b"\xff\xfe", b'{"failing": {}}', b'{"failing": {}, "x": 1}'])
def test_a_broken_accepted_run_is_an_error_that_names_the_file_and_the_remedy(path, data):
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(BaselineError) as caught:
        load_accepted(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "--accept" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_shipped_accepted_run_can_be_read():
    if baseline.ACCEPTED.exists():
        assert load_accepted(baseline.ACCEPTED).tuned
