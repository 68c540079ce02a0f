"""Among which texts a question is searched."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.conversation import Conversation
from assistant.evidence import narrow
from assistant.pipeline import Asked, Assistant

TODAY = date(2026, 11, 21)
ASSISTANT = Assistant(lambda query, policies: [])


def searched(question):
    return narrow(ASSISTANT._understand(Asked(question, TODAY, Conversation())))


@pytest.mark.parametrize(
    ("question", "policies"),
    [
        ("台州21 品字标", ["taizhou-2021"]),
        ("台州17 质量月", ["taizhou-2017"]),
        ("台州2022年目标", ["taizhou-2021"]),  # in force in that year
        ("2019年台州给民宿认证钱吗", ["taizhou-2017"]),
        ("台州 评牌", ["taizhou-2017", "taizhou-2021"]),
        ("台州2030年的目标", ["taizhou-2017", "taizhou-2021"]),  # the year tells nothing
        ("台政发〔2017〕13号被哪份文件废止？", ["taizhou-2017", "taizhou-2021"]),
        ("Taizhou's 2017 opinion on smart toilets", ["taizhou-2017"]),
        ("三门2025年的目标", ["sanmen-145"]),
    ],
)
def test_place_and_year_tell_the_text(question, policies):
    assert [sorted(scope) for scope in searched(question)] == [sorted(policies)]


@pytest.mark.parametrize("question", ["数字化车间", "质量月是哪个月"])
def test_without_place_or_text_all_are_searched(question):
    assert searched(question) == [None]


@pytest.mark.parametrize("question", ["宁波的质量目标", "温州的海岛文化"])
def test_a_place_without_a_text_is_searched_nowhere(question):
    assert searched(question) == []


def test_a_place_within_a_name_of_the_texts_is_none():
    assert searched("上海国家技术标准创新基地") == [None]
    assert searched("丽水山耕获证企业有几家") == [None]
