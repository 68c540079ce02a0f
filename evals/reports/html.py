"""A run as one page that needs nothing else: opened from disk, with every failure that may be looked at."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evals.baseline import Difference
from evals.gates import Verdict
from evals.reports import wording
from evals.reports.files import replace_file
from evals.reports.summary import (
    Pair,
    changed_sums,
    failures,
    held_out_failures,
    not_run,
    shortfalls,
    side_by_side,
    unsteady,
)
from evals.results import CaseResult, Measured, RunResult, confusion, latency
from rules.loader import load_rules

_RECALL = re.compile(r"recall@(\d+)")
_LEFT, _RIGHT, _TOP, _BOTTOM = 42.0, 334.0, 14.0, 186.0
"""Edges of the recall chart in its own units."""


@dataclass(frozen=True)
class Point:
    """A recall in the chart."""

    cut: int
    value: float
    x: float
    y: float


@dataclass(frozen=True)
class Curve:
    """Recall at each cut of one part of the cases."""

    part: str
    """``tuned`` or ``held_out``."""
    points: list[Point]

    @property
    def line(self) -> str:
        """The points as SVG writes them."""
        return " ".join(f"{point.x:.1f},{point.y:.1f}" for point in self.points)


@dataclass(frozen=True)
class Chart:
    """Recall at each cut, ready to be drawn."""

    curves: list[Curve]
    cuts: list[tuple[int, float]]
    """Each cut and where it stands."""
    rules: list[tuple[int, float]]
    """Percentages and the height of their lines."""
    left: float = _LEFT
    right: float = _RIGHT
    foot: float = _BOTTOM + 18
    """Where the cuts are written."""


@dataclass(frozen=True)
class Deeds:
    """What should have been done, and what was."""

    part: str
    rows: list[tuple[str, list[tuple[int, bool]]]]
    """For each deed wanted, how often each was done, and whether that was right."""


@dataclass(frozen=True)
class Speed:
    """Milliseconds from question to answer of one suite."""

    title: str
    count: int
    median: float
    most: float
    """What 95 of 100 stay under."""


@dataclass(frozen=True)
class Shown:
    """One question of a failure."""

    number: int
    question: str
    kind: str
    text: str
    is_json: bool
    """Whether ``text`` is the calculator's result and no prose."""
    wanted: str
    citations: list[str]
    wrong: list[Measured]


@dataclass(frozen=True)
class Failure:
    """A case that may be looked at."""

    anchor: str
    id: str
    suite: str
    source: str
    question: str
    measures: list[str]
    turns: list[Shown]
    wrong: list[Measured]
    """What belongs to no question."""


@dataclass(frozen=True)
class Change:
    """A measure of a case that was right and is wrong, or the other way round."""

    id: str
    what: str
    anchor: str
    """Of its block on the page; empty where it has none."""


def write_html(
    result: RunResult,
    verdicts: list[Verdict],
    difference: Difference | None,
    gaps: dict[str, list[str]],
    path: Path,
) -> None:
    """Writes the page.

    Args:
        result: The run.
        verdicts: Its gates.
        difference: What changed since the accepted run; None where there is none.
        gaps: What no case exercises, by kind.
        path: Replaced in one step.

    Raises:
        OSError: the file cannot be written.
    """
    replace_file(path, wording.printable(_render(result, verdicts, difference, gaps)).lstrip())


def _render(
    result: RunResult, verdicts: list[Verdict], difference: Difference | None, gaps: dict[str, list[str]]
) -> str:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        percent=wording.percent, points=wording.points, ms=wording.milliseconds, measure=wording.measure_title,
        suite=wording.suite_title, part=wording.PARTS.__getitem__,
    )  # fmt: skip
    shown = [_failure(number, case) for number, case in enumerate(failures(result), 1)]
    anchors = {failure.id: failure.anchor for failure in shown}
    suites, unseen = side_by_side(result), held_out_failures(result)
    return environment.get_template("report.html.j2").render(
        result=result,
        moment=wording.moment(result.started),
        duration=wording.duration(result.seconds),
        tuned=result.part(held_out=False),
        held_out=result.part(held_out=True),
        verdicts=verdicts,
        missed=[verdict for verdict in verdicts if not verdict.passed],
        headline=wording.headline(verdicts),
        suites=suites,
        policies={_policy_name(policy): pairs for policy, pairs in side_by_side(result, by_policy=True).items()},
        chart=_chart(suites.get("retrieval", [])),
        deeds=[_deeds("tuned", result.part(held_out=False)), _deeds("held_out", result.part(held_out=True))],
        deed_titles=wording.DEEDS,
        speeds=_speeds(result),
        unsteady=unsteady(result),
        not_run=not_run(result),
        difference=difference,
        newly_wrong=_changes(difference.newly_wrong if difference else [], anchors),
        newly_right=_changes(difference.newly_right if difference else [], anchors),
        changed_sums=changed_sums(difference) if difference else [],
        gaps=gaps,
        failures=shown,
        by_suite=_by_suite(shown),
        unseen={suite: unseen[suite] for suite in sorted(unseen, key=wording.suite_rank)},
        unseen_total=unseen.total(),
    )


