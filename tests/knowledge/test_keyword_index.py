"""Keyword search must find Chinese."""

from __future__ import annotations

import pytest

from knowledge.errors import IndexDamagedError
from knowledge.keyword_index import KeywordIndex
from knowledge.library import load_policies
from knowledge.passages import passages_of
from knowledge.tokens import tokenize

PASSAGES = passages_of(load_policies().values())
BY_ID = {passage.id: passage for passage in PASSAGES}


@pytest.fixture(scope="module")
def keywords():
    return KeywordIndex.build(PASSAGES)


@pytest.mark.parametrize(
    ("query", "quote"),
    [
        ("马德里商标", "马德里商标国际注册量"),
        ("測量管理體系認證獎", "设测量管理体系认证奖"),
        ("ＣＮＡＳ", "CNAS"),
        ("is010012", "IS010012"),
        ("螺杆", "螺杆"),
    ],
)
def test_finds_the_passage_first(keywords, query, quote):
    identity, score = keywords.search(query, 5)[0]
    assert quote in BY_ID[identity].quote
    assert score > 0


@pytest.mark.parametrize("query", ["", "xyzzy", "？！", "饕餮"])
def test_finds_nothing_where_nothing_is_shared(keywords, query):
    assert keywords.search(query, 5) == []


def test_searches_only_what_is_allowed(keywords):
    allowed = {passage.id for passage in PASSAGES if passage.policy == "changle-2020"}
    found = keywords.search("质量奖", 50, allowed)
    assert {BY_ID[identity].policy for identity, _ in found} == {"changle-2020"}


def test_survives_saving(keywords, tmp_path):
    keywords.save(tmp_path / "keywords")
    loaded = KeywordIndex.load(tmp_path / "keywords")
    loaded.check(PASSAGES)
    assert loaded.search("质量奖提名奖", 10) == keywords.search("质量奖提名奖", 10)


def test_self_test_notices_a_tokenizer_that_finds_no_chinese(keywords, monkeypatch):
    monkeypatch.setattr("knowledge.keyword_index.tokenize", str.split)
    with pytest.raises(IndexDamagedError, match="搜不到自己的段落"):
        keywords.check(PASSAGES)


def test_self_test_notices_missing_passages(keywords):
    with pytest.raises(IndexDamagedError):
        keywords.check(PASSAGES[1:])


def test_tokens_are_words_pairs_and_latin():
    tokens = tokenize("獲得浙江省Ｒ＆Ｄ補助1.5萬元")
    assert {"浙江省", "江省", "获得", "r&d", "1.5", "万元"} <= set(tokens)
    assert tokens.count("万元") == 1


def test_headings_are_searched_with_the_sentence_below_them(keywords):
    below = next(p for p in PASSAGES if (p.policy, p.clause) == ("changle-2020", "二/（二）") and "餐桌" in p.quote)
    assert below.id in [identity for identity, _ in keywords.search("质量安全动态监管体系", 10)]
