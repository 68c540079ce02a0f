"""Whether everything in an answer has a source, and whether it answered, refused or asked."""

from __future__ import annotations

from typing import Literal

from assistant.figures import unbacked
from assistant.model import Answer
from evals.evaluators.answers import Finding, Findings, Texts
from evals.matching import is_verbatim, is_whole
from evals.model import ClarifyGold, EligibilityGold, Gold, RefuseGold

Deed = Literal["answer", "refuse", "ask"]


def grounded(answer: Answer, said: str, texts: Texts) -> Findings:
    """Figures backed, quotations verbatim and whole.

    Args:
        answer: The assistant's.
        said: All questions of the conversation so far.
        texts: The official texts.
    """
    loose = unbacked(answer, said)
    right = [c for c in answer.citations if c.policy in texts and is_verbatim(c, texts[c.policy])]
    wrong = [c.quote[:20] for c in answer.citations if c not in right]
    scraps = [c.quote[:20] for c in right if not is_whole(c, texts[c.policy])]
    return {
        "figures backed": Finding(not loose, f"没有依据的数字 {sorted(map(str, loose))}" if loose else ""),
        "quotations verbatim": Finding(not wrong, f"与原文不符 {wrong}" if wrong else ""),
        "quotations whole": Finding(not scraps, f"从词句中间断开 {scraps}" if scraps else ""),
    }


def wanted_deed(gold: Gold) -> Deed:
    """What a right answer does; small talk and corrections are answers."""
    if isinstance(gold, ClarifyGold) or (isinstance(gold, EligibilityGold) and gold.outcome == "clarify"):
        return "ask"
    if isinstance(gold, RefuseGold):
        return {"refuse": "refuse", "clarify": "ask"}.get(gold.expected, "answer")  # pyright: ignore[reportReturnType]
    return "answer"


def deed(answer: Answer) -> Deed:
    """What an answer does."""
    if answer.kind == "clarification":
        return "ask"
    return "refuse" if answer.kind == "refusal" else "answer"
