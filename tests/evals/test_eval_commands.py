"""``policy-assistant eval``: reports, exit status, and one sentence for whatever a person can mend."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
import typer
import yaml
from eval_examples import Scripted, answer
from typer.testing import CliRunner

import assistant.service
import evals.commands as commands
import evals.mutants.run
from assistant.pipeline import Assistant
from evals import baseline, case_files, gates
from evals.case_files import FORMS
from evals.mutants.result import MutantReport
from knowledge.errors import IndexBusyError
from knowledge.retriever import Retriever

LOOKUP = """\
- id: A
  question: 省质量奖多少？
  clause: taizhou-2021:三/（一）/1
  must_contain: [100万]
"""
HELD_OUT = LOOKUP.replace("id: A", "id: SECRET\n  held_out: true").replace("省质量奖多少", "留出题的问法")
GATES = "- {suite: lookup, measure: facts, at_least: 1, why: 要点不能少}\n"
RIGHT, WRONG = answer(), answer("给予奖励。")


class Bench:
    """A folder of cases, gates and reports, and the command run on them."""

    def __init__(self, folder, monkeypatch):
        self.folder, self.monkeypatch = folder, monkeypatch
        self.cases, self.output = folder / "cases", folder / "report"
        self.gates, self.accepted = folder / "gates.yaml", folder / "accepted.json"
        self.cases.mkdir()
        self.gates.write_text(GATES, encoding="utf-8")
        self.write(qa_lookup=LOOKUP)
        self.assistant = Scripted({})
        monkeypatch.setattr(assistant.service, "create_assistant", lambda: self.assistant)
        monkeypatch.setattr(commands, "_ACCEPTED", folder / "shipped.json")

    def write(self, **files):
        for name, text in files.items():
            (self.cases / f"{name}.yaml").write_text(text, encoding="utf-8")

    def answers(self, given):
        self.assistant = Scripted({}, otherwise=lambda: given)

    def run(self, *words):
        app = typer.Typer()
        commands.register(app)
        app.command("other")(lambda: None)
        return CliRunner().invoke(app, ["eval", *words])

    def __call__(self, *words):
        places = {"--cases": self.cases, "--gates": self.gates, "--output": self.output}
        given = [part for name, path in places.items() if name not in words for part in (name, str(path))]
        return self.run(*given, *words)


@pytest.fixture
def bench(tmp_path, monkeypatch):
    return Bench(tmp_path, monkeypatch)


def is_one_sentence(result, status=2):
    assert result.exit_code == status
    assert result.stderr.startswith("错误：")
    assert "Traceback" not in result.output
    assert result.stderr.count("\n") == 1
    return True


# ------------------------------------------------------------------ a run
def test_a_run_writes_its_reports(bench):
    bench.write(qa_refuse="- {id: R, question: 宁波呢？, expected: refuse}\n")
    result = bench()
    assert (result.exit_code, result.stderr) == (0, "")
    written = json.loads((bench.output / "results.json").read_text(encoding="utf-8"))
    assert [case["id"] for case in written["cases"]] == ["A", "R"]
    assert ET.parse(bench.output / "junit.xml").getroot().get("failures") == "0"
    assert (bench.output / "report.html").read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert str(bench.output / "report.html") in result.stdout.replace("\n", "")


def test_a_suite_can_be_asked_alone(bench):
    bench.write(qa_refuse="- {id: R, question: 宁波呢？, expected: refuse}\n")
    assert bench("--suite", "refuse").exit_code == 0
    assert list(bench.assistant.conversations) == ["宁波呢？"]
    assert bench("--suite", "refuse", "--suite", "lookup").exit_code == 0
    assert "省质量奖多少？" in bench.assistant.conversations


def test_a_gate_that_is_missed_is_exit_status_1(bench):
    bench.answers(WRONG)
    result = bench()
    assert result.exit_code == 1
    assert "要点不能少" in result.stdout
    assert (bench.output / "report.html").exists()


def test_failures_are_listed_or_not(bench):
    bench.answers(WRONG)
    assert "省质量奖多少？" in bench().stdout
    assert "省质量奖多少？" not in bench("--no-show").stdout


def test_of_held_out_cases_nothing_is_printed_or_written(bench):
    bench.write(qa_lookup_unseen=HELD_OUT)
    bench.answers(WRONG)
    result = bench()
    texts = [result.output, *(path.read_text(encoding="utf-8") for path in bench.output.iterdir())]
    assert len(texts) == 4
    for text in texts:
        assert "SECRET" not in text
        assert "留出题的问法" not in text
        assert "qa_lookup_unseen" not in text


def test_a_small_folder_over_the_real_index(bench, built_index, encoder):
    retriever = Retriever(built_index, encoder)
    bench.assistant = Assistant(lambda query, policies: retriever.search(query, policies=policies, top_k=20))
    bench.write(
        qa_lookup="""\
