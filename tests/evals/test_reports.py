"""Terminal, JUnit and page: the right sums, nothing of cases held out, and no text that breaks out of its place."""

from __future__ import annotations

import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from evals.baseline import Difference
from evals.gates import Gate, Verdict
from evals.model import Suite
from evals.reports import html
from evals.reports.html import write_html
from evals.reports.junit import write_junit
from evals.reports.table import print_table
from evals.reports.wording import MEASURES, SUITES, duration, percent, printable, shortened
from evals.results import CaseResult, Evidence, Measured, Row, RunResult

HOSTILE = (
    "</pre><script>alert(1)</script> ]]> [/bold] [red]红 {{ 7*7 }} \x00\x1b[31m\x9b\ufffe http://outside.example/x.js"
)
SECRET = "留出题的问法不可见"
HIDDEN = "XH9"


def evidence(question: str, text: str = "答复", wanted: str = '{"type":"answer","must_contain":["十万"]}') -> Evidence:
    return Evidence(
        question=question, kind="lookup", text=text, citations=["taizhou-2021:三/（一）/1 引文"], wanted=wanted
    )


def measured(turn: int = 1, /, **values: bool | str) -> list[Measured]:
    """Measures by name (``_`` for a space): right, wrong, or wrong for a reason."""
    return [
        Measured(
            name=name.replace("_", " "), turn=turn, value=value is True, reason=value if isinstance(value, str) else ""
        )
        for name, value in values.items()
    ]


def case(name: str, suite: str = "lookup", **fields: Any) -> CaseResult:
    plain: dict[str, Any] = {
        "id": name, "suite": suite, "policies": ["taizhou-2021"], "held_out": False, "source": f"cases/qa_{suite}.yaml:7",
        "deeds": [("answer", "answer")], "elapsed_ms": [10.0],
    }  # fmt: skip
    return CaseResult.model_validate(plain | fields)


def hidden(name: str, suite: str = "lookup", **fields: Any) -> CaseResult:
    return case(name, suite, held_out=True, source="cases/unseen/secret.yaml:3", **fields)


@pytest.fixture
def result() -> RunResult:
    """Three suites: 2 of 3 look-ups right, a dialogue wrong in its second turn, queries; held out 1 of 2 and 0 of 1."""
    return RunResult(
        started=datetime(2026, 11, 22, 8, 5, tzinfo=UTC),
        seconds=192.4,
        cases=[
            case("L1", measures=measured(facts=True, cited_first=True)),
            case("L2", measures=measured(facts=True)),
            case(
                "L3",
                measures=measured(facts=f"没有说到 {HOSTILE}", cited_first=False),
                deeds=[("refuse", "answer")],
                evidence=[evidence(f"问 {HOSTILE}", HOSTILE + "长" * 50_000, HOSTILE)],
            ),
            hidden("XL1", measures=measured(facts=True)),
            hidden(HIDDEN, measures=measured(facts=f"原因 {SECRET}"), evidence=[evidence(SECRET, SECRET, SECRET)]),
            case(
                "M1",
                "multiturn",
                measures=[*measured(1, turn=True), *measured(2, turn=False, amount="合计 1，应为 2")],
                deeds=[("answer", "answer"), ("ask", "answer")],
                elapsed_ms=[20.0, 1500.0],
                evidence=[evidence("第一句"), evidence("第二句")],
            ),
            case(
                "Q1", "retrieval", scores={"recall@1": 0, "recall@5": 1, "recall@10": 1}, evidence=[evidence("查得到")]
            ),
            case(
                "Q2",
                "retrieval",
                scores={"recall@1": 0, "recall@5": 0.5, "recall@10": 1},
                evidence=[evidence("查不全")],
            ),
            hidden(
                "XQ1", "retrieval", scores={"recall@1": 0, "recall@5": 0, "recall@10": 1}, evidence=[evidence(SECRET)]
            ),
            case("B1", "profile", measures=measured(answered="程序中断"), deeds=[], elapsed_ms=[]),
        ],
        stability=["L1", HIDDEN],
        stability_asked=5,
    )


