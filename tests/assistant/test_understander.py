"""From words to a typed request: see ``questions.yaml``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from assistant.understanding.model import Request

TODAY = date(2026, 11, 21)
QUESTIONS = yaml.safe_load((Path(__file__).parent / "questions.yaml").read_text("utf-8"))


def shown_claim(claim):
    """A claim as the questions write it: what was said and nothing else."""
    said = claim.model_dump(exclude_defaults=True)
    if claim.obtained:
        said["obtained"] = claim.obtained.label
    return said


def shown(request, name):
    value = getattr(request, name)
    if name == "claims":
        return [shown_claim(claim) for claim in value]
    if name == "place":
        return value.name if value else None
    if name == "compared_places":
        return [place.name for place in value]
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case, id=f"{number}", marks=pytest.mark.xfail(strict=True, reason=f"{case['ask']}: {case['xfail']}")
        )
        if "xfail" in case
        else pytest.param(case, id=f"{number}")
        for number, case in enumerate(QUESTIONS, 1)
    ],
)
def test_question_makes_a_request(understander, case):
    expected = {key: value for key, value in case.items() if key not in ("ask", "xfail")}
    assert expected
    assert expected.keys() <= Request.model_fields.keys()
    request = understander.understand(case["ask"], TODAY)
    assert {name: shown(request, name) for name in expected} == expected


def test_the_questions_are_many_and_differ():
    asked = [case["ask"] for case in QUESTIONS]
    assert len(asked) == len(set(asked)) >= 40


def test_the_question_is_kept_as_typed(understander):
    typed = "  長樂的“政府質量獎”？ "
    assert understander.understand(typed, TODAY).question == typed


@pytest.mark.parametrize(
    "text", ["？", "。。。", "😀", "a" * 2000, "的" * 2000, "12345678901234567890年", "\n\t", "〇年〇月"]
)
def test_whatever_is_typed_makes_a_request(understander, text):
    assert understander.understand(text, TODAY).claims == ()


@pytest.mark.parametrize(
    ("question", "asked_for"),
    [
        ("椒江企业拿了省质量奖，钱谁出", "asks_funding"),
        ("椒江企业拿了省质量奖，市里列支吗", "asks_funding"),
        ("4号文过期了没有", "asks_in_force"),
        ("长乐的意见什么时候施行", "asks_in_force"),
        ("三门质量强县规划的起止年份", "asks_in_force"),
        ("三门规划以哪一年为基准年", "asks_in_force"),
        ("多项奖励能叠加吗，台州2021", "asks_stacking"),
        ("长乐奖励就高还是都给", "asks_stacking"),
        ("长乐意见的解释权归谁", "asks_interpreter"),
        ("老政策适用于哪几个区", "asks_territory"),
        ("质量强市工作谁牵头", "asks_who"),
        ("品字标怎么申报，联系电话多少", "asks_procedure"),
    ],
)
def test_what_else_is_asked_for(understander, question, asked_for):
    assert getattr(understander.understand(question, TODAY), asked_for)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("三门头一家拿浙江制造认证的厂是哪家", "text"),
        ("三门首个区域名牌叫什么", "text"),
        ("我们椒江的厂2022年拿了品字标，去哪家领钱", "award"),
        ("标准国际化培育基地，台州21版给几万", "award"),  # 培育 is a part of the name, no target
        ("市级服务业标准化试点，17年同21年有冇两样", "comparison"),
        ("台州和长乐的中国质量奖谁定得高", "comparison"),
        ("三门哪家高新技术企业拿了浙江制造认证", "text"),
    ],
)
def test_what_kind_of_answer_is_asked_for(understander, question, kind):
    assert understander.understand(question, TODAY).kind == kind


def test_a_year_before_the_place_of_a_text_is_that_of_the_text(understander):
    request = understander.understand("国家质检中心，2021年台州的政策，验收过了给多少", TODAY)
    assert request.policies == ("taizhou-2021",)
    assert not request.own_claim


def test_a_number_belongs_to_its_own_part_of_the_sentence(understander):
    question = "椒江企业2022年6月拿了创新药两个，仿制药三个，CNAS实验室认可"
    claims = understander.understand(question, TODAY).claims
    assert [(claim.concept, claim.quantity) for claim in claims] == [
        ("drug-registration", 2), ("drug-registration", 3), ("laboratory-accreditation", None),
    ]  # fmt: skip


def test_each_claim_has_its_own_date(understander):
    question = "椒江企业，2018年拿了省质量奖，2022年3月又拿了中国质量奖"
    claims = understander.understand(question, TODAY).claims
    assert [(c.facets["level"], c.obtained.label) for c in claims] == [("provincial", "2018"), ("national", "2022-03")]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("药企拿了创新药", "enterprise"), ("行业协会拿了区域名牌", "association"), ("我们实验室通过CNAS", "laboratory"),
        ("园区通过验收", "park"), ("医院拿了质量奖", "organisation"), ("大学牵头国标", "public_institution"),
        ("不是企业，是协会，拿了质量奖", "association"), ("拿了重点实验室", None), ("专利标准融合发展示范企业", None),
    ],
)  # fmt: skip
def test_who_applies(understander, question, kind):
    """The name of an honour says nothing of the applicant: 示范企业, 重点实验室."""
    assert understander.understand(question, TODAY).applicant_type == kind