- id: L
  question: 舟山的工程质量由哪些部门负责？
  clause: zhoushan-2023:二/（三）/9
  must_contain: [住建局]
""",
        qa_eligibility="""\
- id: E
  question: 椒江的企业2022年拿了省政府质量奖，能领多少？
  expected: {outcome: payable, policy: taizhou-2021, total_yuan: 1000000, must_mention: [100万]}
""",
        qa_retrieval="- {id: Q, question: 品字标 自我声明, clause: ['taizhou-2021:三/（一）/1']}\n",
    )
    result = bench()
    assert result.exit_code == 0, result.output
    written = json.loads((bench.output / "results.json").read_text(encoding="utf-8"))
    assert [case["id"] for case in written["cases"]] == ["E", "L", "Q"]
    assert written["cases"][2]["scores"]["recall@5"] == 1
    assert written["stability"] == []


# ------------------------------------------------------------------ the accepted run
def test_a_run_is_accepted_and_compared_with(bench):
    result = bench("--accept", "--baseline", str(bench.accepted))
    assert result.exit_code == 0, result.output
    assert str(bench.accepted) in result.stdout.replace("\n", "")
    bench.answers(WRONG)
    result = bench("--baseline", str(bench.accepted))
    assert result.exit_code == 1
    assert "A: 1/facts" in result.stdout


def test_a_run_that_misses_a_gate_is_not_accepted(bench):
    bench("--accept", "--baseline", str(bench.accepted))
    before = bench.accepted.read_bytes()
    bench.answers(WRONG)
    result = bench("--accept", "--baseline", str(bench.accepted))
    assert result.exit_code == 1
    assert "没有改动" in result.stderr
    assert bench.accepted.read_bytes() == before
    fresh = bench.folder / "fresh.json"
    assert bench("--accept", "--baseline", str(fresh)).exit_code == 1
    assert not fresh.exists()


@pytest.mark.parametrize("part", ["one suite", "another folder"])
def test_a_part_of_the_cases_is_not_accepted_for_all(bench, part):
    words = ["--suite", "lookup", "--baseline", str(bench.accepted)] if part == "one suite" else []
    result = bench("--accept", *words)
    assert is_one_sentence(result)
    assert "--suite" in result.stderr
    assert not commands._ACCEPTED.exists()
    assert not bench.accepted.exists()
    assert bench.assistant.conversations == {}


def test_the_accepted_run_that_is_shipped_is_compared_with_when_it_is_there(bench):
    bench("--accept", "--baseline", str(commands._ACCEPTED))
    bench.answers(WRONG)
    assert "A: 1/facts" in bench().stdout


# ------------------------------------------------------------------ what cannot be used
def test_an_unknown_suite_names_those_that_there_are(bench):
    result = bench("--suite", "lookups")
    assert is_one_sentence(result)
    assert "lookups" in result.stderr
    assert all(suite in result.stderr for suite in ("lookup", "profile", "retrieval", "comparison"))


@pytest.mark.parametrize("name", ["nowhere", "empty", "gates.yaml"])
def test_a_folder_without_cases_names_the_remedy(bench, name):
    (bench.folder / "empty").mkdir()
    result = bench("--cases", str(bench.folder / name))
    assert is_one_sentence(result)
    assert "--cases" in result.stderr


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("qa_lookup", LOOKUP + "  mustcontain: x\n", "qa_lookup.yaml:5"),
        ("qa_refuse", "- {id: A, question: x, expected: refuse}\n", "qa_refuse.yaml:1"),
        ("profiles", "- {id: p, why: x, claims: [{honour: 质量将}], expect: {outcome: payable, total: 1}}\n", "profiles.yaml:1"),
        ("notes", "- x\n", "notes.yaml:1"),
    ],
)  # fmt: skip
def test_a_case_that_cannot_be_used_is_told_before_anything_is_asked(bench, name, text, place):
    bench.write(**{name: text})
    result = bench()
    assert is_one_sentence(result)
    assert place in result.stderr
    assert bench.assistant.conversations == {}
    assert not bench.output.exists()


@pytest.mark.parametrize("text", ["- {suite: lookup}\n", "- {suite: all, measure: facts, at_least: 2, why: x}\n", ""])
def test_gates_that_cannot_be_used_are_told_before_anything_is_asked(bench, text):
    bench.gates.write_text(text, encoding="utf-8")
    result = bench()
    assert is_one_sentence(result)
    assert "gates.yaml:1" in result.stderr
    assert bench.assistant.conversations == {}


@pytest.mark.parametrize("data", [None, b"", b"{}", b"\xff"])
def test_a_baseline_that_cannot_be_used_is_told_before_anything_is_asked(bench, data):
    if data is not None:
        bench.accepted.write_bytes(data)
    result = bench("--baseline", str(bench.accepted))
    assert is_one_sentence(result)
    assert str(bench.accepted) in result.stderr
    assert bench.assistant.conversations == {}


def test_a_report_folder_that_cannot_be_made_is_one_sentence(bench):
    (bench.folder / "file").write_text("", encoding="utf-8")
    result = bench("--output", str(bench.folder / "file"))
    assert is_one_sentence(result)
    assert "--output" in result.stderr


@pytest.mark.parametrize("name", ["results.json", "junit.xml", "report.html"])
def test_a_report_that_cannot_be_written_is_one_sentence(bench, name):
    (bench.output / name).mkdir(parents=True)
    result = bench()
    assert is_one_sentence(result)
    assert name in result.stderr


def test_an_index_that_cannot_be_used_is_counted_in_every_case(bench):
    def busy():
        raise IndexBusyError("另一个程序正在写索引")

    bench.assistant = Scripted({}, otherwise=busy)
    bench.gates.write_text("- {suite: all, measure: answered, at_least: 1, why: 都要能答}\n", encoding="utf-8")
    result = bench()
    assert result.exit_code == 1
    assert "另一个程序正在写索引" in result.stdout


# ------------------------------------------------------------------ schemas
def test_schemas_are_written_for_every_form(bench):
    result = bench("--schema")
    assert result.exit_code == 0
    written = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in bench.output.iterdir()}
    assert set(written) == {f"{name}.schema.json" for name in FORMS}
    assert all(found["type"] == "array" for found in written.values())
    assert result.stdout.split() == [str(bench.output / f"{name}.schema.json") for name in FORMS]
    assert bench.assistant.conversations == {}


# ------------------------------------------------------------------ drafts
def test_a_question_becomes_a_draft(bench):
    drafts = bench.folder / "drafts.yaml"
    result = bench.run("draft", "省质量奖多少？", "--drafts", str(drafts))
    assert (result.exit_code, result.stderr) == (0, "")
    (draft,) = yaml.safe_load(drafts.read_text(encoding="utf-8"))
    assert (draft["question"], draft["answered"]["text"]) == ("省质量奖多少？", RIGHT.text)
    assert draft["id"] in result.stdout
    assert RIGHT.text in result.stdout
    # Nothing is measured beside.
    assert list(bench.assistant.conversations) == ["省质量奖多少？"]


def test_the_same_question_is_no_second_draft(bench):
    drafts = str(bench.folder / "drafts.yaml")
    bench.run("draft", "省质量奖多少？", "--drafts", drafts)
    assert is_one_sentence(bench.run("draft", "省质量奖多少？", "--drafts", drafts))


def test_a_question_that_cannot_be_asked_is_no_draft(bench, calculating):
    bench.assistant = calculating
    drafts = bench.folder / "drafts.yaml"
    assert is_one_sentence(bench.run("draft", " ", "--drafts", str(drafts)))
    assert not drafts.exists()


@pytest.fixture
def calculating():
    return Assistant(lambda query, policies: [])


# ------------------------------------------------------------------ faults put in
def test_faults_are_put_in_as_asked_for(bench, monkeypatch):
    asked = {}

    def run_mutants(cases, *, count, seed, workers, progress):
        asked.update(cases=[case.id for case in cases], count=count, seed=seed, workers=workers)
        progress(1, 1)
        started = datetime(2026, 11, 22, tzinfo=UTC)
        return MutantReport(started=started, seconds=1, seed=seed, candidates=9, cases=1, mutants=[])

    monkeypatch.setattr(evals.mutants.run, "run_mutants", run_mutants)
    result = bench("--mutants", "--count", "3", "--seed", "7", "--workers", "1")
    assert result.exit_code == 0, result.output
    assert asked == {"cases": ["A"], "count": 3, "seed": 7, "workers": 1}
    assert json.loads((bench.output / "mutants.json").read_text(encoding="utf-8"))["candidates"] == 9


def test_the_defaults_are_those_of_the_modules():
    # Named twice so that ``--help`` needs to load none of them.
    assert (commands._CASES, commands._GATES, commands._ACCEPTED, commands._SEED) == (
        case_files.SHIPPED, gates.SHIPPED, baseline.ACCEPTED, evals.mutants.run.SEED,
    )  # fmt: skip
