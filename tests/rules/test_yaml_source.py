"""Rule files that cannot be used: every message names file and line."""

from __future__ import annotations

import pytest

from rules.errors import RuleFileError
from rules.model import PolicyRules
from rules.yaml_source import load_model

GOOD = """\
policy: test
name: 试验意见
territories:
  - place: {province: 浙江省}
    clause: 五
    quote: 全省执行
in_force:
  first_day: 2021-02-11
  clause: 五
  quote: 自发文之日起施行
caps:
  - {id: ceiling, yuan: 500000, per: lifetime, text: 不超过50万元, clause: 一, quote: 不超过50万元}
provisions:
  - clause: 一
    quote: 给予40万元的奖励
    beneficiary: [enterprise]
    beneficiary_text: 企业
    awards:
      - id: first
        name: 甲奖
        concept: quality-award
        amount: {yuan: 400000}
        rank: {first: 1, last: 3, text: 前三位}
      - {id: second, name: 乙奖, concept: quality-award, amount: {kind: share, percent: 50, base: 费用}}
"""


@pytest.fixture
def load(tmp_path):
    """Loads a text, or bytes, as the rules of a policy."""

    def from_text(text):
        path = tmp_path / "test.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_model(path, PolicyRules)

    return from_text


def test_a_good_file(load):
    rules = load(GOOD)
    first, second = rules.provisions[0].awards
    assert (first.amount.kind, first.amount.yuan) == ("fixed", 400000)
    assert (second.amount.kind, str(second.amount.percent)) == ("share", "50")
    assert rules.caps[0].yuan == 500000


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        # unknown keys
        ("name: 试验意见", "name: 试验意见\nauthor: 某人", 3, "author: '某人' — Extra inputs are not permitted"),
        ("concept: quality-award\n", "concept: quality-award\n        colour: red\n", 22, "colour: 'red'"),
        ("{yuan: 400000}", "{yuan: 400000, base: 费用}", 22, "amount.base"),
        ("clause: 五\n    quote: 全省执行", "clauses: 五\n    quote: 全省执行", 4, "territories.0.clause"),
        # duplicate keys
        ("name: 试验意见", "name: 试验意见\nname: 又一个", 3, "“name” stands twice"),
        ("{yuan: 400000}", "{yuan: 400000, yuan: 40000}", 22, "“yuan” stands twice"),
        # amounts
        ("{yuan: 400000}", "{yuan: 400000.0}", 22, "yuan: 400000.0"),
        ("{yuan: 400000}", "{yuan: 4e5}", 22, "yuan: '4e5'"),
        ("{yuan: 400000}", "{yuan: -1}", 22, "greater than or equal to 0"),
        ("{yuan: 400000}", "{yuan: 40万}", 22, "yuan: '40万'"),
        ("{yuan: 400000}", "{yuan: '400000'}", 22, "yuan: '400000'"),
        ("{yuan: 400000}", "{yuan: true}", 22, "yuan: True"),
        ("{yuan: 400000}", "{yuan: }", 22, "yuan: None"),
        ("{yuan: 400000}", "{kind: gift, yuan: 400000}", 22, "gift"),
        ("{yuan: 400000}", "400000", 22, "amount"),
        ("percent: 50", "percent: 0", 24, "greater than 0"),
        ("percent: 50", "percent: 101", 24, "less than or equal to 100"),
        ("percent: 50, ", "", 24, "percent"),
        ("yuan: 500000", "yuan: 500000.5", 12, "yuan: 500000.5"),
        ("per: lifetime", "per: month", 12, "'year'"),
        # ranks, dates, words
        ("rank: {first: 1", "rank: {first: 0", 23, "rank.first: 0"),
        ("first_day: 2021-02-11", "first_day: 2021-02-30", 8, "first_day"),
        ("first_day: 2021-02-11", "first_day: 去年", 8, "first_day: '去年'"),
        ("[enterprise]", "[company]", 16, "'company'"),
        (
            "    clause: 五\n    quote: 全省",
            "    effect: both\n    clause: 五\n    quote: 全省",
            5,
            "'binding' or 'reference'",
        ),
        # missing fields
        ("policy: test\n", "", 1, "policy"),
        ("    quote: 全省执行\n", "", 4, "quote"),
        ("    beneficiary_text: 企业\n", "", 14, "beneficiary_text"),
        ("        name: 甲奖\n", "", 19, "name"),
        ("        amount: {yuan: 400000}\n", "", 19, "amount"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(load, old, new, line, words):
    assert GOOD.count(old) == 1
    with pytest.raises(RuleFileError) as caught:
        load(GOOD.replace(old, new))
    assert caught.value.line == line
    assert str(caught.value).startswith(f"{caught.value.path}:{line}: ")
    assert caught.value.path.name == "test.yaml"
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"", 1, "is empty"),
        ("# 只有说明\n".encode(), 1, "is empty"),
        (b"---\n...\n", 2, "the file"),
        (b"- one\n- two\n", 1, "the file"),
        (b"text\n", 1, "the file"),
        (b"policy: [\n", 2, "is not valid YAML"),
        (b"policy: test\n  name: x\n", 2, "is not valid YAML"),
        (b"policy: test\nname:\t- x\n", 2, "is not valid YAML"),
        (b"policy: *nowhere\n", 1, "is not valid YAML"),
        (b"policy: test\nname: !!python/object/apply:os.getcwd []\n", 2, "is not valid YAML"),
        ("policy: 试验\n".encode("gb18030"), 1, "UTF-8"),
        (b"\x00\x01\x02\xff", 1, "UTF-8"),
        (b"a: 1\n---\na: 2\n", 2, "is not valid YAML"),
    ],
)
def test_files_that_are_no_rules(load, data, line, words):
    with pytest.raises(RuleFileError) as caught:
        load(data)
    assert str(caught.value).startswith(f"{caught.value.path}:{line}: ")
    assert words in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(RuleFileError, match=r"nowhere\.yaml:1: cannot be read"):
        load_model(tmp_path / "nowhere.yaml", PolicyRules)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(RuleFileError, match=":1: cannot be read"):
        load_model(tmp_path, PolicyRules)


def test_nothing_is_run_while_a_file_is_read(load, tmp_path):
    mark = tmp_path / "mark"
    with pytest.raises(RuleFileError):
        load(f"policy: !!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path ['{mark}']]\n")
    assert not mark.exists()


def test_an_anchor_that_is_used_again_is_no_duplicate(load):
    rules = load(
        GOOD.replace("quote: 全省执行", "quote: &words 全省执行").replace("quote: 自发文之日起施行", "quote: *words")
    )
    assert rules.in_force.quote == "全省执行"


def test_a_long_value_is_shown_short(load):
    with pytest.raises(RuleFileError) as caught:
        load(GOOD.replace("{yuan: 400000}", f"{{yuan: {'九' * 500}}}"))
    assert len(str(caught.value)) < 250 + len(str(caught.value.path))
