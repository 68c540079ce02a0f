"""Draft cases from the hotline: a question with the present answer, waiting for a person to state the right one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from assistant.model import Answer
from evals.model import EvalsError

_DRAFTS = TypeAdapter(list[dict[str, Any]])
_HEAD = """\
# 待审的题。逐条核对 answered 里的答复，写好 expected 里的标准答案，再把题移到 evals/cases 里对应的文件：
# 金额题 qa_eligibility*.yaml，条款题 qa_lookup*.yaml，不该回答的题 qa_refuse*.yaml；移走时删去 answered 和 form。
# 没有审过的题不能混进去：这里的字段不是评测题的字段，读入时会报错。
"""


def add_draft(path: Path, question: str, answer: Answer, today: date) -> str:
    """Adds a draft to a file of drafts.

    Args:
        path: The file; made when it does not exist.
        question: As it was asked.
        answer: What the assistant says now, right or wrong.
        today: The day in the id of the draft.

    Returns:
        The id of the draft.

    Raises:
        EvalsError: the file cannot be read or written, is no file of drafts, or has the question already.
    """
    drafts = _read(path)
    for draft in drafts:
        if draft.get("question") == question:
            raise EvalsError(f"{path}: 这个问题已经在待审的题里（{draft.get('id')}）。")
    taken = {draft.get("id") for draft in drafts}
    identity = next(name for n in range(1, len(taken) + 2) if (name := f"D{today:%Y%m%d}-{n:03d}") not in taken)
    entry = yaml.safe_dump([_draft(identity, question, answer)], allow_unicode=True, sort_keys=False, width=120)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.read_text(encoding="utf-8") if path.exists() else ""
        # Whoever edits the file may leave no line end.
        before = "\n" if written and not written.endswith("\n") else ""
        with path.open("a", encoding="utf-8") as file:
            file.write(before + entry if written else _HEAD + entry)
    except OSError as error:
        raise EvalsError(f"{path}: 写不进去（{error.strerror}）；请用 --drafts 指出另一个文件。") from error
    return identity


def _draft(identity: str, question: str, answer: Answer) -> dict[str, Any]:
    form = {"eligibility": "qa_eligibility", "refusal": "qa_refuse", "smalltalk": "qa_refuse"}.get(
        answer.kind, "qa_lookup"
    )
    answered: dict[str, Any] = {"kind": answer.kind, "text": answer.text}
    if answer.assessment:
        answered["total_yuan"] = answer.assessment.total_yuan
        answered["lines"] = [
            {"award": line.award, "policy": line.policy, "amount_yuan": line.amount_yuan, "outcome": line.outcome}
            for line in answer.assessment.lines
        ]
    answered["citations"] = [f"{citation.policy}:{citation.clause}" for citation in answer.citations]
    return {"id": identity, "question": question, "form": form, "expected": None, "answered": answered}


def _read(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    try:
        found: object = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        what = " ".join(str(error).split())
        raise EvalsError(f"{path}: 不是待审题的文件（{what}）；请用 --drafts 指出另一个文件。") from error
    try:
        return _DRAFTS.validate_python(found)
    except ValidationError as error:
        raise EvalsError(f"{path}: 不是待审题的文件；请用 --drafts 指出另一个文件。") from error
