"""Case files: what is wrong is named with file and line, and the shipped ones hold what they should."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from eval_examples import shipped_cases

from evals.case_files import FORMS, SHIPPED, load_cases, schema
from evals.evaluators.profiles import compare
from evals.matching import clauses_at
from evals.model import CaseError, DialogueCase, ProfileCase, RetrievalCase
from evals.profile_cases import claims_of, variants_of
from evals.reports.wording import MEASURES
from knowledge.library import load_policies
from rules.calculator import assess
from rules.loader import load_rules

LOOKUP = """\
- id: A1
  question: 台州2021年意见里，浙江省政府质量奖给多少？
  clause: ['taizhou-2021:三/（一）/1']
  must_contain: [100万]
"""
RIGHT = {
    "qa_lookup": LOOKUP,
    "qa_comparison": LOOKUP.replace("A1", "A2"),
    "qa_eligibility": "- id: A3\n  question: 能领多少？\n  expected: {outcome: payable, total_yuan: 1000000}\n",
    "qa_refuse": "- id: A4\n  question: 宁波给多少？\n  expected: refuse\n  must_not_contain: [万元]\n",
    "qa_multiturn": """\
- id: A5
  topic: 追问
  turns:
  - {question: 台州2021年的省质量奖多少？, expected: {type: answer, clause: 'taizhou-2021:三/（一）/1', must_contain: [100万]}}
  - {question: 那能领多少？, expected: {type: clarify, clarify_any_of: [[哪里, 地点]]}}
""",
    "qa_retrieval": "- id: A6\n  question: 品字标 自我声明\n  clause: ['taizhou-2021:三/（一）/1']\n",
    "profiles": """\
- id: a7
  why: 省政府质量奖 100 万元
  applicant: {place: 台州市椒江区, type: 企业}
  claims: [{honour: 政府质量奖, kind: [省级], obtained: 2022-06-01}]
  expect: {outcome: payable, total: 1000000}
