"""Finds the passages that answer a question: by meaning and by words, both rankings fused."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.encoder import Encoder
from knowledge.index import KnowledgeIndex
from knowledge.model import Hit

_LEG = 50  # passages taken from each ranking


class Retriever:
    """Hybrid search over an index.

    Args:
        index: The index; built by its ``build`` or ``ensure``.
        encoder: The encoder with which it was built.
        top_k: How many passages a search returns where it does not say.
        dense_weight: Weight of the ranking by meaning.
        keyword_weight: Weight of the ranking by words. Names of awards and departments count more than likeness of
            meaning in texts that all speak of quality: measured, words deserve half as much again.
        rank_constant: The k of reciprocal rank fusion; the larger, the less a first place counts.

    Raises:
        ValueError: when a number is out of range.
    """

    def __init__(
        self,
        index: KnowledgeIndex,
        encoder: Encoder,
        top_k: int = 10,
        dense_weight: float = 1.0,
        keyword_weight: float = 1.5,
        rank_constant: float = 20.0,
    ) -> None:
        if top_k < 1:
            raise ValueError(f"top_k 应至少为 1，现为 {top_k}")
        if min(dense_weight, keyword_weight) < 0 or dense_weight + keyword_weight == 0 or rank_constant < 0:
            raise ValueError("权重和 rank_constant 不能为负数，两个权重不能都是 0")
        self._index = index
        self._encoder = encoder
        self._top_k = top_k
        self._dense_weight = dense_weight
        self._keyword_weight = keyword_weight
        self._rank_constant = rank_constant

    def search(self, query: str, *, policies: Sequence[str] | None = None, top_k: int | None = None) -> list[Hit]:
        """The passages that fit a question best.

        Args:
            query: The question.
            policies: Ids of the texts among which to search; None for all.
            top_k: How many at most; None for the number given to the retriever.

        Returns:
            Hits with their fused score, best first, no passage twice; empty when the query is blank.

        Raises:
            KeyError: when there is no text of such an id.
            ValueError: when ``top_k`` is below 1.
            KnowledgeError: when index or model cannot be used; there is no silent search with half the means.
        """
        limit = self._top_k if top_k is None else top_k
        if limit < 1:
            raise ValueError(f"top_k 应至少为 1，现为 {limit}")
        for policy in policies or ():
            if policy not in self._index.policies:
                raise KeyError(f"没有政策文件 {policy}；现有 {'、'.join(self._index.policies)}")
        if not query.strip():
            return []
        leg = max(_LEG, limit)
        dense = dict(self._index.dense(self._encoder.encode_query(query), leg, policies))
        keyword = dict(self._index.keyword(query, leg, policies))
        scores: dict[str, float] = {}
        for ranking, weight in ((dense, self._dense_weight), (keyword, self._keyword_weight)):
            for rank, identity in enumerate(ranking, 1):
                scores[identity] = scores.get(identity, 0.0) + weight / (self._rank_constant + rank)
        best = sorted(scores, key=lambda identity: -scores[identity])[:limit]
        return [
            Hit(
                passage=self._index.passages[identity],
                score=scores[identity],
                dense=dense.get(identity),
                keyword=keyword.get(identity),
            )
            for identity in best
        ]
