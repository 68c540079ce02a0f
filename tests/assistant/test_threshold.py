"""When what was found is enough to answer."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import pytest

from assistant.conversation import Conversation
from assistant.evidence import enough, narrow
from assistant.pipeline import Asked, Assistant
from assistant.threshold import Measures, measure, score, threshold
from knowledge.library import load_policies
from knowledge.model import Hit
from knowledge.passages import passages_of

TODAY = date(2026, 11, 21)
PASSAGES = passages_of(load_policies().values())
ASSISTANT = Assistant(lambda query, policies: [])


def measured(question, policy, clause, words):
    turn = ASSISTANT._understand(Asked(question, TODAY, Conversation()))
    inside = [p for p in PASSAGES if (p.policy, p.clause) == (policy, clause) and words in p.quote.replace("\n", "")]
    hits = [Hit(passage=passage, score=18.0, dense=0.9, keyword=10.0) for passage in inside]
    assert hits
    return measure(turn, hits, narrow(turn))


FITNESS = ("zhoushan-2023", "二/（三）/10", "健身圈")


def test_every_measure_has_its_weight():
    assert threshold().weights.keys() == {"intercept", *Measures.__dataclass_fields__}
    assert 0 < threshold().least < 1
    assert threshold().why


def test_words_of_the_clause_cover_the_question():
    assert measured("舟山人均体育场地面积", *FITNESS).covered == 1
    assert measured("舟山大学生租房", *FITNESS).covered == 0
    assert 0 < measured("舟山健身圈租房", *FITNESS).covered < 1


def test_an_everyday_word_is_covered_by_the_texts_word_for_it():
    assert measured("舟山的运动场", *FITNESS).covered == 1


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("舟山健身圈的电话", "elsewhere"),
        ("舟山2019年的健身圈", "other_year"),
        ("舟山健身圈", "scoped"),
    ],
)
def test_measures_that_are_yes_or_no(question, name):
    assert asdict(measured(question, *FITNESS))[name] == 1


def test_a_quantity_needs_a_figure():
    without = ("zhoushan-2023", "二/（四）/14", "支持“品字标”品牌建设")
    assert measured("舟山品字标企业要有几家", *without).no_figure == 1
    assert measured("舟山品字标由哪几家管", *without).no_figure == 0
    assert measured("舟山健身圈要走多少分钟", *FITNESS).no_figure == 0


def test_a_year_in_force_or_in_the_text_is_no_other():
    clause = ("taizhou-2021", "三/（一）/1", "品字标")
    assert measured("台州2022年品字标", *clause).other_year == 0
    assert measured("台州2009年品字标", *clause).other_year == 1


def test_the_score_is_a_probability_that_measures_move():
    nothing = Measures(covered=0, shared=0, ahead=0, scoped=0, no_figure=0, elsewhere=1, stranger=1, other_year=1)
    everything = Measures(covered=1, shared=1, ahead=2, scoped=1, no_figure=0, elsewhere=0, stranger=0, other_year=0)
    assert 0 < score(nothing) < threshold().least < score(everything) < 1
    assert score(nothing, {"intercept": 0}) == 0.5


def test_nothing_found_is_never_enough():
    turn = ASSISTANT._understand(Asked("舟山健身圈", TODAY, Conversation()))
    assert not enough(turn, [])


def test_an_assistant_measures_nothing_where_nothing_is_searched():
    assert ASSISTANT.measured("宁波的质量目标", TODAY) is None