@pytest.fixture
def verdicts() -> list[Verdict]:
    fine = Gate(suite="lookup", measure="facts", at_least=0.5, why="够用就行", cases="tuned")
    strict = Gate(suite="all", measure="turn", at_least=1, why=f"不许丢上文 {HOSTILE}")
    return [Verdict(fine, "lookup", 2 / 3, 3), Verdict(strict, "multiturn", 0.99999, 2)]


@pytest.fixture
def difference() -> Difference:
    return Difference(
        newly_wrong=["L3: 1/facts", "Q2: recall@5"],
        newly_right=["L1: 1/cited first"],
        measures=[("留出", Row(group="lookup", measure="facts", value=0.5, count=2), 1.0)],
    )


@pytest.fixture
def report(result: RunResult, verdicts: list[Verdict], difference: Difference, tmp_path: Path) -> Path:
    path = tmp_path / "reports" / "run.html"
    write_html(result, verdicts, difference, {"条款": ["taizhou-2021:五", HOSTILE], "指标": []}, path)
    return path


@pytest.fixture
def junit(result: RunResult, verdicts: list[Verdict], tmp_path: Path) -> Path:
    path = tmp_path / "run.xml"
    write_junit(result, verdicts, path)
    return path


def printed(result: RunResult, verdicts: list[Verdict], difference: Difference | None, **options: bool) -> str:
    out = StringIO()
    print_table(result, verdicts, difference, Console(file=out, width=100), **options)
    return out.getvalue()