""",
}
SUITES = ("lookup", "comparison", "eligibility", "refuse", "multiturn", "retrieval", "profile")
AWARDS = Path(__file__).parent / "award-list.tsv"
"""Every award with a sum that the texts hold: policy, clause without all enclosing numerals, name, level."""
GUIDE = (Path(__file__).parents[2] / "docs" / "evaluation.md").read_text(encoding="utf-8")
POLICIES = load_policies()


@pytest.fixture
def error(tmp_path):
    """What reading some files says, the folder left out."""

    def read(**files: str | bytes) -> str:
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(CaseError) as caught:
            load_cases(tmp_path)
        return str(caught.value).replace(f"{tmp_path}/", "")

    return read


# ------------------------------------------------------------------ reading
def test_every_form_is_read_as_its_name_says(tmp_path):
    for name, text in RIGHT.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    cases = load_cases(tmp_path)
    assert {(case.suite, case.id) for case in cases} == {
        ("lookup", "A1"), ("comparison", "A2"), ("eligibility", "A3"), ("refuse", "A4"), ("multiturn", "A5"),
        ("retrieval", "A6"), ("profile", "a7"),
    }  # fmt: skip
    assert not any(case.held_out for case in cases)
    assert {case.suite: len(case.turns) for case in cases} == {
        "lookup": 1, "comparison": 1, "eligibility": 1, "refuse": 1, "multiturn": 2, "retrieval": 0, "profile": 0,
    }  # fmt: skip


@pytest.mark.parametrize("place", ["more/deeper/qa_lookup.yaml", "qa_lookup_2027.yaml", "qa_lookup.yml"])
def test_files_are_found_below_the_folder_whatever_follows_the_name(tmp_path, place):
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(LOOKUP, encoding="utf-8")
    assert [case.source for case in load_cases(tmp_path)] == [f"{path}:1"]


def test_one_text_may_stand_for_a_list_of_one(tmp_path):
    (tmp_path / "qa_lookup.yaml").write_text(LOOKUP.replace("['taizhou-2021:三/（一）/1']", "taizhou-2021:五"), "utf-8")
    (case,) = load_cases(tmp_path)
    assert (case.clauses, case.policies) == (("taizhou-2021:五",), ("taizhou-2021",))


def test_each_case_knows_its_line(tmp_path):
    other = "- {question: 第二题, id: B2, clause: taizhou-2021:五, must_contain: [x]}\n"
    (tmp_path / "qa_lookup.yaml").write_text(f"# note\n\n{LOOKUP}\n{other}", encoding="utf-8")
    assert [case.source.rpartition(":")[2] for case in load_cases(tmp_path)] == ["3", "8"]


# ------------------------------------------------------------------ errors
@pytest.mark.parametrize(
    ("name", "old", "new", "line", "words"),
    [
        ("qa_lookup", "[100万]", "[100万", 5, "YAML"),
        ("qa_lookup", "must_contain: [100万]", "must_contain: [100万]\n  must_contian: [x]", 5, "must_contian"),
        ("qa_lookup", "[100万]", "100万", 4, "must_contain"),
        ("qa_lookup", "[100万]", "[[100万, [x]]]", 4, "must_contain"),
        ("qa_lookup", "  must_contain: [100万]\n", "", 1, "must_contain"),
        ("qa_lookup", "  clause: ['taizhou-2021:三/（一）/1']\n", "", 1, "clause"),
        ("qa_lookup", "['taizhou-2021:三/（一）/1']", "[]", 3, "clause"),
        ("qa_lookup", "  question:", "  id: A1\n  question:", 2, "twice"),
        ("qa_lookup", "id: A1", "id: ''", 1, "id"),
        ("qa_lookup", "id: A1", "id: A1\n  held_out: perhaps", 2, "held_out"),
        ("qa_comparison", "must_contain", "must_contian", 1, "must_contain"),
        ("qa_eligibility", "payable,", "paid,", 3, "outcome"),
        ("qa_eligibility", "1000000", "一百万", 3, "total_yuan"),
        ("qa_eligibility", "outcome: payable, ", "", 3, "outcome"),
        ("qa_refuse", "expected: refuse", "expected: refusal", 3, "expected"),
        ("qa_multiturn", "clarify_any_of: [[", "clarify_any: [[", 5, "clarify_any"),
        ("qa_multiturn", "type: clarify", "type: ask", 5, "type"),
        ("qa_multiturn", "type: clarify, ", "", 5, "type"),
        ("qa_multiturn", "  turns:\n", "  turns: []\n  more:\n", 3, "turns"),
        ("qa_retrieval", "question: 品字标 自我声明", "question: 品字标\n  query: x", 3, "query"),
        ("profiles", "total: 1000000", "totals: 1000000", 5, "total"),
        ("profiles", "honour: 政府质量奖, ", "", 4, "honour"),
        ("profiles", "  why: 省政府质量奖 100 万元\n", "", 1, "why"),
        ("profiles", "[{honour", "[]\n  x: [{honour", 4, "claims"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(error, name, old, new, line, words):
    assert old in RIGHT[name]
    said = error(**{name: RIGHT[name].replace(old, new, 1)})
    assert said.startswith(f"{name}.yaml:{line}: ")
    assert words in said


@pytest.mark.parametrize(("text", "words"), [("", "empty"), ("# nothing yet\n", "empty"), ("id: A1\n", "list")])
def test_a_file_without_a_list_is_an_error(error, text, words):
    said = error(qa_lookup=text)
    assert said.startswith("qa_lookup.yaml:1: ")
    assert words in said


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\xff", "- id: 题".encode("gb18030"), b"- id: \x00"])
def test_what_is_no_text_is_an_error(error, data):
    assert error(qa_lookup=data).startswith("qa_lookup.yaml:1: ")


@pytest.mark.parametrize("name", ["notes", "lookup", "qa_look", "eval-drafts"])
def test_a_file_of_no_known_form_is_an_error(error, name):
    said = error(**{name: LOOKUP})
    assert said.startswith(f"{name}.yaml:1: ")
    assert all(known in said for known in FORMS)


def test_an_id_stands_once_whatever_the_file(error):
    said = error(qa_lookup=LOOKUP, qa_refuse=RIGHT["qa_refuse"].replace("A4", "A1"))
    assert said.startswith("qa_refuse.yaml:1: ")
    assert "A1" in said
    assert "qa_lookup.yaml:1" in said


def test_an_id_twice_in_one_file_names_both_lines(error):
    said = error(qa_lookup=LOOKUP + LOOKUP.replace("省政府", "市政府"))
    assert said.startswith("qa_lookup.yaml:5: ")
    assert "qa_lookup.yaml:1" in said


@pytest.mark.parametrize(
    "same",
    [
        "台州2021年意见里，浙江省政府质量奖给多少？",
        "台州 2021 年意见里，浙江省政府质量奖给多少",
        "台州２０２１年意见里 浙江省政府“质量奖”，给多少?!",
    ],
)
def test_a_question_stands_once_spaces_and_signs_aside(error, same):
    again = f"- id: B1\n  question: '{same}'\n  clause: taizhou-2021:五\n  must_contain: [x]\n"
    said = error(qa_lookup=LOOKUP, qa_lookup_more=again)
    assert said.startswith("qa_lookup_more.yaml:1: ")
    assert "qa_lookup.yaml:1" in said


def test_a_query_stands_once(error):
    text = RIGHT["qa_retrieval"]
    assert error(qa_retrieval=text + text.replace("A6", "A9").replace(" 自", "自")).startswith("qa_retrieval.yaml:4: ")


def test_the_same_question_may_stand_in_two_suites(tmp_path):
    (tmp_path / "qa_lookup.yaml").write_text(LOOKUP, encoding="utf-8")
    (tmp_path / "qa_comparison.yaml").write_text(LOOKUP.replace("A1", "A2"), encoding="utf-8")
    assert len(load_cases(tmp_path)) == 2


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ("taizhou-2021:三/（九）/1", "三/（九）/1"),
        ("taizhou-2021:三/(一)/1", "三/(一)/1"),
        ("taizhou-2021：三/（一）/1", "taizhou-2021：三"),
        ("taizhou-2022:三/（一）/1", "taizhou-2022"),
    ],
)
def test_a_clause_that_no_text_has_is_an_error(error, clause, words):
    said = error(qa_lookup="# note\n" + LOOKUP.replace("taizhou-2021:三/（一）/1", clause))
    assert said.startswith("qa_lookup.yaml:2: ")
    assert words in said


def test_a_policy_that_is_not_held_is_an_error(error):
    text = RIGHT["qa_eligibility"].replace("{outcome", "{policy: hangzhou-2021, outcome")
    said = error(qa_eligibility=text)
    assert said.startswith("qa_eligibility.yaml:1: ")
    assert all(policy in said for policy in POLICIES)


@pytest.mark.parametrize("name", ["", "nowhere"])
def test_a_folder_without_cases_is_an_error(tmp_path, name):
    with pytest.raises(CaseError, match="--cases"):
        load_cases(tmp_path / name)


# ------------------------------------------------------------------ what is shipped
def test_there_are_enough_cases_of_every_suite_and_policy():
    assert len([case for case in shipped_cases() if case.suite != "profile"]) >= 1400
    assert len([case for case in shipped_cases() if case.suite == "profile"]) >= 700
    assert {case.suite for case in shipped_cases()} >= set(SUITES) - {"comparison"}
    for policy in POLICIES:
        assert sum(policy in case.policies for case in shipped_cases()) >= 150, policy


def test_a_third_of_the_questions_is_held_out():
    questions = [case for case in shipped_cases() if case.suite != "profile"]
    assert 0.30 <= sum(case.held_out for case in questions) / len(questions) <= 0.40
    for suite in ("lookup", "eligibility", "refuse", "multiturn", "retrieval"):
        share = [case.held_out for case in questions if case.suite == suite]
        assert 0.25 <= sum(share) / len(share) <= 0.45, suite


def test_unseen_files_are_held_out_whole_and_the_table_not_at_all():
    assert all(case.held_out for case in shipped_cases() if "/unseen/" in case.source)
    assert sum("/unseen/" in case.source for case in shipped_cases()) >= 150
    assert not any(case.held_out for case in shipped_cases() if case.suite == "profile")


def test_dialogues_have_two_to_four_turns():
    lengths = {len(case.turns) for case in shipped_cases() if isinstance(case.form, DialogueCase)}
    assert lengths == {2, 3, 4}


def test_the_words_of_the_table_are_those_of_the_vocabulary():
    book = load_rules()
    for case in shipped_cases():
        if isinstance(case.form, ProfileCase):
            claims_of(book, case.form)
            variants_of(book, case.form)


def test_an_applicant_of_no_known_kind_is_told():
    form = next(c.form for c in shipped_cases() if isinstance(c.form, ProfileCase) and c.form.award)
    assert form.award
    others = form.award.others.model_copy(update={"asked": ["路人"]})
    award = form.award.model_copy(update={"others": others})
    with pytest.raises(CaseError, match="路人"):
        variants_of(load_rules(), form.model_copy(update={"award": award}))


def test_the_table_names_every_award_of_the_list_and_who_may_claim_it():
    listed = [line.split("\t") for line in AWARDS.read_text(encoding="utf-8").splitlines()[1:]]
    rows = {
        (form.expect.policy, form.expect.clause, form.award.name, form.award.level): form.award.others
        for form in (case.form for case in shipped_cases() if isinstance(case.form, ProfileCase))
        if form.award and form.expect.clause
    }
    assert len(listed) == len(rows) == 158
    for policy, clause, name, level in listed:
        paths = {one.path for one in clauses_at(POLICIES[policy], clause)}
        (others,) = (others for row, others in rows.items() if row[2:] == (name, level or None) and row[1] in paths)
        assert others.not_paid


def test_the_words_a_query_is_answered_by_are_printed():
    for case in shipped_cases():
        if isinstance(case.form, RetrievalCase) and case.form.quote:
            body = POLICIES[case.clauses[0].partition(":")[0]].body
            assert re.sub(r"\s", "", case.form.quote) in re.sub(r"\s", "", body), case.source


# ------------------------------------------------------------------ the guide
def test_the_examples_of_the_guide_are_cases(tmp_path):
    blocks = re.findall(r"^```yaml\n# (\S+\.yaml)\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    for name, text in blocks:
        (tmp_path / name).write_text(text, encoding="utf-8")
    cases = load_cases(tmp_path)
    assert {case.suite for case in cases} == set(SUITES) - {"comparison"}
    assert not any(case.id == known.id for case in cases for known in shipped_cases())
    for case in cases:
        if isinstance(case.form, ProfileCase):
            gold, found = case.form.expect, assess(load_rules(), *claims_of(load_rules(), case.form))
            assert all(finding.value for finding in compare(gold, found).values())


def test_the_guide_names_every_form_field_and_measure():
    named = {word for span in re.findall(r"`([^`\n]+)`", GUIDE) for word in re.findall(r"[\w@ ]+", span)}
    assert set(FORMS) <= {name.strip("*") for name in named}
    assert set(MEASURES) <= named
    assert fields_of(schema(root) for _, root in FORMS.values()) <= named | {"type"}


def fields_of(schemas: Iterable[dict[str, Any]]) -> set[str]:
    parts = [part for found in schemas for part in found["$defs"].values()]
    return {field for part in parts for field in part["properties"]}


# ------------------------------------------------------------------ schemas
@pytest.mark.parametrize("name", FORMS)
def test_a_schema_accepts_what_is_shipped_and_refuses_a_misspelt_field(name):
    validators = pytest.importorskip("jsonschema")
    form = FORMS[name][1]
    found = json.loads(json.dumps(schema(form)))
    validators.Draft202012Validator.check_schema(found)
    validator = validators.Draft202012Validator(found)
    paths = [path for path in SHIPPED.rglob("*.yaml") if path.name.startswith(name)]
    assert paths or name == "qa_comparison"
    for data in [as_json(RIGHT[name]), *(as_json(path.read_text(encoding="utf-8")) for path in paths)]:
        assert not list(validator.iter_errors(data))
        assert list(validator.iter_errors([{**data[0], "qestion": "x"}]))
        assert list(validator.iter_errors([{key: value for key, value in data[0].items() if key != "id"}]))


def as_json(text: str) -> list[dict[str, object]]:
    """A case file as JSON has it: dates are text."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return json.loads(json.dumps(yaml.load(text, Loader=loader), default=str))
