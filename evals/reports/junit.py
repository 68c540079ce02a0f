"""A run as JUnit XML, which build servers show."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree as ET

from evals.gates import Verdict
from evals.reports.files import replace_file
from evals.reports.summary import shortfalls
from evals.reports.wording import HELD_OUT, PARTS, UNSEEN, percent, place, printable, shortened, suite_rank
from evals.results import CaseResult, RunResult


def write_junit(result: RunResult, verdicts: list[Verdict], path: Path) -> None:
    """Writes one testsuite for each suite, and one for the gates.

    A case held out is a testcase without its name; those that fail come first, so that their place says nothing.

    Args:
        result: The run.
        verdicts: Its gates.
        path: Replaced in one step.

    Raises:
        OSError: the file cannot be written.
    """
    root = ET.Element("testsuites", name="policy-assistant")
    by_suite: dict[str, list[CaseResult]] = defaultdict(list)
    for case in result.cases:
        by_suite[case.suite].append(case)
    for suite in sorted(by_suite, key=suite_rank):
        cases = by_suite[suite]
        element = ET.SubElement(root, "testsuite", name=suite, timestamp=result.started.isoformat(timespec="seconds"))
        for case in cases:
            if not case.held_out:
                _add_case(element, case)
        _add_unseen(element, suite, [case for case in cases if case.held_out])
        element.set("time", _seconds(sum(sum(case.elapsed_ms) for case in cases)))
    if verdicts:
        gates = ET.SubElement(root, "testsuite", name="gates", time=_seconds(0))
        for verdict in verdicts:
            _add_gate(gates, verdict)
    for element in root:
        _count(element)
    _count(root)
    root.set("time", f"{result.seconds:.3f}")
    ET.indent(root, " ")
    text = ET.tostring(root, encoding="unicode")
    replace_file(path, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n')


def _add_case(suite: ET.Element, case: CaseResult) -> None:
    name = printable(case.id)
    element = ET.SubElement(suite, "testcase", classname=case.suite, name=name, time=_seconds(sum(case.elapsed_ms)))
    wrong = shortfalls(case)
    if not wrong:
        return
    failure = ET.SubElement(
        element, "failure", type="measure", message=shortened("、".join(m.name for m in wrong), 200)
    )
    questions = [f"问：{evidence.question}" for evidence in case.evidence]
    reasons = [f"第 {m.turn} 问 {m.name}：{m.reason}".removesuffix("：") for m in wrong]
    failure.text = printable("\n".join([place(case.source), *questions, *reasons]))


def _add_unseen(suite: ET.Element, name: str, cases: list[CaseResult]) -> None:
    failing = sum(bool(shortfalls(case)) for case in cases)
    for number in range(len(cases)):
        element = ET.SubElement(suite, "testcase", classname=name, name=f"{HELD_OUT}题 {number + 1}")
        if number < failing:
            ET.SubElement(element, "failure", type="held_out", message=UNSEEN)


def _add_gate(suite: ET.Element, verdict: Verdict) -> None:
    gate = verdict.gate
    name = f"{verdict.suite} {gate.measure}（{PARTS[gate.cases]}）"
    element = ET.SubElement(suite, "testcase", classname="gates", name=printable(name), time=_seconds(0))
    if not verdict.passed:
        message = f"要求 {percent(gate.at_least)}，实际 {percent(verdict.value)}（{verdict.count} 次）"
        ET.SubElement(element, "failure", type="gate", message=message).text = printable(gate.why)


def _count(element: ET.Element) -> None:
    element.set("tests", str(len(list(element.iter("testcase")))))
    element.set("failures", str(len(list(element.iter("failure")))))
    element.set("errors", "0")
    element.set("skipped", "0")


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.3f}"