def _policy_name(policy: str) -> str:
    known = load_rules().policies.get(policy)
    return known.name if known else policy


def _chart(pairs: list[Pair]) -> Chart | None:
    """Recall of the retrieval suite at each cut; none where no query was asked."""
    cuts = sorted(
        ((int(found[1]), pair) for pair in pairs if (found := _RECALL.fullmatch(pair.measure))), key=itemgetter(0)
    )
    if not cuts:
        return None
    most = max(2, cuts[-1][0])
    across = {cut: _LEFT + (cut - 1) / (most - 1) * (_RIGHT - _LEFT) for cut, _ in cuts}
    curves: list[Curve] = []
    for part in ("tuned", "held_out"):
        rows = [(cut, row) for cut, pair in cuts if (row := pair.tuned if part == "tuned" else pair.held_out)]
        if rows:
            curves.append(Curve(part, [Point(cut, row.value, across[cut], _height(row.value)) for cut, row in rows]))
    return Chart(curves, list(across.items()), [(share, _height(share / 100)) for share in (0, 25, 50, 75, 100)])


def _height(share: float) -> float:
    return _BOTTOM - share * (_BOTTOM - _TOP)


def _deeds(part: str, cases: list[CaseResult]) -> Deeds:
    counts = confusion(cases)
    return Deeds(
        part,
        [
            (title, [(counts[wanted, done], wanted == done) for done in wording.DEEDS])
            for wanted, title in wording.DEEDS.items()
            if counts
        ],
    )


def _speeds(result: RunResult) -> list[Speed]:
    """All suites together, then each that was asked."""
    groups: dict[str, list[CaseResult]] = {"全部": result.cases}
    for suite in sorted({case.suite for case in result.cases}, key=wording.suite_rank):
        groups[wording.suite_title(suite)] = [case for case in result.cases if case.suite == suite]
    counts = {title: sum(len(case.elapsed_ms) for case in cases) for title, cases in groups.items()}
    return [Speed(title, counts[title], *latency(cases)) for title, cases in groups.items() if counts[title]]


def _failure(number: int, case: CaseResult) -> Failure:
    wrong = shortfalls(case)
    turns = [
        Shown(
            number=turn,
            question=evidence.question,
            kind=wording.KINDS.get(evidence.kind, evidence.kind),
            text=_prettified(evidence.text) if evidence.kind == "profile" else evidence.text,
            is_json=evidence.kind == "profile",
            wanted=_prettified(evidence.wanted),
            citations=evidence.citations,
            wrong=[one for one in wrong if one.turn == turn],
        )
        for turn, evidence in enumerate(case.evidence, 1)
    ]
    return Failure(
        anchor=f"case-{number}",
        id=case.id,
        suite=case.suite,
        source=wording.place(case.source),
        question=" → ".join(turn.question for turn in turns),
        measures=list(dict.fromkeys(one.name for one in wrong)),
        turns=turns,
        wrong=[one for one in wrong if one.turn > len(turns)],
    )


def _prettified(text: str) -> str:
    """JSON on lines of its own; anything else as it is."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return text


def _changes(changes: Iterable[str], anchors: dict[str, str]) -> list[Change]:
    found: list[Change] = []
    for change in changes:
        name, _, measure = change.rpartition(": ")
        turn, _, plain = measure.rpartition("/")
        title = f"{wording.measure_title(plain)} {plain}"
        found.append(Change(name, f"第 {turn} 问 {title}" if turn else title, anchors.get(name, "")))
    return found


def _by_suite(shown: list[Failure]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for failure in shown:
        counts[failure.suite] += 1
    return {suite: counts[suite] for suite in sorted(counts, key=wording.suite_rank)}
