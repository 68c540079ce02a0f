"""Drafts from the hotline: kept as they were asked, and never mixed with reviewed cases."""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from eval_examples import answer, assessment, line

from evals.case_files import FORMS, load_cases
from evals.draft import add_draft
from evals.model import CaseError, EvalsError

TODAY = date(2026, 11, 22)
QUESTION = "我们拿了省质量奖，能领多少？"
HOSTILE = [
    "- id: D1\n  question: x",
    "a: b # c",
    "'\"`\\ \t %TAG ! &x *y | > [ ] { } , ? :",
    "---\n...\n!!python/object/apply:os.system ['true']",
    "no",
    "2026-11-22",
    "1_000",
    "~",
    "\x00\x07\x1b[31m\x85\u2028\ufeff\ud800",
    "质量奖🏅👨\u200d👩\u200d👧",
    "长" * 5000,
    " 前后有空格 ",
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "drafts" / "eval-drafts.yaml"


def drafts(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_a_draft_is_added_with_what_is_answered_now(path):
    given = answer(
        "可以领取 100 万元。",
        "eligibility",
        assessment=assessment(1_000_000, lines=[line(1_000_000), line(None, "not_in_policy")]),
    )
    assert add_draft(path, QUESTION, given, TODAY) == "D20261122-001"
    (draft,) = drafts(path)
    assert draft == {
        "id": "D20261122-001",
        "question": QUESTION,
        "form": "qa_eligibility",
        "expected": None,
        "answered": {
            "kind": "eligibility",
            "text": "可以领取 100 万元。",
            "total_yuan": 1_000_000,
            "lines": [
                {"award": "浙江省政府质量奖", "policy": "taizhou-2021", "amount_yuan": 1_000_000, "outcome": "eligible"},
                {"award": "浙江省政府质量奖", "policy": "taizhou-2021", "amount_yuan": None, "outcome": "not_in_policy"},
            ],
            "citations": ["taizhou-2021:三/（一）/1"],
        },
    }  # fmt: skip
    assert path.read_text(encoding="utf-8").startswith("# 待审的题")


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("eligibility", "qa_eligibility"), ("lookup", "qa_lookup"), ("comparison", "qa_lookup"),
        ("correction", "qa_lookup"), ("refusal", "qa_refuse"), ("smalltalk", "qa_refuse"),
    ],
)  # fmt: skip
def test_the_form_is_one_that_there_is(path, kind, form):
    add_draft(path, QUESTION, answer(kind=kind), TODAY)
    assert drafts(path)[0]["form"] == form
    assert form in FORMS


def test_the_same_question_is_refused_and_the_file_left_as_it_is(path):
    add_draft(path, QUESTION, answer(), TODAY)
    before = path.read_bytes()
    with pytest.raises(EvalsError, match="D20261122-001"):
        add_draft(path, QUESTION, answer("另一个答复"), TODAY)
    assert path.read_bytes() == before


def test_ids_go_on_whatever_was_taken_out(path):
    names = [add_draft(path, f"问题 {number}", answer(), TODAY) for number in range(3)]
    assert names == ["D20261122-001", "D20261122-002", "D20261122-003"]
    kept = [draft for draft in drafts(path) if draft["id"] != names[1]]
    path.write_text(yaml.safe_dump(kept, allow_unicode=True), encoding="utf-8")
    assert add_draft(path, "问题 4", answer(), TODAY) == names[1]
    assert add_draft(path, "问题 5", answer(), date(2026, 11, 23)) == "D20261123-001"
    assert len({draft["id"] for draft in drafts(path)}) == 4


def test_the_head_stands_once(path):
    for number in range(3):
        add_draft(path, f"问题 {number}", answer(), TODAY)
    assert path.read_text(encoding="utf-8").count("# 待审的题") == 1
    head = [row for row in path.read_text(encoding="utf-8").splitlines() if row.startswith("#")]
    path.write_text("\n".join(head) + "\n", encoding="utf-8")
    add_draft(path, "问题 9", answer(), TODAY)
    assert path.read_text(encoding="utf-8").count("# 待审的题") == 1
    assert len(drafts(path)) == 1


def test_a_file_without_a_last_line_end_is_not_spoilt(path):
    add_draft(path, "问题 1", answer(), TODAY)
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")
    add_draft(path, "问题 2", answer(), TODAY)
    assert [draft["question"] for draft in drafts(path)] == ["问题 1", "问题 2"]


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_asked_and_answered_survives(path, text):
    add_draft(path, "前一个", answer(), TODAY)
    # An answer is proper text; a question comes as the command line hands it over.
    said = text.replace("\ud800", "")
    add_draft(path, text, answer(said), TODAY)
    add_draft(path, "后一个", answer(), TODAY)
    assert [draft["question"] for draft in drafts(path)] == ["前一个", text, "后一个"]
    assert drafts(path)[1]["answered"]["text"] == said
    with pytest.raises(EvalsError, match="已经在"):
        add_draft(path, text, answer(), TODAY)


@pytest.mark.parametrize("name", FORMS)
def test_a_draft_that_nobody_reviewed_is_no_case(path, tmp_path, name):
    add_draft(path, QUESTION, answer(), TODAY)
    moved = tmp_path / "cases" / f"{name}.yaml"
    moved.parent.mkdir()
    path.rename(moved)
    with pytest.raises(CaseError) as caught:
        load_cases(moved.parent)
    place, _, said = str(caught.value).partition(": ")
    assert place.rpartition(":")[0] == str(moved)
    assert int(place.rpartition(":")[2]) > 3
    assert said


def test_a_file_of_drafts_among_the_cases_is_no_case_file(path):
    add_draft(path, QUESTION, answer(), TODAY)
    with pytest.raises(CaseError, match=r"eval-drafts\.yaml:1: "):
        load_cases(path.parent)


@pytest.mark.parametrize("text", ["{broken", "id: D1\n", "- just text\n", "- [a]\n"])
def test_a_file_that_holds_no_drafts_is_left_alone(path, text):
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvalsError, match="--drafts") as caught:
        add_draft(path, QUESTION, answer(), TODAY)
    assert "\n" not in str(caught.value)
    assert path.read_text(encoding="utf-8") == text


def test_a_file_that_is_no_text_is_left_alone(path):
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(EvalsError, match="待审"):
        add_draft(path, QUESTION, answer(), TODAY)
    assert path.read_bytes() == b"\xff\xfe\x00"


def test_a_place_that_cannot_be_written_to_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    for path in (tmp_path / "file" / "drafts.yaml", tmp_path):
        with pytest.raises(EvalsError) as caught:
            add_draft(path, QUESTION, answer(), TODAY)
        assert str(caught.value).startswith(str(path))
        assert "\n" not in str(caught.value)
