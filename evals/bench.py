"""How fast it is: medians over several runs, on this machine, in one go. ``make bench`` runs it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median

from assistant.conversation import Conversation
from assistant.pipeline import Assistant
from assistant.service import LazySearch
from evals.case_files import load_cases
from knowledge.encoder import SentenceEncoder
from knowledge.index import KnowledgeIndex
from knowledge.library import load_policies
from knowledge.settings import KnowledgeSettings
from rules import loader
from rules.assessment import Applicant, Claim, RankRange
from rules.calculator import assess
from rules.model import Period

_TODAY = date(2026, 11, 21)
_ELIGIBILITY = "黄岩的公司，2022年3月拿到中国质量奖提名奖，奖多少钱？"
_LOOKUP = "舟山的工程质量由哪些部门负责？"


def timed(action: Callable[[], object], runs: int) -> float:
    """Milliseconds of one call, the median of several."""
    spent: list[float] = []
    for _ in range(runs):
        started = time.perf_counter()
        action()
        spent.append((time.perf_counter() - started) * 1000)
    return median(spent)


def command(*arguments: str) -> Callable[[], object]:
    """A command line call in a process of its own."""
    line = [sys.executable, "-c", "import app; app.main()", *arguments]
    return lambda: subprocess.run(line, check=True, capture_output=True, env=os.environ)


def each(assistant: Assistant, questions: Sequence[str]) -> float:
    """Milliseconds of one question, the median of many that differ."""
    return median(timed(partial(assistant.ask, question, Conversation(), _TODAY), 1) for question in questions)


def each_search(assistant: Assistant, questions: Sequence[str]) -> float:
    """Milliseconds of one search with its embedding, the median of many that differ."""
    # Other words than those asked as whole questions, so that nothing is remembered.
    return median(timed(partial(assistant.find, f"关于{question}", _TODAY), 1) for question in questions)


def indexing() -> list[tuple[str, float, str]]:
    """Seconds to index the five texts, and to confirm that nothing has changed."""
    encoder = SentenceEncoder.from_settings(KnowledgeSettings())
    encoder.encode_query("载入")
    with tempfile.TemporaryDirectory() as folder:
        index = KnowledgeIndex(Path(folder), encoder, load_policies())
        built = timed(index.ensure, 1) / 1000
        unchanged = timed(index.ensure, 5) / 1000
        index.close()
    return [("五个文件建立索引", built, "秒"), ("没有改动时确认索引", unchanged, "秒")]


def megabytes() -> float:
    """Memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def conversations(assistant: Assistant) -> float:
    """Memory that a thousand conversations of four turns take beyond the process without them."""
    turns = (_ELIGIBILITY, "那正奖呢？", "如果是2018年拿的呢？", "长乐呢？")
    before = megabytes()
    held = [Conversation() for _ in range(1000)]
    for conversation in held:
        for turn in turns:
            assistant.ask(turn, conversation, _TODAY)
    return megabytes() - before


def five_claims() -> tuple[Applicant, list[Claim]]:
    """A profile of five claims that meet a cap and a rank."""
    month = Period(first=date(2022, 3, 1), last=date(2022, 3, 31))
    claims = [
        Claim(concept="quality-award", facets={"level": "national", "tier": "nomination"}, obtained=month),
        Claim(concept="pinzibiao", facets={"certificate": "first"}, obtained=month),
        Claim(concept="pinzibiao", facets={"certificate": "self"}, obtained=month, quantity=4),
        Claim(
            concept="standard-drafting",
            facets={"standard": "national"},
            rank=RankRange(first=1, last=1),
            obtained=month,
        ),
        Claim(concept="drug-registration", facets={"drug": "generic"}, obtained=month, quantity=2),
    ]
    place = loader.load_rules().gazetteer.places("黄岩")[0]
    return Applicant(place=place, type="enterprise"), claims


def main() -> None:
    """Prints one line for each thing measured."""
    rows: list[tuple[str, float, str]] = []
    rows.append(("规则全部读入并校验", timed(lambda: loader.read_rules(loader.SHIPPED), 9), "毫秒"))
    book = loader.load_rules()
    applicant, claims = five_claims()
    one = timed(lambda: [assess(book, applicant, claims) for _ in range(200)], 15) / 200
    rows.append(("五个事项的测算（含步骤）", 1000 / one, "次/秒"))
    rows += indexing()
    eligibility = [case.question for case in load_cases() if case.suite == "eligibility"][:60]
    queries = [case.question for case in load_cases() if case.suite == "retrieval"][::3][:200]
    assistant = Assistant(LazySearch())
    started = time.perf_counter()
    assistant.ask(_LOOKUP, Conversation(), _TODAY)
    rows.append(("第一个条款问题（载入索引和模型）", (time.perf_counter() - started) * 1000, "毫秒"))
    rows.append(("资格问题（各不相同）", each(assistant, eligibility), "毫秒"))
    rows.append(("检索一次（含向量化，各不相同）", each_search(assistant, queries), "毫秒"))
    rows.append(("条款问题（各不相同）", each(assistant, queries), "毫秒"))
    rows.append(("问过二百多个问题之后的内存", megabytes(), "MB"))
    rows.append(("一千个四轮对话占用的内存", conversations(assistant), "MB"))
    rows.append(("命令行资格问题（从进程启动算）", timed(command("ask", _ELIGIBILITY), 5), "毫秒"))
    rows.append(("命令行条款问题（从进程启动算）", timed(command("ask", _LOOKUP), 3), "毫秒"))
    for name, value, unit in rows:
        sys.stdout.write(f"{name:24s}\t{value:10,.1f} {unit}\n")


if __name__ == "__main__":
    main()
