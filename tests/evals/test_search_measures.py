"""Measuring the search: index in memory, variants, distractors, and writing it down."""

from __future__ import annotations

import numpy as np
import pytest

from evals.ablation import VARIANTS, assistant_of, labelled, measured
from evals.array_index import ArrayIndex, VectorCache
from evals.case_files import load_cases
from evals.distractors import copies, laws
from evals.marked import replace_marked, table
from evals.model import EvalsError
from evals.threshold import Sample, chosen, curve_row
from knowledge.library import load_policies
from knowledge.passages import passages_of
from rules.loader import load_rules


class Hashing:
    """An encoder without a model; counts what it embeds."""

    fingerprint = "0"

    def __init__(self):
        self.embedded = 0

    def encode_documents(self, texts):
        self.embedded += len(texts)
        return np.stack([self.encode_query(text) for text in texts])

    def encode_query(self, text):
        vector = np.zeros(64, dtype=np.float32)
        for sign in text:
            vector[ord(sign) % 64] += 1
        return vector / (np.linalg.norm(vector) or 1)


@pytest.fixture(scope="module")
def vectors():
    return VectorCache(Hashing())


def test_the_index_in_memory_ranks_and_filters(vectors):
    policies = load_policies()
    index = ArrayIndex(policies, passages_of(policies.values()), vectors)
    wanted = next(p for p in index.passages.values() if "健身圈" in p.quote)
    vector = vectors.encoder.encode_query(wanted.indexed_text)
    identity, cosine = index.dense(vector, 5)[0]
    assert (identity, cosine) == (wanted.id, pytest.approx(1, abs=1e-5))
    assert {index.passages[i].policy for i, _ in index.dense(vector, 900, ["changle-2020"])} == {"changle-2020"}
    assert index.keyword("健身圈", 3, ["zhoushan-2023"])[0][0] == wanted.id
    assert index.keyword("健身圈", 3, ["changle-2020"]) == []


def test_vectors_are_computed_once(vectors):
    before = vectors.encoder.embedded
    vectors.of(["甲乙", "丙丁", "甲乙"])
    vectors.of(["甲乙"])
    assert vectors.encoder.embedded == before + 2


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_every_variant_runs(vectors, variant):
    queries = labelled(load_cases())[:6]
    result = measured(assistant_of(variant, vectors), queries)
    assert sum(result.counts.values()) == 6
    assert all(0 <= share <= 1 for part in result.scores.values() for share in part.values())


def test_copies_are_of_other_cities_and_the_same_each_time():
    made = copies(6)
    assert list(made) == [f"copy-{number:02d}" for number in range(1, 7)]
    homes = [rules.home for rules in load_rules().policies.values() if rules.provisions]
    names = {name.rstrip("市区县") for home in homes for name in (home.district, home.city) if name}
    assert all(name not in policy.body for policy in made.values() for name in names)
    assert made == copies(6)
    sizes = {len(policy.clauses) for policy in load_policies().values()}
    assert all(len(policy.clauses) in sizes for policy in made.values())


def test_laws_become_texts_with_a_clause_for_each_article(tmp_path):
    import sqlite3

    with sqlite3.connect(tmp_path / "laws.db") as base:
        base.execute("CREATE TABLE articles (id, law_name, chapter, article_no, article_text, status)")
        base.executemany(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?)",
            [
                (1, "甲法", "第一章", "第一条", "为了甲。", "现行有效"),
                (2, "甲法", None, "第一条", "重复的条。", "现行有效"),
                (3, "旧法", None, "第一条", "作废。", "已废止"),
                (4, "乙法", None, "第一条", "为了乙。", "现行有效"),
            ],
        )
    made = laws(tmp_path, 2)
    assert [[clause.path for clause in policy.clauses] for policy in made.values()] == [["第一条", "第一条之2"]]
    assert len(laws(tmp_path, 10)) == 2
    assert laws(tmp_path, 0) == {}
    policy = made["law-0"]
    assert policy.text_of(policy.clauses[1]) == "第一条 重复的条。\n"


def test_the_curve_counts_both_errors():
    samples = [Sample(answerable=yes, held_out=False, measures=None) for yes in (True, True, True, True, False, False)]
    scores = [0.9, 0.8, 0.7, 0.1, 0.6, 0.2]
    assert curve_row(samples, scores, 0.5) == (0.25, 0.5)
    assert curve_row(samples, scores, 0.65) == (0.25, 0.0)
    assert chosen(samples, scores) == 0.1


def test_a_document_keeps_what_stands_outside_the_marks(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("before\n<!-- begin: x -->\nold\n<!-- end: x -->\nafter\n", encoding="utf-8")
    replace_marked(path, "x", table(["a", "b"], [["1", "2"]]))
    replace_marked(path, "x", table(["a", "b"], [["1", "3"]]))
    assert path.read_text(encoding="utf-8") == (
        "before\n<!-- begin: x -->\n\n| a | b |\n| --- | ---: |\n| 1 | 3 |\n\n<!-- end: x -->\nafter\n"
    )
    with pytest.raises(EvalsError, match="缺少标记"):
        replace_marked(path, "y", "…")
