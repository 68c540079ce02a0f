"""What is called how in the reports, and how numbers are written."""

from __future__ import annotations

import os
import re
from datetime import datetime
from math import floor
from pathlib import Path
from typing import get_args

from evals.gates import Verdict
from evals.model import Suite

TUNED, HELD_OUT = "调整用", "留出"
UNSEEN = "留出题，不列出内容"
SUITES = {
    "lookup": "条款查询",
    "comparison": "比较",
    "eligibility": "资格与金额",
    "refuse": "不该作答",
    "multiturn": "多轮对话",
    "retrieval": "检索",
    "profile": "测算表",
}
MEASURES = {
    "answered": "能运行完",
    "measured": "能评判",
    "amount": "金额",
    "nothing payable": "不予奖励",
    "outcome": "结论",
    "policy": "适用文件",
    "lines": "事项",
    "adjustments": "扣减",
    "alternatives": "另一种读法",
    "says so": "说明到位",
    "warns": "提醒到位",
    "notices": "注意事项",
    "asks back": "问清所缺",
    "award named": "奖项名称",
    "beneficiary": "奖励对象",
    "not yet": "取得之前",
    "facts": "要点齐全",
    "computed": "算式",
    "cited first": "首条引用",
    "cited all": "引用齐全",
    "clause named": "写明条款编号",
    "right version": "文件版本",
    "refuse": "拒答",
    "correct": "纠正前提",
    "clarify": "先问清楚",
    "smalltalk": "寒暄",
    "whole dialogue": "整段对话",
    "turn": "每一问",
    "figures backed": "数字有依据",
    "quotations verbatim": "引文逐字",
    "quotations whole": "引文完整",
    "recall@1": "前 1 条召回",
    "recall@5": "前 5 条召回",
    "recall@10": "前 10 条召回",
    "mrr": "首个命中的倒数排名",
    "ndcg@10": "前 10 条排序（nDCG）",
}
"""In the order in which they are shown."""
KINDS = {
    "eligibility": "测算",
    "lookup": "条款",
    "comparison": "比较",
    "correction": "纠正",
    "clarification": "反问",
    "refusal": "拒答",
    "smalltalk": "寒暄",
    "profile": "测算结果",
}
"""What kind of answer was given."""
DEEDS = {"answer": "作答", "refuse": "拒答", "ask": "反问"}
PARTS = {"tuned": TUNED, "held_out": HELD_OUT, "both": "全部"}
_ORDER = list(MEASURES)
_SUITE_ORDER: tuple[str, ...] = get_args(Suite)
# What XML 1.0 forbids, and the controls that a terminal would obey.
_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """A text without characters that XML forbids or a terminal obeys; each becomes U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n"))


def shortened(text: str, most: int) -> str:
    """A text in one line of at most so many characters."""
    line = " ".join(printable(text).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def percent(value: float) -> str:
    """A share (0 to 1), rounded down: ``100.0%`` is all of them, and what missed a gate never looks as if it had not."""
    return f"{floor(value * 1000 + 1e-6) / 10:.1f}%"


def points(value: float) -> str:
    """A difference of shares in percentage points: ``+0.45``."""
    return f"{value * 100:+.2f}"


def milliseconds(value: float) -> str:
    """``45.1 毫秒``, or seconds where there are many."""
    return f"{value:.1f} 毫秒" if value < 1000 else f"{value / 1000:.2f} 秒"


def duration(seconds: float) -> str:
    """``4.3 秒`` or ``3 分 12 秒``."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} 分 {rest} 秒" if minutes else f"{seconds:.1f} 秒"


def moment(when: datetime) -> str:
    """``2026-11-22 03:16 UTC``."""
    return f"{when:%Y-%m-%d %H:%M %Z}".strip()


def place(source: str) -> str:
    """File and line as seen from the working directory."""
    return printable(source.removeprefix(f"{Path.cwd()}{os.sep}"))


def suite_title(suite: str) -> str:
    """The Chinese name of a suite; an unknown one is its own."""
    return SUITES.get(suite, suite)


def measure_title(name: str) -> str:
    """The Chinese name of a measure; an unknown one is its own."""
    return MEASURES.get(name, name)


def suite_rank(suite: str) -> tuple[int, str]:
    """Sorts suites as they are declared, others after them by name."""
    return (_SUITE_ORDER.index(suite) if suite in _SUITE_ORDER else len(_SUITE_ORDER), suite)


def measure_rank(name: str) -> tuple[int, str]:
    """Sorts measures as ``MEASURES`` has them, others after them by name."""
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)


def headline(verdicts: list[Verdict]) -> str:
    """The judgement in one line; which gates are missed stands in the list of gates."""
    missed = [verdict for verdict in verdicts if not verdict.passed]
    if not verdicts:
        return "没有评判任何门槛"
    return f"{len(verdicts)} 项门槛中 {len(missed)} 项未达到" if missed else f"{len(verdicts)} 项门槛全部达到"
