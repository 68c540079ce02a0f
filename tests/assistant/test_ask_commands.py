"""``policy-assistant ask``: one question, or a file of them."""

from __future__ import annotations

import io
import json
import sys
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

import assistant.commands as commands
from knowledge.errors import IndexBusyError
from rules.errors import RuleFileError

QUESTION = "椒江企业2022年6月拿了浙江省政府质量奖，能领多少"
GOOD = json.dumps({"id": "M001", "turns": [QUESTION]}, ensure_ascii=False)


@pytest.fixture(autouse=True)
def without_index(monkeypatch, calculating):
    """The command's assistant is the one that needs no index."""
    monkeypatch.setattr(commands, "_assistant", lambda: calculating)


def run(*words, stdin=None):
    app = typer.Typer()
    commands.register(app)
    return CliRunner().invoke(app, ["ask", *words], input=stdin)


@pytest.fixture
def batch(tmp_path):
    """Answers a file of some bytes; gives exit status, answers by line, and what was said on standard error."""

    def answer(data):
        source, target = tmp_path / "questions.jsonl", tmp_path / "answers.jsonl"
        source.write_bytes(data if isinstance(data, bytes) else data.encode())
        result = run("--batch", str(source), "--output", str(target))
        lines = target.read_text("utf-8").splitlines() if target.exists() else []
        return SimpleNamespace(
            status=result.exit_code, lines=[json.loads(x) for x in lines], said=result.stderr, result=result
        )

    return answer


# ------------------------------------------------------------------ one question
def test_a_question_is_answered_in_readable_text():
    result = run(QUESTION)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "100 万元" in result.stdout
    assert not result.stdout.startswith("{")


def test_the_whole_answer_as_one_object():
    result = run(QUESTION, "--json", "--today", "2026-11-21")
    answer = json.loads(result.stdout)
    assert (answer["kind"], answer["assessment"]["total_yuan"]) == ("eligibility", 1000000)
    assert list(answer) == [
        "kind", "text", "citations", "assessment", "computations", "questions", "notices", "elapsed_ms",
    ]  # fmt: skip


def test_today_can_be_given():
    old = json.loads(run("椒江企业去年拿了浙江省政府质量奖", "--json", "--today", "2019-05-01").stdout)
    assert old["assessment"]["total_yuan"] == 500000


@pytest.mark.parametrize("today", ["yesterday", "2026-02-30", "20261121"])
def test_a_day_that_is_none_is_explained(today):
    result = run(QUESTION, "--today", today)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize(("words", "said"), [([], "没有问题"), ([" "], "空"), (["质" * 2001], "最多")])
