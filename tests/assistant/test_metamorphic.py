"""Changes that leave the meaning of a question as it was leave its result as it was."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from assistant.conversation import Conversation
from evals.variants.noise import SAME_RESULT, homophone

TODAY = date(2026, 11, 21)
QUESTIONS = [
    "黄岩的公司，2022年3月拿到中国质量奖提名奖，奖多少钱？",
    "温岭企业，2022年8月首张品字标认证证书，又有2张自我声明的，一共多少？",
    "椒江药厂，2021年6月取得3个创新药的药品注册证书，能领多少？",
    "路桥企业，2019年5月商标国际注册费花了12万元，补多少？",
    "长乐企业，2022年国家标准排名第四，多少钱？",
    "玉环企业，2022年9月第一起草国家标准2项，奖多少？",
    "台州湾新区的企业，2018年6月过了标准化良好行为AAAA级，多少钱？",
    "仙居企业，2021年2月10日获浙江省政府质量奖，多少钱？",
    "仙居企业，2021年2月11日获浙江省政府质量奖，多少钱？",
    "杭州企业，2022年6月获浙江省政府质量奖，台州给多少？",
    "长乐检测机构，2021年3月通过国家实验室认可，多少钱？",
]
POLITE = ["您好，麻烦帮忙看一下：{}谢谢您！", "老师好，想请教一个问题，{}", "{}辛苦了，急用。"]


def result(assistant, question):
    answer = assistant.ask(question, Conversation(), TODAY)
    assessment = answer.assessment
    lines = [(line.award, line.quantity, line.amount_yuan) for line in assessment.lines] if assessment else None
    return answer.kind, assessment and (assessment.outcome, assessment.total_yuan), lines


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("noise", [name for name in SAME_RESULT if name != "none"])
def test_writing(calculating, question, noise):
    assert result(calculating, SAME_RESULT[noise](question, Random(7))) == result(calculating, question)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("polite", POLITE)
def test_politeness(calculating, question, polite):
    assert result(calculating, polite.format(question)) == result(calculating, question)


@pytest.mark.parametrize("question", QUESTIONS)
def test_order_of_clauses(calculating, question):
    place, *rest = question.removesuffix("？").split("，")
    turned = "，".join([*rest[:-1], f"单位是{place}", rest[-1]]) + "？"
    assert turned != question
    assert result(calculating, turned)[1] == result(calculating, question)[1]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_homophone_gives_the_same_or_a_question(calculating, question):
    expected = result(calculating, question)[1]
    for seed in range(6):
        typed = homophone(question, Random(seed))
        answer = calculating.ask(typed, Conversation(), TODAY) if typed != question else None
        paid = answer.assessment.total_yuan if answer and answer.assessment else None
        assert paid in (None, 0, expected[1]), typed
