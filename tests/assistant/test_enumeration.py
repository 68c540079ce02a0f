"""What the parts of a clause are called: by their headings, or by the sentences that head its paragraphs."""

from __future__ import annotations

from datetime import date

import pytest
from answer_checks import broken

from assistant.replies.enumeration import enumeration

TODAY = date(2026, 11, 21)
PROBLEMS = ("质量治理合力尚需加强", "质量治理基础尚需完善", "质量变革机制尚需优化", "质量治理要素尚需集聚")


@pytest.mark.parametrize(
    ("question", "clauses", "names"),
    [
        ("长乐讲的三大战略是哪仨？", ["一/（一）", "一/（二）", "一/（三）"], ("质量提升", "质量品牌", "技术标准")),
        ("长乐意见的三大体系分别是什么", ["二/（一）", "二/（二）", "二/（三）"], ()),
        ("三门规划定的七项主要工作分别叫什么", [f"三/（{n}）" for n in "一二三四五六七"], ("增强品牌强业能力",)),
        ("三门规划的短板是哪四条，只要标题", ["一/（二）"] * 4, PROBLEMS),
        ("三门规划存在的问题是哪4个", ["一/（二）"] * 4, PROBLEMS),
        ("三门规划五条基本原则分别叫什么", ["二/（二）"] * 5, ("坚持民生为本,恪守安全",)),
        ("舟山方案的主要目标是哪五条", [f"一/（二）/{n}" for n in range(1, 6)], ("品牌建设显著增强",)),
    ],
)
def test_a_list_is_told_by_its_parts(calculating, question, clauses, names):
    answer = calculating.ask(question, today=TODAY)
    assert not broken(answer, question)
    assert [citation.clause for citation in answer.citations] == clauses
    assert all(name in answer.text for name in names)


@pytest.mark.parametrize(
    "question",
    [
        "三门规划的短板是哪九条",  # nothing has so many parts
        "长乐哪三家企业拿了奖",  # no heading speaks of it
        "三门规划的短板怎么补",  # no list is asked for
    ],
)
def test_what_is_no_list_is_left_to_the_search(asked_of, question):
    assert enumeration(asked_of(question), ["sanmen-145", "changle-2020"]) is None


@pytest.fixture
def asked_of(calculating):
    """A question as the replies get it."""
    from assistant.conversation import Conversation
    from assistant.pipeline import Asked

    return lambda question: calculating._understand(Asked(question, TODAY, Conversation()))
