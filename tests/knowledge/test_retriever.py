"""Search over the shipped texts with the bundled model."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.errors import ModelError
from knowledge.index import KnowledgeIndex
from knowledge.retriever import Retriever


@pytest.fixture(scope="module")
def retriever(built_index, encoder):
    return Retriever(built_index, encoder)


@pytest.mark.parametrize(
    ("query", "policy", "clause"),
    [
        ("马德里商标注册量2025年目标", "sanmen-145", "二/（三）/质量强县建设“十四五”规划主要指标"),
        ("学前教育公共服务圈", "zhoushan-2023", "二/（三）/10"),
        ("長樂的政府質量獎就高不重複", "changle-2020", "三/（二）/末段"),
        ("自我声明的品字标企业奖励多少", "taizhou-2021", "三/（一）/1"),
        ("国际注册费补助最高多少", "taizhou-2017", "二/（六）"),
    ],
)
def test_finds_the_clause_among_the_first_three(retriever, query, policy, clause):
    assert (policy, clause) in [(hit.passage.policy, hit.passage.clause) for hit in retriever.search(query, top_k=3)]


def test_hits_are_ranked_unique_and_explained(retriever):
    hits = retriever.search("中国质量奖提名奖奖励多少", top_k=20)
    assert len(hits) == len({hit.passage.id for hit in hits}) == 20
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.dense is not None or hit.keyword is not None for hit in hits)
    assert any(hit.dense is not None and hit.keyword is not None for hit in hits)


@pytest.mark.parametrize("policies", [["changle-2020"], ["taizhou-2017", "taizhou-2021"]])
def test_filter_holds_for_both_rankings(retriever, policies):
    hits = retriever.search("质量奖", policies=policies, top_k=60)
    assert {hit.passage.policy for hit in hits} == set(policies)
    assert len(hits) >= 50


def test_nothing_is_searched_where_no_policy_is_allowed(retriever):
    assert retriever.search("质量奖", policies=[]) == []


def test_blank_query(retriever):
    assert retriever.search("  ") == []


def test_unknown_policy_is_an_error(retriever):
    with pytest.raises(KeyError, match="没有政策文件 hangzhou"):
        retriever.search("质量奖", policies=["hangzhou"])


@pytest.mark.parametrize("options", [{"top_k": 0}, {"dense_weight": -1}, {"dense_weight": 0, "keyword_weight": 0}])
def test_arguments_are_checked(built_index, encoder, options):
    with pytest.raises(ValueError):
        Retriever(built_index, encoder, **options)


def test_a_model_that_fails_is_never_hidden_by_keywords(built_index, encoder):
    class Broken:
        fingerprint = encoder.fingerprint

        def encode_query(self, text):
            raise ModelError("模型坏了")

    with pytest.raises(ModelError):
        Retriever(built_index, Broken()).search("质量奖")


def test_vectors_have_the_documented_shape(encoder):
    documents = encoder.encode_documents(["政府质量奖", "标准化试点项目的奖励"])
    query = encoder.encode_query("质量奖")
    assert (documents.shape, documents.dtype) == ((2, 384), np.float32)
    assert (query.shape, query.dtype) == ((384,), np.float32)
    assert np.linalg.norm(documents, axis=1) == pytest.approx(1, abs=1e-5)
    assert documents[0] @ query > documents[1] @ query


def test_a_second_build_embeds_nothing(built_index, built_data_dir, encoder):
    assert KnowledgeIndex(built_data_dir, encoder).build().embedded == 0
