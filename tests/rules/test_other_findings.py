"""``rules check`` counts what else disagrees with the texts as its own."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from app import build_app
from knowledge.library import clause_texts
from rules import commands


@pytest.mark.parametrize(("others", "code"), [((), 0), (("sanmen-145 x：引文里没有名称",), 1)])
def test_other_findings_are_printed_and_counted(others, code):
    app = typer.Typer()
    commands.register(app, clause_texts, lambda: others)
    result = CliRunner().invoke(app, ["rules", "check"])
    assert result.exit_code == code
    assert f"不一致：{len(others)} 处" in result.output
    assert all(finding in result.output for finding in others)


def test_the_shipped_facts_are_checked(monkeypatch):
    asked = []
    monkeypatch.setattr("app.check_facts", lambda facts, texts: asked.append((facts, texts)) or ["facts x：y"])
    result = CliRunner().invoke(build_app(), ["rules", "check", "--quiet"])
    assert result.exit_code == 1
    assert "facts x：y" in result.output
    assert "sanmen-145" in asked[0][1]