class Elements(HTMLParser):
    """Tags with attributes, and the words of each element with an id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


# ------------------------------------------------------------------ cases held out
def test_no_report_names_a_case_held_out(
    result: RunResult, verdicts: list[Verdict], difference: Difference, report: Path, junit: Path
) -> None:
    for text in (
        report.read_text("utf-8"),
        junit.read_text("utf-8"),
        printed(result, verdicts, difference, show_failures=True),
    ):
        for word in (SECRET, HIDDEN, "XL1", "XQ1", "secret.yaml"):
            assert word not in text


def test_cases_held_out_are_counted(result: RunResult, verdicts: list[Verdict], report: Path) -> None:
    text = printed(result, verdicts, None)
    assert "没有答对：调整用 4 题，留出 2 题（只计数，不列出）" in text
    assert "前后不一 2 题：L1，另有留出题 1 题" in text
    assert "留出 2 题只计数，不列出：条款查询 1，检索 1。" in report.read_text("utf-8")
    assert "前后不一的题：L1；另有留出题 1 题。" in report.read_text("utf-8")


# ------------------------------------------------------------------ terminal
def test_the_table_has_both_parts_side_by_side(result: RunResult, verdicts: list[Verdict]) -> None:
    lines = [re.split(r"[\s│]+", line.strip(" │")) for line in printed(result, verdicts, None).splitlines()]
    assert ["要点齐全", "facts", "66.6%", "3", "50.0%", "2"] in lines
    assert ["整段对话", "whole", "dialogue", "0.0%", "1", "–"] in lines
    assert ["前", "5", "条召回", "recall@5", "75.0%", "2", "0.0%", "1"] in lines
    # Wanted against done: an answer instead of a refusal, and one instead of a question back.
    assert ["调整用", "拒答", "1", "0", "0"] in lines
    assert ["调整用", "反问", "1", "0", "0"] in lines


def test_the_table_has_gates_changes_and_what_broke(
    result: RunResult, verdicts: list[Verdict], difference: Difference
) -> None:
    text = printed(result, verdicts, difference)
    assert "2 项门槛中 1 项未达到" in text
    assert re.search(r"每一问 turn +│ 全部 +│ 100.0% │ 99.9%", text)
    assert "够用就行" not in text
    assert "新错 2 项\n   L3: 1/facts；Q2: recall@5" in text
    assert re.search(r"100.0% │ +50.0% │ -50.00", text)
    assert "没有运行完：1 题" in text
    assert "没有说到" not in text


def test_failures_are_printed_when_asked_for(result: RunResult, verdicts: list[Verdict]) -> None:
    text = printed(result, verdicts, None, show_failures=True)
    assert "L3  cases/qa_lookup.yaml:7" in text
    assert "第 2 问 金额 amount：合计 1，应为 2" in text
    assert "B1  cases/qa_profile.yaml:7" in text
    assert "查得到" not in text
    assert "查不全" in text
    # Markup is shown as it is; nothing reaches the terminal as a command.
    assert "[/bold] [red]红" in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


def test_a_run_of_nothing_is_reported(tmp_path: Path) -> None:
    empty = RunResult(started=datetime(2026, 1, 1), seconds=0, cases=[])
    assert "没有评判任何门槛" in printed(empty, [], None, show_failures=True)
    write_junit(empty, [], tmp_path / "e.xml")
    assert ET.parse(tmp_path / "e.xml").getroot().get("tests") == "0"
    write_html(empty, [], None, {}, tmp_path / "e.html")
    assert "没有可以比较的基线" in (tmp_path / "e.html").read_text("utf-8")


# ------------------------------------------------------------------ JUnit
def test_junit_counts_agree(result: RunResult, verdicts: list[Verdict], junit: Path) -> None:
    root = ET.parse(junit).getroot()
    suites = {suite.get("name"): suite for suite in root}
    assert list(suites) == ["lookup", "multiturn", "retrieval", "profile", "gates"]
    assert {name: (suite.get("tests"), suite.get("failures")) for name, suite in suites.items()} == {
        "lookup": ("5", "2"), "multiturn": ("1", "1"), "retrieval": ("3", "2"), "profile": ("1", "1"), "gates": ("2", "1"),
    }  # fmt: skip
    for element in (root, *root):
        assert element.get("tests") == str(len(element.findall(".//testcase")))
        assert element.get("failures") == str(len(element.findall(".//failure")))
    assert root.get("tests") == str(len(result.cases) + len(verdicts))


def test_junit_gives_reasons(junit: Path) -> None:
    root = ET.parse(junit).getroot()
    found = {one.get("name"): one.find("failure") for one in root.iter("testcase")}
    assert found["L1"] is None
    failure = found["L3"]
    assert failure is not None
    assert failure.get("message") == "facts、cited first"
    assert "]]> [/bold]" in (failure.text or "")
    assert "第 1 问 facts：没有说到 </pre><script>alert(1)" in (failure.text or "")
    unseen = found["留出题 1"]
    assert unseen is not None
    assert (unseen.get("message"), unseen.text) == ("留出题，不列出内容", None)
    gate = found["multiturn turn（全部）"]
    assert gate is not None
    assert gate.get("message") == "要求 100.0%，实际 99.9%（2 次）"


# ------------------------------------------------------------------ page
def test_the_page_loads_nothing(report: Path) -> None:
    text = report.read_text("utf-8")
    tags = Elements(text).tags
    assert [tag for tag, _ in tags if tag in ("img", "iframe", "object", "embed", "base")] == []
    assert [attributes.get("href") for tag, attributes in tags if tag == "link"] == ["data:,"]
    assert [attributes for tag, attributes in tags if tag == "script"] == [{}]
    for _, attributes in tags:
        for name in ("src", "href", "action", "srcset", "style"):
            assert not re.search(r"https?:|//|url\(", attributes.get(name) or "")
    style = text[text.index("<style>") : text.index("</style>")]
    assert not re.search(r"@import|url\(|https?:", style)


def test_hostile_text_is_escaped(report: Path) -> None:
    text = report.read_text("utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert "alert(1)" in text
    assert "<script>alert" not in text
    assert "{{ 7*7 }}" in text
    assert text.count("</script>") == 1
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe]", text)


def test_bars_have_their_values(report: Path) -> None:
    text = re.sub(r"\s+", " ", report.read_text("utf-8"))
    facts = text[text.index("<code>facts</code></th>") :]
    assert re.search(r"<b>66\.6%</b> <small>3</small>.*?bar tuned.*?width:66\.67%", facts[:400])
    assert re.search(r"<b>50\.0%</b> <small>2</small>.*?bar held_out.*?width:50\.00%", facts[:600])
    recall = text[text.index("<svg") : text.index("</svg>")]
    # From left to right 0, 75 and 100 of 100; the lowest line is at 186, the highest at 14.
    assert 'points="42.0,186.0 171.8,57.0 334.0,14.0"' in recall
    assert 'points="42.0,186.0 171.8,186.0 334.0,14.0"' in recall


def test_the_page_says_what_was_missed_and_what_changed(report: Path) -> None:
    text = report.read_text("utf-8")
    assert "✗ 2 项门槛中 1 项未达到" in text
    assert "10 题（调整用 7，留出 3） · 用时 3 分 12 秒" in text
    assert "2026-11-22 08:05 UTC" in text
    assert '<a href="#case-1">L3</a>' in text
    assert "▼ -50.00" in text
    assert "taizhou-2021:五" in text
    assert "指标 <small>全部有题目</small>" in text
    assert "&#34;must_contain&#34;: [\n" in text
    assert "台州2021年意见" in text


def test_every_failure_that_may_be_looked_at_has_its_block(report: Path) -> None:
    text = report.read_text("utf-8")
    blocks = [attributes["data-suite"] for tag, attributes in Elements(text).tags if tag == "details"]
    assert blocks == ["lookup", "multiturn", "retrieval", "profile"]
    assert text.count("第 1 问（答对）") == 1
    assert "程序中断" in text
    # Without the script the filter would do nothing; it is not shown.
    assert '<fieldset id="filter" hidden>' in text


def test_in_a_browser(report: Path) -> None:
    """In a thread of its own: an event loop left in this one would be in the way of other tests."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    with ThreadPoolExecutor(1) as pool:
        pool.submit(look_at, report, chromium).result(120)


