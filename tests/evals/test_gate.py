"""A part of the gold cases over the real index, fast enough to run with every test.

The whole is ``policy-assistant eval``; here a fixed draw of every suite must not fall back.
"""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256

import pytest
from eval_examples import shipped_cases

from assistant.pipeline import Assistant
from evals.model import Case
from evals.results import RunResult
from evals.runner import SEED, Subject, run
from knowledge.retriever import Retriever
from rules.loader import load_rules

EACH = 10
MUST = ("figures backed", "quotations verbatim")


def drawn() -> list[Case]:
    """As many cases of each suite, none of them held out; the calculator's are quick, so there are more.

    Drawn by a hash of the id, so that a new case changes the draw by one at most.
    """
    suites: dict[str, list[Case]] = defaultdict(list)
    for case in shipped_cases():
        if not case.held_out:
            suites[case.suite].append(case)
    return [
        case
        for suite, cases in sorted(suites.items())
        for case in sorted(cases, key=lot)[: EACH * 5 if suite == "profile" else EACH]
    ]


def lot(case: Case) -> str:
    return sha256(f"{SEED} {case.id}".encode()).hexdigest()


@pytest.fixture(scope="module")
def result(built_index, encoder) -> RunResult:
    retriever = Retriever(built_index, encoder)
    found = Assistant(lambda query, policies: retriever.search(query, policies=policies, top_k=20))
    return run(Subject(found, load_rules()), drawn())


def short(result: RunResult, *names: str) -> list[str]:
    return [
        f"{case.id} {one.turn}/{one.name}: {one.reason}"
        for case in result.cases
        for one in case.wrong
        if not names or one.name in names
    ]


def test_the_draw_has_cases_of_every_suite():
    cases = drawn()
    assert cases == drawn()
    assert len({case.suite for case in cases}) >= 6
    assert len(cases) >= 60
    assert not any(case.held_out for case in cases)


def test_every_case_is_answered_and_judged(result):
    assert short(result, "answered", "measured") == []
    assert len(result.cases) == len(drawn())


def test_every_figure_and_every_quotation_has_its_source(result):
    assert short(result, *MUST) == []
    assert sum(one.name in MUST for case in result.cases for one in case.measures) >= 100


def test_the_calculator_is_right_in_every_case(result):
    table = [case for case in result.cases if case.suite == "profile"]
    assert [case.id for case in table if case.wrong] == []
    assert len(table) == EACH * 5


def test_the_other_measures_hold_together(result):
    found = [
        float(one.value)
        for case in result.cases
        if case.suite != "profile"
        for one in case.measures
        if one.name not in MUST
    ]
    found += [case.scores["recall@5"] for case in result.cases if case.scores]
    assert len(found) >= 100
    assert sum(found) / len(found) >= 0.85, "\n".join(short(result))


def test_answers_are_the_same_each_time(result):
    assert result.stability_asked >= 20
    assert result.stability == []
