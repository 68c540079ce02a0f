"""Finds the passages that answer a question: by meaning and by words, both scores joined."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Protocol

from knowledge.encoder import Encoder, Vectors
from knowledge.errors import VectorServerError
from knowledge.model import Hit, Hits, Passage, Policy
from knowledge.query import Query

_log = logging.getLogger(__name__)

DENSE_WEIGHT = 20.0
KEYWORD_WEIGHT = 1.0
_LEG = 200  # passages taken from each ranking


class PassageIndex(Protocol):
    """What is searched; see :class:`knowledge.index.KnowledgeIndex`."""

    @property
    def policies(self) -> Mapping[str, Policy]:
        """The texts by id."""
        ...

    @property
    def passages(self) -> Mapping[str, Passage]:
        """Their passages by id."""
        ...

    def dense(self, vector: Vectors, limit: int, policies: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """Id and cosine similarity of the passages nearest to a vector, best first."""
        ...

    def keyword(self, query: str, limit: int, policies: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """Id and BM25 score of the passages that share most words with a query, best first."""
        ...


class Retriever:
    """Hybrid search over an index.

    The score of a passage is its cosine similarity times ``dense_weight``, and its BM25 score as a share of the best
    one times ``keyword_weight``. Scores tell how much better one passage is than the next; ranks, which are often
    fused instead, do not.

    Args:
        index: The index; built by its ``build`` or ``ensure``.
        encoder: The encoder with which it was built.
        top_k: How many passages a search returns where it does not say.
        dense_weight: Weight of likeness in meaning. Cosines of one question lie within a tenth: 20 makes a
            difference of 0.05 as much as all words of the question against none.
        keyword_weight: Weight of shared words.
        per_clause: How many passages of one clause a search returns at most, so that one long clause does not crowd
            out the others.

    Raises:
        ValueError: when a number is out of range.
    """

    def __init__(
        self,
        index: PassageIndex,
        encoder: Encoder,
        top_k: int = 10,
        dense_weight: float = DENSE_WEIGHT,
        keyword_weight: float = KEYWORD_WEIGHT,
        per_clause: int = 4,
    ) -> None:
        if top_k < 1 or per_clause < 1:
            raise ValueError(f"top_k 和 per_clause 应至少为 1，现为 {top_k} 和 {per_clause}")
        if min(dense_weight, keyword_weight) < 0 or dense_weight + keyword_weight == 0:
            raise ValueError("权重不能为负数，两个权重不能都是 0")
        self._index = index
        self._encoder = encoder
        self._top_k = top_k
        self._dense_weight = dense_weight
        self._keyword_weight = keyword_weight
        self._per_clause = per_clause

    def search(self, query: str, *, policies: Sequence[str] | None = None, top_k: int | None = None) -> Hits:
        """The passages that fit a question best.

        Args:
            query: The question; a :class:`Query` says more than its words.
            policies: Ids of the texts among which to search; None for all.
            top_k: How many at most; None for the number given to the retriever.

        Returns:
            Hits with their joined score, best first, no passage twice; empty when the query is blank. ``degraded``
            where the server that holds the vectors did not answer and only words were searched.

        Raises:
            KeyError: when there is no text of such an id.
            ValueError: when ``top_k`` is below 1.
            KnowledgeError: when index or model cannot be used; there is no silent search with half the means.
        """
        hits = Hits()
        limit = self._top_k if top_k is None else top_k
        if limit < 1:
            raise ValueError(f"top_k 应至少为 1，现为 {limit}")
        for policy in policies or ():
            if policy not in self._index.policies:
                raise KeyError(f"没有政策文件 {policy}；现有 {'、'.join(self._index.policies)}")
        if not query.strip():
            return hits
        asked = query if isinstance(query, Query) else Query(query)
        leg = max(_LEG, limit)
        dense: dict[str, float] = {}
        try:
            dense = self._dense(asked, leg, policies)
        except VectorServerError as error:
            _log.warning("searched by words only: %s", error)
            hits.degraded = True
        keyword = self._keyword(asked, leg, policies)
        hits += self._best(self._scores(dense, keyword), dense, keyword, limit)
        return hits

    def _dense(self, asked: Query, leg: int, policies: Sequence[str] | None) -> dict[str, float]:
        if not self._dense_weight:
            return {}
        return dict(self._index.dense(self._encoder.encode_query(_subject(asked)), leg, policies))

    def _keyword(self, asked: Query, leg: int, policies: Sequence[str] | None) -> dict[str, float]:
        """BM25 adds up over words: the score of all is the weighted sum of the scores of each part."""
        if not self._keyword_weight:
            return {}
        parts = [(_subject(asked), 1.0), *((added.text, added.weight) for added in asked.added)]
        scores: dict[str, float] = {}
        for text, weight in parts:
            if weight:
                for identity, score in self._index.keyword(text, leg, policies):
                    scores[identity] = scores.get(identity, 0.0) + weight * score
        return scores

    def _scores(self, dense: dict[str, float], keyword: dict[str, float]) -> dict[str, float]:
        # A passage that only the words found is no nearer in meaning than the farthest that meaning found.
        far = min(dense.values(), default=0.0)
        best = max(keyword.values(), default=0.0) or 1.0
        return {
            identity: self._dense_weight * dense.get(identity, far)
            + self._keyword_weight * keyword.get(identity, 0.0) / best
            for identity in {**dense, **keyword}
        }

    def _best(
        self, scores: dict[str, float], dense: dict[str, float], keyword: dict[str, float], limit: int
    ) -> list[Hit]:
        hits: list[Hit] = []
        taken: dict[tuple[str, str], int] = {}
        for identity in sorted(scores, key=lambda identity: -scores[identity]):
            passage = self._index.passages[identity]
            clause = (passage.policy, passage.clause)
            taken[clause] = taken.get(clause, 0) + 1
            if taken[clause] > self._per_clause:
                continue
            hits.append(
                Hit(
                    passage=passage,
                    score=scores[identity],
                    dense=dense.get(identity),
                    keyword=keyword.get(identity),
                )
            )
            if len(hits) == limit:
                break
        return hits


def _subject(asked: Query) -> str:
    """What a question is about; the whole question where nothing is left beside where to search."""
    return asked.subject.strip() or str(asked)