def look_at(path: Path, chromium: str) -> None:
    from playwright.sync_api import expect, sync_playwright

    said: list[str] = []
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 800})
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        blocks = page.locator("#failures details:visible")
        expect(blocks).to_have_count(4)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

        page.get_by_text("多轮对话 1", exact=True).click()
        expect(blocks).to_have_count(1)
        expect(blocks.locator("summary b")).to_have_text("M1")
        blocks.locator("summary").click()
        expect(blocks.locator("pre").first).to_be_visible()

        # A link from the changes opens its case, whatever is chosen.
        page.get_by_role("link", name="L3").click()
        expect(blocks).to_have_count(4)
        expect(page.locator("#case-1")).to_have_attribute("open", "")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

        plain = browser.new_context(java_script_enabled=False).new_page()
        plain.goto(path.as_uri())
        expect(plain.locator("#failures details")).to_have_count(4)
        expect(plain.locator("#filter")).to_be_hidden()
        browser.close()
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


# ------------------------------------------------------------------ files
@pytest.mark.parametrize("step", ["replace", "write"])
def test_a_failed_write_leaves_the_old_report(
    result: RunResult, verdicts: list[Verdict], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(*((os, "replace") if step == "replace" else (Path, "write_text")), broken)
    page, junit = tmp_path / "old.html", tmp_path / "old.xml"
    for path in (page, junit):
        path.write_bytes(b"old")
    with pytest.raises(OSError, match="no space left"):
        write_html(result, verdicts, None, {}, page)
    with pytest.raises(OSError, match="no space left"):
        write_junit(result, verdicts, junit)
    assert page.read_bytes() == junit.read_bytes() == b"old"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["old.html", "old.xml"]


def test_a_page_that_cannot_be_made_leaves_the_old_one(
    result: RunResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.html"
    path.write_bytes(b"old")
    monkeypatch.delitem(html.wording.PARTS, "tuned")
    with pytest.raises(KeyError):
        write_html(result, [], None, {}, path)
    assert path.read_bytes() == b"old"


# ------------------------------------------------------------------ words
def test_percentages_never_flatter() -> None:
    assert [percent(value) for value in (1, 0.9999, 0.97, 0.57, 2 / 3, 0)] == [
        "100.0%", "99.9%", "97.0%", "57.0%", "66.6%", "0.0%",
    ]  # fmt: skip


def test_words_and_times() -> None:
    assert printable("a\x00\r\nb\x85\ud800") == "a\ufffd\nb\ufffd\ufffd"
    assert shortened("一 二\n三" * 9, 5) == "一 二 …"
    assert [duration(seconds) for seconds in (4.26, 59.96, 192.4)] == ["4.3 秒", "1 分 0 秒", "3 分 12 秒"]


def test_every_suite_has_a_title() -> None:
    assert set(SUITES) == set(get_args(Suite))
    assert len(set(MEASURES.values())) == len(MEASURES)
