"""Each part of a request remembers the words it came from, and the reply shows them."""

from __future__ import annotations

from datetime import date

import pytest
from answer_checks import broken

from assistant.conversation import Conversation

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("question", "heard"),
    [
        (
            "黄岩的公司，22年3月拿到提名奖，排第四",
            (("place", "黄岩"), ("date", "22年3月"), ("level", "提名奖"), ("rank", "排第四")),
        ),
        (
            "椒江企业2022年6月拿了浙江省政府质量奖",
            (("place", "椒江"), ("date", "2022年6月"), ("award", "浙江省政府质量奖")),
        ),
        (
            "椒江藥企，２０２２年６月拿了三个创新药",
            (("place", "椒江"), ("date", "２０２２年６月"), ("quantity", "三个"), ("award", "创新药")),
        ),
        (
            "路桥企业2019年商标国际注册费花了12万",
            (("place", "路桥"), ("date", "2019年"), ("award", "商标国际注册费"), ("cost", "12万")),
        ),
        ("4号文有效期多久", (("policy", "4号文"),)),
        ("你好", ()),
    ],
)
def test_the_words_of_each_part(understander, question, heard):
    assert understander.understand(question, TODAY).heard == heard


def test_words_are_those_typed(understander):
    heard = understander.understand("臺州市椒江區企業，2022年6月拿了“浙江省 政府質量獎”", TODAY).heard
    assert "臺州市椒江區" in dict(heard).values() or "椒江區" in [words for _, words in heard]
    assert all(mark not in words for _, words in heard for mark in "“”*`\n")


def test_every_heard_word_stands_in_the_question(understander):
    question = "长乐企业，2022年国标排名第二，之前领过10万"
    assert all(words in question for _, words in understander.understand(question, TODAY).heard)


def line_of(answer):
    return next((line for line in answer.text.splitlines() if line.startswith("按您说的：")), "")


def test_the_reply_shows_them_after_the_table_and_before_the_assumptions(calculating):
    question = "椒江企业2022年6月拿了浙江省政府质量奖，能领多少"
    answer = calculating.ask(question, today=TODAY)
    assert line_of(answer) == "按您说的：‘椒江’‘2022年6月’‘浙江省政府质量奖’。"
    at = answer.text.index("按您说的")
    assert answer.text.index("| **合计**") < at < answer.text.index("前提：")
    assert not broken(answer, question)


def test_a_follow_up_shows_its_own_words(calculating):
    conversation = Conversation()
    calculating.ask("椒江企业2022年6月拿了浙江省政府质量奖，能领多少", conversation, TODAY)
    answer = calculating.ask("那质量管理创新奖呢？", conversation, TODAY)
    assert line_of(answer) == "按您说的：‘质量管理创新奖’。"
    assert line_of(calculating.ask("一共多少", conversation, TODAY)) == ""


def test_no_more_than_six(calculating):
    question = "椒江企业2022年6月拿了省质量奖、CNAS实验室认可、创新药两个、国标第一起草、品字标自我声明、绿色产品认证"
    answer = calculating.ask(question, today=TODAY)
    assert line_of(answer).count("‘") <= 6
    assert not broken(answer, question)


def test_a_question_about_a_text_shows_none(calculating):
    assert line_of(calculating.ask("2017版的绿色产品认证奖多少", today=TODAY)) == ""


def test_words_side_by_side_never_make_a_figure(calculating):
    question = "长乐企业，2022年国标排第二，10万块能领吧"
    assert not broken(calculating.ask(question, today=TODAY), question)
