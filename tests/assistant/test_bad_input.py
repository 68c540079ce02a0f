"""Questions that nobody should ask: each gets a sentence, and the conversation goes on."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.conversation import Conversation
from assistant.errors import QuestionError
from assistant.figures import unbacked

TODAY = date(2026, 11, 21)
QUESTION = "黄岩的公司，2022年3月拿到中国质量奖提名奖，奖多少钱？"


@pytest.mark.parametrize(
    "question",
    ["1234567890", "？？？！！！", "。", "😀😀😀", "SELECT * FROM users; --", "<script>alert(1)</script>",
     "質量奖 quality award 品質賞 いくら？ 얼마", "\u202e奖量质国中", "a" * 1999, "奖" * 2000, "（" * 500, "2022年" * 300],
)  # fmt: skip
def test_any_text_gets_an_answer(real, question):
    conversation = Conversation()
    answer = real.ask(question, conversation, TODAY)
    assert answer.text
    assert not unbacked(answer, question)
    assert real.ask(QUESTION, conversation, TODAY).assessment.total_yuan == 750_000


@pytest.mark.parametrize("question", ["", " \n\t ", "\x00\x01", QUESTION + "页" * 20_000])
def test_what_is_empty_or_too_long_is_refused_and_loses_nothing(real, question):
    conversation = Conversation()
    real.ask(QUESTION, conversation, TODAY)
    with pytest.raises(QuestionError, match=r"空的|最多 2000 个字"):
        real.ask(question, conversation, TODAY)
    assert real.ask("那正奖呢？", conversation, TODAY).assessment.total_yuan == 1_500_000


def test_fifty_awards_in_one_question(calculating):
    awards = "、".join(f"第{n}项国家标准" for n in range(1, 26)) + "、" + "、".join(["市级地方标准", "行业标准"] * 12)
    answer = calculating.ask(f"椒江企业2022年6月第一起草：{awards}，多少钱？", Conversation(), TODAY)
    assert answer.text
    assert not unbacked(answer, awards)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("椒江的企业，也是长乐的企业，2022年拿了省政府质量奖，多少钱？", "哪个市"),
        ("我们在杭州也在台州，2022年拿了浙江省政府质量奖，多少钱？", ""),
    ],
)
def test_two_places_for_one_award_are_not_decided_by_a_coin(calculating, question, asked):
    answer = calculating.ask(question, Conversation(), TODAY)
    paid = answer.assessment.total_yuan if answer.assessment else None
    assert paid is None or answer.assessment.lines
    assert asked in answer.text
