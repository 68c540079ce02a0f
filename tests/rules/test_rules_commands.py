"""``policy-assistant rules check``, ``assess`` and ``awards``."""

from __future__ import annotations

import csv
import io
import json

import pytest
import typer
from typer.testing import CliRunner

import rules.commands as commands
from knowledge.library import clause_texts
from rules.errors import RuleFileError


def run(*words, texts=clause_texts):
    app = typer.Typer()
    commands.register(app, texts)
    return CliRunner().invoke(app, words)


def test_says_how_many_awards_were_checked():
    result = run("rules", "check")
    assert result.exit_code == 0
    assert "taizhou-2021：58 项奖励金额" in result.stdout
    assert "taizhou-2017：65 项奖励金额" in result.stdout
    assert "changle-2020：35 项奖励金额" in result.stdout
    assert "不一致：0 处" in result.stdout


def test_quiet_says_nothing_when_all_is_well():
    result = run("rules", "check", "--quiet")
    assert (result.exit_code, result.output) == (0, "")


def test_a_finding_ends_with_status_1():
    texts = {key: text.replace("150 万元", "151 万元") for key, text in clause_texts().items()}
    result = run("rules", "check", texts=lambda: texts)
    assert result.exit_code == 1
    assert "tz21-china-quality-award" in result.stderr


def test_rule_files_that_cannot_be_used_are_a_sentence_not_a_traceback(monkeypatch, tmp_path):
    def broken():
        raise RuleFileError(tmp_path / "x.yaml", 14, "amount")

    monkeypatch.setattr(commands, "load_rules", broken)
    result = run("rules", "check")
    assert result.exit_code == 1
    assert "x.yaml:14: amount" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("words", [("rules", "nothing"), ("rules", "check", "--no-such-option")])
def test_unknown_words_are_explained(words):
    assert run(*words).exit_code == 2


# ------------------------------------------------------------------ assess
PROFILE = """\
applicant: {place: 台州市椒江区, type: enterprise, received_yuan: {pinzibiao: 450000}}
claims:
  - {award: tz21-pinzibiao-self, obtained: 2022-06}
"""


@pytest.fixture
def profile(tmp_path):
    path = tmp_path / "profile.yaml"
    path.write_text(PROFILE, "utf-8")
    return path


def test_a_profile_is_assessed_step_by_step(profile):
    result = run("assess", str(profile))
    assert result.exit_code == 0
    assert "可以领取 50,000 元" in result.stdout
    assert "-50,000 元" in result.stdout
    assert "台州市范围内按本意见执行" in result.stdout


def test_a_result_can_be_verified(profile, tmp_path):
    saved = tmp_path / "result.json"
    saved.write_text(run("assess", str(profile), "--json").stdout, "utf-8")
    assert json.loads(saved.read_text("utf-8"))["assessment"]["total_yuan"] == 50000
    assert run("assess", "--verify", str(saved)).exit_code == 0


def test_a_forged_result_is_found_out(profile, tmp_path):
    saved = tmp_path / "result.json"
    saved.write_text(
        run("assess", str(profile), "--json").stdout.replace('"total_yuan": 50000', '"total_yuan": 500000'), "utf-8"
    )
    result = run("assess", "--verify", str(saved))
    assert result.exit_code == 1
    assert "不一致" in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [(["assess"], "没有档案文件"), (["assess", "nowhere.yaml"], "nowhere.yaml"), (["assess", "--verify", "nowhere.json"], "打不开"),
     (["awards", "--policy", "hangzhou"], "没有政策文件 hangzhou"), (["awards", "--place", "火星"], "火星")],
)  # fmt: skip
def test_what_cannot_be_used_is_a_sentence(words, said):
    result = run(*words)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_a_file_that_is_no_result(tmp_path):
    path = tmp_path / "x.json"
    path.write_bytes(b"\xff\x00")
    result = run("assess", "--verify", str(path))
    assert result.exit_code == 1
    assert "Traceback" not in result.output


# ------------------------------------------------------------------ awards
def rows(*words):
    result = run("awards", "--csv", *words)
    assert result.exit_code == 0
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_all_awards_as_a_table():
    found = rows()
    assert len(found) == 162
    assert sum(not row["amount"] for row in found) == 4


@pytest.mark.parametrize(
    ("words", "policies", "effect"),
    [
        (("--place", "台州市黄岩区", "--on", "2019-06-01"), {"taizhou-2017"}, {"binding"}),
        (("--place", "台州市三门县", "--on", "2019-06-01"), {"taizhou-2017"}, {"reference"}),
        (("--place", "台州市三门县", "--on", "2022"), {"taizhou-2021"}, {"binding"}),
        (("--place", "长乐"), {"changle-2020"}, {"binding"}),
        (("--policy", "changle-2020"), {"changle-2020"}, {""}),
        (("--place", "杭州"), set(), set()),
        (("--place", "台州市黄岩区", "--on", "2016"), set(), set()),
    ],
)
def test_awards_of_a_place_and_a_day(words, policies, effect):
    found = rows(*words)
    assert {row["policy"] for row in found} == policies
    assert {row["effect"] for row in found} == effect
