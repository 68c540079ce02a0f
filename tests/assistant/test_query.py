"""What is made of a question for the search."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.lexicon import english, everyday
from assistant.query import QueryBuilder, QueryOptions, without_possessives

TODAY = date(2026, 11, 21)


@pytest.fixture
def build(book, understander):
    def of(question, **options):
        text = without_possessives(question)
        mentions = understander.recognise(text, TODAY)
        request = understander.resolve(text, mentions, TODAY)
        return QueryBuilder(book, QueryOptions(**options)).build(text, request, mentions)

    return of


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("台州2021年意见里品字标奖多少", "里品字标奖多少"),
        ("舟山 海岛文E家", "海岛文E家"),
        ("福州市政府质量奖长乐配多少", "福州市政府质量奖 配多少"),  # whose award it is stays
        ("Changle's quality blacklist", "quality blacklist"),
        ("长乐质量强区意见", ""),
    ],
)
def test_the_subject_lacks_what_only_says_where_to_search(build, question, subject):
    assert build(question).subject == subject


def test_the_whole_question_stays_where_that_is_wanted(build):
    assert build("舟山的PM2.5", subject=False).subject == "舟山的PM2.5"


def test_everyday_words_bring_those_of_the_texts(build):
    added = build("舟山的厂子能不能借到款").added
    assert any("企业" in words.text and "融资" in words.text for words in added)
    assert build("舟山的厂子能不能借到款", everyday=0).added == ()


def test_of_everyday_words_that_overlap_the_longest_counts():
    assert [found.terms for found in everyday("小厂")] == [("小微企业", "中小微企业")]
    assert everyday("产业计量测试中心") == []


def test_english_terms_are_translated_longest_first():
    found = english("Does it recall defective products?")
    assert ("缺陷产品",) in found.terms
    assert ("召回",) in found.terms
    assert "does" in found.unknown


@pytest.mark.parametrize("question", ["台州的CNAS实验室", "品字标", "ISO10012测量管理体系"])
def test_a_chinese_question_is_not_translated(question):
    assert english(question).terms == ()


def test_singular_and_plural_are_one():
    assert english("trademarks").terms == english("trademark").terms != ()
    assert english("subsidies").terms == english("subsidy").terms


def test_names_of_the_award_are_looked_for_as_well(build):
    added = build("台州2017年国军标奖多少", everyday=0).added
    assert any("国家标准（含国家军用标准）" in words.text.replace("(", "（").replace(")", "）") for words in added)


def test_possessives_do_not_hide_a_place(understander):
    assert understander.recognise(without_possessives("Sanmen's plan"), TODAY).places
    assert without_possessives("it’s Taizhou’s") == "it Taizhou"
