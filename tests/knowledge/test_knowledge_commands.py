"""The commands as a person meets them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from knowledge.commands import register

app = typer.Typer()
register(app)


@pytest.fixture
def run(built_index, built_data_dir, monkeypatch):
    monkeypatch.setenv("POLICY_ASSISTANT_DATA_DIR", str(built_data_dir))
    return lambda *words: CliRunner().invoke(app, list(words))


def test_status_and_build(run):
    assert "状态：可用" in run("index", "status").stdout
    assert "新计算 0 段" in run("index", "build").stdout
    assert json.loads(run("index", "status", "--json").stdout)["state"] == "ready"


def test_status_of_a_missing_index(monkeypatch, tmp_path):
    monkeypatch.setenv("POLICY_ASSISTANT_DATA_DIR", str(tmp_path))
    result = CliRunner().invoke(app, ["index", "status"])
    assert result.exit_code == 1
    assert "尚未建立" in result.stdout


def test_a_bad_data_folder_is_one_sentence(monkeypatch, tmp_path):
    (tmp_path / "data").write_text("")
    monkeypatch.setenv("POLICY_ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    result = CliRunner().invoke(app, ["index", "build"])
    assert result.exit_code == 1
    assert "POLICY_ASSISTANT_DATA_DIR" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_help_waits_for_no_model():
    code = (
        "import sys, knowledge.commands; print([m for m in ('torch', 'chromadb', 'transformers') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
