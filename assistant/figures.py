"""The last gate: no figure leaves that is not backed by a quotation, an assessment, a computation or the question."""

from __future__ import annotations

import re
from decimal import Decimal

from assistant.model import Answer, Computation
from assistant.understanding.folding import fold
from assistant.understanding.numbers import find_money, number
from rules.assessment import Assessment

Figure = tuple[str, Decimal]
"""Unit (``yuan`` or ``%``) and value."""

_NUMERAL = r"\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+"
_YUAN = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)yuan")
_PREFIXED = re.compile(r"(?:rmb|cny|[¥￥])(\d+(?:\.\d+)?)(?![\d.]|亿|万|元)")
_PERCENT = re.compile(rf"(?<![\d.])(\d+(?:\.\d+)?)%|百分之({_NUMERAL})")


def figures_in(text: str) -> set[Figure]:
    """Money in yuan and percentages that a text states, in digits or Chinese numerals.

    Args:
        text: Markdown or plain text.
    """
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", fold(text).text)
    found: set[Figure] = set()
    found |= {("yuan", money.yuan.normalize()) for money in find_money(plain)}
    for digits in _YUAN.findall(plain):
        found.add(("yuan", Decimal(digits).normalize()))
    for digits in _PREFIXED.findall(plain):
        found.add(("yuan", Decimal(digits).normalize()))
    for digits, words in _PERCENT.findall(plain):
        value = number(digits or words)
        if value is not None:
            found.add(("%", value.normalize()))
    return found


def unbacked(answer: Answer, said: str) -> set[Figure]:
    """Figures of an answer's text without a source.

    Args:
        answer: The answer, before it leaves.
        said: What the person has said in the conversation, this question included.

    Returns:
        Empty when every figure is backed.
    """
    backed = figures_in(said)
    for citation in answer.citations:
        # Cells are read one by one: side by side 1 and 5% are no 15%. A cell without a unit backs no percentage.
        backed |= {figure for cell in citation.quote.split("\t") for figure in figures_in(cell)}
    if answer.assessment is not None and _adds_up(answer.assessment):
        backed |= {("yuan", Decimal(abs(amount)).normalize()) for amount in _amounts(answer.assessment)}
    for step in answer.computations:
        if _is_right(step) and all((step.unit, operand.normalize()) in backed for operand in step.operands):
            backed.add((step.unit, abs(step.value).normalize()))
    return figures_in(answer.text) - backed


def _is_right(step: Computation) -> bool:
    """Whether a computation gives what it says."""
    first, *rest = step.operands
    return step.value == (first + sum(rest) if step.operation == "sum" else first - sum(rest))


def _adds_up(assessment: Assessment) -> bool:
    """Whether lines and adjustments make the total, and units the lines."""
    lines = [line for line in assessment.lines if line.amount_yuan]
    paid = sum(line.amount_yuan or 0 for line in lines) + sum(a.amount_yuan for a in assessment.adjustments)
    units = all(line.unit_yuan is None or line.unit_yuan * line.quantity == line.amount_yuan for line in lines)
    return units and assessment.total_yuan in (None, paid)


def _amounts(assessment: Assessment) -> list[int]:
    found = [assessment.total_yuan, *(a.total_yuan for a in assessment.alternatives)]
    for line in assessment.lines:
        found += [line.amount_yuan, line.unit_yuan]
    found += [adjustment.amount_yuan for adjustment in assessment.adjustments]
    return [amount for amount in found if amount is not None]
