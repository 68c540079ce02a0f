"""Reads folders of case files; what is wrong is named with file and line."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, RootModel

from evals.matching import clauses_at
from evals.model import (
    AnyCase,
    Case,
    CaseError,
    DialogueCase,
    DialogueFile,
    EligibilityCase,
    EligibilityFile,
    LookupCase,
    LookupFile,
    LookupGold,
    ProfileFile,
    RefuseCase,
    RefuseFile,
    RefuseGold,
    RetrievalFile,
    Suite,
    Turn,
)
from knowledge.library import load_policies
from rules.errors import RuleFileError
from rules.yaml_source import load_model

SHIPPED = Path(__file__).parent / "cases"
FORMS: dict[str, tuple[Suite, type[RootModel[Any]]]] = {
    "qa_lookup": ("lookup", LookupFile),
    "qa_comparison": ("comparison", LookupFile),
    "qa_eligibility": ("eligibility", EligibilityFile),
    "qa_refuse": ("refuse", RefuseFile),
    "qa_multiturn": ("multiturn", DialogueFile),
    "qa_retrieval": ("retrieval", RetrievalFile),
    "profiles": ("profile", ProfileFile),
}
"""What the beginning of a file's name says of its form."""


def load_cases(folder: Path = SHIPPED) -> list[Case]:
    """The cases of every ``*.yaml`` and ``*.yml`` below a folder, in the order of the files.

    Raises:
        CaseError: the folder holds none, a file cannot be read as what its name says, an id or a question
            stands twice, or a clause is named that no text has; the message names file and line.
    """
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml"))
    cases = [case for path in paths for case in _cases_of(path)]
    if not cases:
        raise CaseError(
            f"{folder}: 没有评测题（{'、'.join(f'{name}*.yaml' for name in FORMS)}）；请用 --cases 指出文件夹。"
        )
    _refuse_doubles(cases)
    _refuse_unknown_clauses(cases)
    return cases


def schema(form: type[BaseModel]) -> dict[str, Any]:
    """JSON Schema of a file, for editors."""
    return form.model_json_schema()


def _cases_of(path: Path) -> list[Case]:
    name = next((name for name in FORMS if path.name.startswith(name)), None)
    if name is None:
        raise CaseError(f"{path}:1: 不知道这是什么题；文件名应以 {'、'.join(FORMS)} 之一开头。")
    suite, form = FORMS[name]
    try:
        found: list[AnyCase] = load_model(path, form).root
    except RuleFileError as error:
        raise CaseError(str(error)) from error
    return [
        Case(
            id=case.id,
            suite=suite,
            held_out=case.held_out,
            turns=_turns(case),
            form=case,
            source=f"{path}:{line}",
        )
        for case, line in zip(found, _lines(path), strict=True)
    ]


def _turns(case: AnyCase) -> tuple[Turn, ...]:
    match case:
        case LookupCase():
            gold = LookupGold(
                policy=case.policy, clause=case.clause, must_contain=case.must_contain, computed=case.computed
            )
        case EligibilityCase():
            gold = case.expected
        case RefuseCase():
            gold = RefuseGold(
                expected=case.expected,
                must_not_contain=case.must_not_contain,
                must_not_start_with=case.must_not_start_with,
                should_contain=case.should_contain,
                clause=case.clause,
            )
        case DialogueCase():
            return tuple(case.turns)
        case _:
            return ()
    return (Turn(question=case.question, expected=gold),)


def _lines(path: Path) -> list[int]:
    """The line on which each case begins, in the order of the file."""
    loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    root = yaml.compose(path.read_text(encoding="utf-8"), loader)  # pyright: ignore[reportUnknownMemberType]
    return [case.start_mark.line + 1 for case in root.value] if isinstance(root, yaml.SequenceNode) else []


def _refuse_doubles(cases: list[Case]) -> None:
    """No id twice, and no question twice in one suite: it would count double."""
    ids: dict[str, Case] = {}
    questions: dict[tuple[str, str], Case] = {}
    for case in cases:
        if case.id in ids:
            raise CaseError(f"{case.source}: 题号 {case.id} 已经用在 {ids[case.id].source}；请换一个。")
        ids[case.id] = case
        if case.turns or case.suite == "retrieval":
            key = (case.suite, re.sub(r"[\s\W]", "", unicodedata.normalize("NFKC", case.question)))
            if key in questions:
                raise CaseError(f"{case.source}: 与 {questions[key].source} 问的是同一句话；请删去一题。")
            questions[key] = case


def _refuse_unknown_clauses(cases: list[Case]) -> None:
    """No policy and no clause that the collection has not: such a case could never be right."""
    texts = load_policies()
    for case in cases:
        for policy in case.policies:
            if policy not in texts:
                raise CaseError(f"{case.source}: 没有收录 {policy} 这份文件；可以是 {'、'.join(texts)}。")
        for clause in case.clauses:
            policy, _, path = clause.partition(":")
            if not clauses_at(texts[policy], path):
                raise CaseError(
                    f"{case.source}: {policy} 没有条款“{path}”；编号从外到里用 / 连接，括号用全角，例如 三/（一）/1。"
                )
