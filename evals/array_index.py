"""A search index in memory, for measuring: what is indexed can be varied without touching an index on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from knowledge.encoder import Encoder, Vectors
from knowledge.keyword_index import KeywordIndex
from knowledge.model import Passage, Policy

_BATCH = 64


class VectorCache:
    """Vectors of texts that were embedded before, by the text.

    Args:
        encoder: Embeds what is new.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self._known: dict[str, Vectors] = {}

    def of(self, texts: Sequence[str]) -> Vectors:
        """``(n, d) float32``; texts of similar length are embedded together."""
        new = sorted({text for text in texts if text not in self._known}, key=len)
        for first in range(0, len(new), _BATCH):
            batch = new[first : first + _BATCH]
            self._known |= zip(batch, self.encoder.encode_documents(batch), strict=True)
        return np.stack([self._known[text] for text in texts])


class ArrayIndex:
    """Passages with their vectors in an array.

    Args:
        policies: The texts by id.
        passages: What is indexed.
        vectors: Embeds passages.
    """

    def __init__(self, policies: Mapping[str, Policy], passages: Sequence[Passage], vectors: VectorCache) -> None:
        self.policies = policies
        self.passages: Mapping[str, Passage] = {passage.id: passage for passage in passages}
        self._ids = [passage.id for passage in passages]
        self._rows = np.array([list(policies).index(passage.policy) for passage in passages])
        self._of = {
            policy: {identity for identity, row in zip(self._ids, self._rows, strict=True) if row == number}
            for number, policy in enumerate(policies)
        }
        self._vectors = vectors.of([passage.indexed_text for passage in passages])
        self._keywords = KeywordIndex.build(passages)

    def dense(self, vector: Vectors, limit: int, policies: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """Id and cosine similarity of the passages nearest to a vector, best first."""
        cosines: Any = self._vectors @ vector
        if policies is not None:
            allowed = [list(self.policies).index(policy) for policy in policies]
            cosines = np.where(np.isin(self._rows, allowed), cosines, -np.inf)
        nearest = np.argpartition(-cosines, min(limit, len(cosines) - 1))[:limit]
        order = nearest[np.argsort(-cosines[nearest], kind="stable")]
        return [(self._ids[row], float(cosines[row])) for row in order if np.isfinite(cosines[row])]

    def keyword(self, query: str, limit: int, policies: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """Id and BM25 score of the passages that share most words with a query, best first."""
        allowed = None if policies is None else {i for policy in policies for i in self._of[policy]}
        return self._keywords.search(query, limit, allowed)
