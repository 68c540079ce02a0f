"""Puts faults in one at a time and tells which of them the measures notice."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Thread

from assistant.turn import Search
from evals.model import Case, EvalsError
from evals.mutants.behaviour_faults import FAULTS, BehaviourFault
from evals.mutants.laboratory import Laboratory, Sound, sound_reading
from evals.mutants.result import MutantReport, MutantResult
from evals.mutants.rules_faults import RuleFault, draw, generate
from rules.loader import load_rules

SEED = 20261122
"""Draws the faults of the rules."""
_SHOWN = 3  # of what is not steady
Progress = Callable[[int, int], None]
"""Called with the faults examined so far and their total."""
Fault = RuleFault | BehaviourFault


class MutantError(EvalsError):
    """The faults cannot be examined; says why."""


def run_mutants(
    cases: Sequence[Case],
    *,
    count: int = 80,
    seed: int = SEED,
    workers: int = 2,
    progress: Progress | None = None,
    behaviours: Sequence[BehaviourFault] = FAULTS,
    search: Search | None = None,
) -> MutantReport:
    """Puts in a sample of the faults of the rules and every fault of behaviour.

    Args:
        cases: The gold cases; those held out are not asked.
        count: How many faults of the rules are drawn.
        seed: Draws them.
        workers: How many processes; with one, everything is done in this one.
        progress: Called after each fault.
        behaviours: The faults of behaviour; with one that other processes do not know, all is done in this one.
        search: Finds passages; the real index when None. With another, all is done in this process.

    Raises:
        MutantError: no case may be looked at, a fault has no part of the program to be put into, the same program does
            not answer the same twice, or a process was lost.
        KnowledgeError: index or model cannot be used.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    if all(case.held_out for case in cases):
        raise MutantError("没有可以查看的题；留出题不用来检查评测本身。")
    _refuse_misplaced(behaviours)
    candidates = generate(load_rules())
    faults: list[Fault] = [*draw(candidates, count, seed), *behaviours]
    sound = sound_reading(cases, search)
    found: dict[str, MutantResult] = {}
    alone = workers < 2 or search is not None or not set(behaviours) <= set(FAULTS)
    for result in _one_by_one(sound, faults, search) if alone else _at_once(sound, faults, workers):
        found[result.id] = result
        if progress:
            progress(len(found), len(faults))
    return MutantReport(
        started=started,
        seconds=round(time.perf_counter() - clock, 1),
        seed=seed,
        candidates=len(candidates),
        cases=len(sound.cases),
        mutants=[found[fault.id] for fault in faults],
    )


def _refuse_misplaced(behaviours: Sequence[BehaviourFault]) -> None:
    """Told before the cases are read: that takes minutes."""
    for fault in behaviours:
        try:
            with fault.put_in():
                pass
        except AttributeError as error:
            raise MutantError(
                f"错误“{fault.id}”放不进程序：{error}；那一部分可能改了名，请改 evals/mutants/behaviour_faults.py。"
            ) from error


def _one_by_one(sound: Sound, faults: Sequence[Fault], search: Search | None) -> Iterator[MutantResult]:
    laboratory = Laboratory(sound, search)
    _refuse_unsteady(laboratory.unsteady())
    with _quiet():
        for fault in faults:
            yield _examine(laboratory, fault)


def _at_once(sound: Sound, faults: Sequence[Fault], workers: int) -> Iterator[MutantResult]:
    # Faults of the search take longest; what is begun last should be short.
    ordered = sorted(faults, key=lambda fault: not (isinstance(fault, BehaviourFault) and fault.of_search))
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_prepare, initargs=(sound,))
    try:
        for future in as_completed([pool.submit(_examine_named, fault.id) for fault in ordered]):
            yield future.result()
    except BrokenProcessPool as error:
        raise MutantError("一个检查进程中途退出（多半是内存不够）；请用 --workers 1 再试。") from error
    finally:
        pool.shutdown(cancel_futures=True)


_laboratory: Laboratory | None = None
_faults: dict[str, Fault] = {}
_unsteady: list[str] = []


def _prepare(sound: Sound) -> None:
    """Makes a process ready; whoever interrupts the run interrupts the parent, which stops the rest."""
    global _laboratory
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_leave_with_the_parent, daemon=True).start()
    logging.disable(logging.CRITICAL)
    _laboratory = Laboratory(sound)
    _unsteady.extend(_laboratory.unsteady())
    # What builds a faulty rule book cannot be handed over; the same rules make the same faults.
    _faults.update({fault.id: fault for fault in (*generate(load_rules()), *FAULTS)})


def _leave_with_the_parent() -> None:
    """A parent that is ended from outside tells its processes nothing; they would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _examine_named(name: str) -> MutantResult:
    assert _laboratory is not None
    _refuse_unsteady(_unsteady)
    return _examine(_laboratory, _faults[name])


def _examine(laboratory: Laboratory, fault: Fault) -> MutantResult:
    return laboratory.examine_rule(fault) if isinstance(fault, RuleFault) else laboratory.examine_behaviour(fault)


def _refuse_unsteady(fell: list[str]) -> None:
    if fell:
        shown = "；".join(fell[:_SHOWN])
        raise MutantError(
            f"什么也没有改，再问一遍也有 {len(fell)} 处不对了（{shown}），无法判断错误有没有被发现；"
            "请先查清这些题为什么不稳定，并且运行时不要改动程序和数据。"
        )


@contextmanager
def _quiet() -> Generator[None]:
    """Replies withheld under a fault are no news."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
