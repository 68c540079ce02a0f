"""Many questions from a file: a broken line is reported, the others are answered."""

from __future__ import annotations

import json
from datetime import date

import pytest

from assistant.batch import answer_lines, converse
from assistant.errors import QuestionError
from knowledge.errors import IndexMissingError

QUESTION = "椒江企业2022年6月拿了浙江省政府质量奖，能领多少"
GOOD = json.dumps({"id": "M001", "turns": [QUESTION]}, ensure_ascii=False).encode()


def line(**fields):
    return json.dumps(fields, ensure_ascii=False).encode()


@pytest.fixture
def results(calculating):
    return lambda *lines: list(answer_lines(calculating, lines))


def test_a_good_line_is_answered(results):
    (result,) = results(GOOD)
    assert (result.number, result.id, result.error) == (1, "M001", None)
    (answer,) = json.loads(result.as_json())["answers"]
    assert answer["assessment"]["total_yuan"] == 1000000
    assert set(json.loads(result.as_json())) == {"id", "answers"}


def test_turns_are_one_conversation_and_lines_are_not(results):
    first, second = results(
        line(id=1, turns=[QUESTION, "那质量管理创新奖呢？"]), line(id=2, turns=["那质量管理创新奖呢？我们2022年拿的"])
    )
    assert [a.assessment.total_yuan for a in first.answers] == [1000000, 300000]
    assert second.answers[0].kind == "clarification"


def test_today_is_where_relative_dates_are_counted_from(results):
    question = "椒江企业去年拿了浙江省政府质量奖"
    old, new = results(
        line(id="a", turns=[question], today="2019-05-01"), line(id="b", turns=[question], today="2023-05-01")
    )
    assert [old.answers[0].assessment.total_yuan, new.answers[0].assessment.total_yuan] == [500000, 1000000]


@pytest.mark.parametrize(
    ("raw", "identity", "words"),
    [
        (b"{broken", None, "不是 JSON"),
        (b'{"id": "X", "turns": ["a"]', None, "不是 JSON"),
        (b"[1, 2]", None, "不是 JSON 对象"),
        (b'"text"', None, "不是 JSON 对象"),
        (b"null", None, "不是 JSON 对象"),
        (b"[" * 100_000, None, "不是 JSON"),
        ('{"id": "X", "turns": ["质量奖"]}'.encode("gb18030"), None, "UTF-8"),
        (b"\xff\xfe\x00\x01", None, "UTF-8"),
        (line(turns=["质量奖"]), None, "id"),
        (line(id=None, turns=["质量奖"]), None, "id"),
        (line(id=["X"], turns=["质量奖"]), None, "id"),
        (line(id="X"), "X", "turns"),
        (line(id="X", turns=[]), "X", "turns"),
        (line(id="X", turns="质量奖"), "X", "turns"),
        (line(id="X", turns=[1]), "X", "turns"),
        (line(id="X", turns=[None]), "X", "turns"),
        (line(id="X", turns=["问"] * 51), "X", "turns"),
        (line(id=7, turns=["质量奖"], today="昨天"), 7, "today"),
        (line(id=7, turns=["质量奖"], today="2026-02-30"), 7, "today"),
        (line(id="X", turns=[""]), "X", "空"),
        (line(id="X", turns=[QUESTION, " "]), "X", "空"),
        (line(id="X", turns=["质" * 2001]), "X", "最多"),
        (b'{"id": "X", "turns": ["\\ud800"]}', "X", ""),
    ],
)
def test_a_broken_line_is_reported_and_the_others_are_answered(results, raw, identity, words):
    first, broken, last = results(GOOD, raw, GOOD)
    assert (first.error, last.error) == (None, None)
    assert (broken.number, broken.id, broken.answers) == (2, identity, None)
    assert words in broken.error
    assert json.loads(broken.as_json()) == {"id": identity, "error": broken.error}
    assert "Traceback" not in broken.error


@pytest.mark.parametrize(
    "raw",
    [
        b'{"id": "\\ud800", "turns": ["x"]}',
        pytest.param(
            b'{"id": 1' + b"0" * 5000 + b', "turns": ["x"]}',
            id="huge number",
        ),
    ],
)
def test_a_line_whose_id_cannot_be_written_is_reported(results, raw):
    _, broken, last = results(GOOD, raw, GOOD)
    assert broken.error
    broken.as_json().encode("utf-8")
    assert last.error is None


def test_empty_lines_are_skipped_but_counted(results):
    first, second = results(b"", GOOD, b"  \n", GOOD + b"\r\n")
    assert (first.number, second.number) == (2, 4)


def test_a_byte_order_mark_is_no_part_of_the_line(results):
    (result,) = results(b"\xef\xbb\xbf" + GOOD)
    assert result.error is None


def test_fields_that_are_not_known_are_ignored(results):
    (result,) = results(line(id="X", turns=[QUESTION], topic="质量奖"))
    assert result.error is None


def test_nothing_is_read_ahead(calculating):
    """Each answer is there as soon as its line was read."""
    read = []

    def lines():
        for number in range(3):
            read.append(number)
            yield GOOD

    found = answer_lines(calculating, lines())
    next(found)
    assert read == [0]


def test_an_index_that_cannot_be_used_ends_the_work(real_search_missing):
    with pytest.raises(IndexMissingError):
        list(answer_lines(real_search_missing, [GOOD, line(id="Z", turns=["舟山怎样讲好质量故事"])]))


@pytest.fixture
def real_search_missing():
    from assistant.pipeline import Assistant

    def missing(query, policies):
        raise IndexMissingError("没有索引")

    return Assistant(missing)


def test_a_conversation_has_one_answer_for_each_turn(calculating):
    answers = converse(calculating, [QUESTION, "谢谢", "那质量管理创新奖呢"], date(2026, 11, 21))
    assert [answer.kind for answer in answers] == ["eligibility", "smalltalk", "eligibility"]
    with pytest.raises(QuestionError):
        converse(calculating, [QUESTION, ""])