def test_what_cannot_be_answered_is_one_sentence(words, said):
    result = run(*words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("error", [IndexBusyError("另一个程序正在写索引"), RuleFileError("x.yaml", 3, "amount")])
def test_what_is_broken_is_one_sentence(monkeypatch, error):
    def fail():
        raise error

    monkeypatch.setattr(commands, "_assistant", fail)
    result = run(QUESTION)
    assert result.exit_code == 1
    assert result.stderr.startswith("错误：")
    assert "Traceback" not in result.stderr


# ------------------------------------------------------------------ many
def test_good_lines(batch):
    found = batch(f"{GOOD}\n{GOOD}\n")
    assert (found.status, found.said) == (0, "")
    assert [x["id"] for x in found.lines] == ["M001", "M001"]
    assert found.lines[0]["answers"][0]["assessment"]["total_yuan"] == 1000000


def test_a_last_line_without_its_end(batch):
    assert len(batch(f"{GOOD}\n{GOOD}").lines) == 2


def test_windows_line_ends_and_byte_order_mark(batch):
    found = batch(b"\xef\xbb\xbf" + f"{GOOD}\r\n{GOOD}\r\n".encode())
    assert (found.status, len(found.lines)) == (0, 2)


@pytest.mark.parametrize(
    "bad",
    [
        b"{broken",
        '{"id": "X", "turns": ["质量奖"]}'.encode("gb18030"),
        b'{"id": "X", "turns": "one"}',
        b'{"turns": ["x"]}',
        b'{"id": "X", "turns": ["x"], "today": "never"}',
    ],
)
def test_a_broken_line_is_reported_with_its_number(batch, bad):
    found = batch(GOOD.encode() + b"\n\n" + bad + b"\n" + GOOD.encode() + b"\n")
    assert found.status == 1
    assert "第 3 行" in found.said
    assert "1 行没有答复" in found.said
    assert ["answers" in x for x in found.lines] == [True, False, True]
    assert found.lines[1].keys() == {"id", "error"}


def test_an_empty_file_has_no_answers(batch):
    found = batch("")
    assert (found.status, found.lines) == (0, [])


def test_a_file_of_blank_lines_has_no_answers(batch):
    assert (batch("\n\n  \n").status, batch("\n\n").lines) == (0, [])


@pytest.mark.parametrize("data", [b"PK\x03\x04\x00\x00\x00", b"\x00" * 100, GOOD.encode() + b"\n\x00\x00"])
def test_a_binary_file_is_refused(batch, data):
    found = batch(data)
    assert (found.status, found.lines) == (1, [])
    assert "不是文本文件" in found.said


def test_a_line_longer_than_what_is_read_at_first(batch):
    long = json.dumps({"id": "L", "turns": [QUESTION], "note": "注" * 5000}, ensure_ascii=False)
    found = batch(f"{long}\n{GOOD}\n{long}\n")
    assert [x["id"] for x in found.lines] == ["L", "M001", "L"]
    assert found.status == 0


@pytest.mark.parametrize("length", [4094, 4095, 4096, 4097])
def test_a_line_that_ends_where_the_first_read_ends(batch, length):
    padded = GOOD + " " * (length - len(GOOD.encode()))
    found = batch(f"{padded}\n{GOOD}\n")
    assert [x["id"] for x in found.lines] == ["M001", "M001"]


def test_a_file_that_is_not_there(tmp_path):
    result = run("--batch", str(tmp_path / "nowhere.jsonl"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "打不开" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_is_no_file(tmp_path):
    result = run("--batch", str(tmp_path))
    assert result.exit_code == 1
    assert "打不开" in result.stderr


@pytest.mark.parametrize("target", ["nowhere/answers.jsonl", "."])
def test_an_output_that_cannot_be_written(tmp_path, target):
    source = tmp_path / "questions.jsonl"
    source.write_text(GOOD)
    result = run("--batch", str(source), "--output", str(tmp_path / target))
    assert result.exit_code == 1
    assert "写不了" in result.stderr
    assert "Traceback" not in result.stderr


def test_standard_input_and_output():
    result = run("--batch", "-", stdin=f"{GOOD}\n{{broken\n{GOOD}\n")
    assert result.exit_code == 1
    assert ["answers" in json.loads(x) for x in result.stdout.splitlines()] == [True, False, True]
    assert "第 2 行" in result.stderr


def test_nothing_on_standard_input():
    result = run("--batch", "-", stdin="")
    assert (result.exit_code, result.stdout) == (0, "")


def test_answers_are_written_in_utf_8_whatever_the_locale(tmp_path, monkeypatch):
    source, target = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    source.write_text(GOOD, "utf-8")
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="backslashreplace"))
    assert run("--batch", str(source), "--output", str(target)).exit_code == 0
    assert "万元" in target.read_bytes().decode("utf-8")


def test_an_index_that_cannot_be_used_ends_a_batch_with_one_sentence(tmp_path, monkeypatch):
    from assistant.pipeline import Assistant

    def busy(query, policies):
        raise IndexBusyError("另一个程序正在写索引")

    monkeypatch.setattr(commands, "_assistant", lambda: Assistant(busy))
    source = tmp_path / "q.jsonl"
    source.write_text(GOOD + "\n" + json.dumps({"id": "Z", "turns": ["舟山怎样讲好质量故事"]}) + "\n", "utf-8")
    result = run("--batch", str(source))
    assert result.exit_code == 1
    assert result.stderr.strip() == "错误：另一个程序正在写索引"
    assert json.loads(result.stdout.splitlines()[0])["id"] == "M001"
