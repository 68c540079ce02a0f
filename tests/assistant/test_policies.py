"""Policies that a question names: by number, name, place, year or age."""

from __future__ import annotations

import pytest

from assistant.understanding.folding import fold
from assistant.understanding.places import PlaceRecogniser
from assistant.understanding.policies import PolicyRecogniser

OLD, NEW = "taizhou-2017", "taizhou-2021"


@pytest.fixture(scope="module")
def named(book):
    """The policies that a question names, in its order, each once."""
    recogniser, places = PolicyRecogniser(book), PlaceRecogniser(book.gazetteer)

    def policies(question):
        text = fold(question).text
        mentions = recogniser.find(text, places.find(text))
        return list(dict.fromkeys(policy for mention in mentions for policy in mention.policies))

    return policies


@pytest.mark.parametrize(
    ("question", "policies"),
    [
        # by number
        ("台政发〔2021〕4号里怎么写", [NEW]),
        ("台政发[2017]13号", [OLD]),
        ("台政发（2017）13 号", [OLD]),
        ("臺政發〔2021〕4號", [NEW]),
        ("4号文有效期多久", [NEW]),
        ("13号文", [OLD]),
        ("舟质强市发〔2023〕1号", ["zhoushan-2023"]),
        # by name
        ("三强一制造那份文件", [OLD]),
        ("质量强市若干意见", [NEW]),
        ("三门十四五规划", ["sanmen-145"]),
        ("舟山方案里", ["zhoushan-2023"]),
        # by place
        ("长乐那份意见谁解释", ["changle-2020"]),
        ("长乐的政策", ["changle-2020"]),
        ("2021年的三门规划", ["sanmen-145"]),
        # by year
        ("2017版的标准", [OLD]),
        ("17年那份老文件", [OLD]),
        ("台州2021各多少", [NEW]),
        ("台州17年的文件", [OLD]),
        ("2017台州给多少", [OLD]),
        ("驰名商标(2017)", [OLD]),
        # by age
        ("老政策里驰名商标多少", [OLD]),
        ("现行的文件", [NEW]),
        ("新老两版差多少", [OLD, NEW]),
        ("前后两版", [OLD, NEW]),
    ],
)
def test_policies_that_are_named(named, question, policies):
    assert named(question) == policies


@pytest.mark.parametrize(
    "question",
    [
        "2021年拿了质量奖能领多少",
        "2021年3月获得的",
        "台州2021年拿了品字标",
        "2017年底的奖",
        "长乐的企业",
        "三门县的企业",
        "19年的文件",
        "杭州的政策",
        "2022年的意见",
        "第4号",
        "",
    ],
)
def test_what_names_no_policy(named, question):
    assert named(question) == []


def test_a_year_with_a_place_is_the_text_of_that_place(named):
    assert named("21年的文件") == ["sanmen-145", NEW]
    assert named("椒江21年的文件") == [NEW]


def test_the_whole_number_is_the_mention(book):
    """Else the year of the number is free to be taken for a date."""
    recogniser = PolicyRecogniser(book)
    text = fold("台政发2021 4号里").text
    (mention,) = recogniser.find(text, [])
    assert text[mention.start : mention.end] == "台政发20214号"


@pytest.mark.parametrize("number", ["台政发〔2021〕4号", "台政发[2021]4号", "台政发(2021)4号"])
def test_the_whole_number_is_the_mention_with_its_brackets(book, number):
    text = fold(f"{number}里").text
    spans = [(m.start, m.end) for m in PolicyRecogniser(book).find(text, [])]
    assert (0, len(text) - 1) in spans
