"""How the retriever joins both scores, over an index that says what each ranking finds."""

from __future__ import annotations

import pytest

from knowledge.errors import VectorServerError
from knowledge.passages import passages_of
from knowledge.query import Added, Query
from knowledge.retriever import Retriever


class Scripted:
    """An index whose rankings are given: by text of the query for words."""

    def __init__(self, policy, dense, keyword):
        self.policies = {policy.meta.id: policy}
        self.passages = {passage.id: passage for passage in passages_of([policy])}
        self._by_quote = {passage.quote: passage.id for passage in self.passages.values()}
        self._dense, self._keyword = dense, keyword
        self.asked: list[str] = []

    def dense(self, vector, limit, policies=None):
        if isinstance(self._dense, Exception):
            raise self._dense
        return [(self._by_quote[quote], score) for quote, score in self._dense][:limit]

    def keyword(self, query, limit, policies=None):
        self.asked.append(query)
        return [(self._by_quote[quote], score) for quote, score in self._keyword.get(query, [])][:limit]


TEXT = (
    "一、甲\n对第一种情形，给予10万元的奖励；对第二种情形，给予20万元的奖励；对第三种情形，给予30万元的奖励。\n"
    "二、乙\n对第四种情形，给予40万元的奖励。\n"
)
FIRST, SECOND, THIRD, FOURTH = (f"第{n}种" for n in "一二三四")


def found(retriever, query, **options):
    return [name_of(hit.passage) for hit in retriever.search(query, **options)]


def name_of(passage):
    return next(name for name in (FIRST, SECOND, THIRD, FOURTH) if name in passage.quote)


@pytest.fixture
def index_of(make_policy):
    policy = make_policy(TEXT)
    quotes = {name_of(passage): passage.quote for passage in passages_of([policy])}

    def make(dense, keyword):
        if not isinstance(dense, Exception):
            dense = [(quotes[quote], score) for quote, score in dense]
        return Scripted(policy, dense, {q: [(quotes[one], s) for one, s in hits] for q, hits in keyword.items()})

    return make


def test_a_difference_in_cosine_counts_twenty_times(index_of, counting):
    index = index_of([(FIRST, 0.90), (SECOND, 0.88)], {"问": [(SECOND, 8.0), (FIRST, 4.0)]})
    # 20 × 0.02 = 0.4 in meaning against half of the words.
    assert found(Retriever(index, counting), "问") == [SECOND, FIRST]
    closer = index_of([(FIRST, 0.91), (SECOND, 0.88)], {"问": [(SECOND, 8.0), (FIRST, 4.0)]})
    assert found(Retriever(closer, counting), "问") == [FIRST, SECOND]


def test_what_only_words_find_is_as_far_as_the_farthest_in_meaning(index_of, counting):
    index = index_of([(FIRST, 0.90), (SECOND, 0.80)], {"问": [(THIRD, 5.0)]})
    hits = Retriever(index, counting).search("问")
    third = next(hit for hit in hits if THIRD in hit.passage.quote)
    assert third.score == pytest.approx(20 * 0.80 + 1)
    assert (third.dense, third.keyword) == (None, 5.0)


def test_added_words_count_by_their_weight(index_of, counting):
    index = index_of([(FIRST, 0.9), (SECOND, 0.9)], {"厂子": [(FIRST, 2.0)], "企业": [(SECOND, 6.0)]})
    retriever = Retriever(index, counting)
    assert found(retriever, Query("厂子", added=(Added("企业", 0.5),)))[0] == SECOND
    assert found(retriever, Query("厂子", added=(Added("企业", 0.2),)))[0] == FIRST


def test_the_subject_is_searched_and_the_question_where_nothing_is_left(index_of, counting):
    index = index_of([(FIRST, 0.9)], {})
    Retriever(index, counting).search(Query("台州的奖励", subject="奖励"))
    Retriever(index, counting).search(Query("台州2021年意见", subject=" "))
    assert index.asked == ["奖励", "台州2021年意见"]


def test_one_clause_does_not_crowd_out_the_others(index_of, counting):
    dense = [(FIRST, 0.99), (SECOND, 0.98), (THIRD, 0.97), (FOURTH, 0.80)]
    retriever = Retriever(index_of(dense, {}), counting, per_clause=2)
    assert found(retriever, "问", top_k=3) == [FIRST, SECOND, FOURTH]


def test_a_ranking_without_weight_is_not_asked(index_of, counting):
    index = index_of([(FIRST, 0.9)], {"问": [(SECOND, 1.0)]})
    assert found(Retriever(index, counting, keyword_weight=0), "问") == [FIRST]
    assert index.asked == []
    assert found(Retriever(index, counting, dense_weight=0), "问") == [SECOND]


def test_without_the_vector_server_words_are_searched_and_it_is_said(index_of, counting):
    hits = Retriever(index_of(VectorServerError("没有回答"), {"问": [(SECOND, 1.0)]}), counting).search("问")
    assert hits.degraded
    assert [SECOND in hit.passage.quote for hit in hits] == [True]


def test_a_query_is_the_question():
    query = Query("台州的奖励", subject="奖励")
    assert query == "台州的奖励"
    assert Query("奖励").subject == "奖励"
