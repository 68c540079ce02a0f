"""The index as the assistant searches it: while a Chroma server is away, the keywords go on alone, and that is said."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence

from knowledge.encoder import Vectors
from knowledge.errors import VectorServerError
from knowledge.index import KnowledgeIndex
from knowledge.model import Passage, Policy

_log = logging.getLogger(__name__)


class FallbackIndex:
    """An index whose ranking by meaning is empty while the server that holds the vectors does not answer.

    Whoever searches it must look at ``degraded`` and say so. The embedded Chroma has no such mercy: what is wrong with
    it is wrong with the index and is an error.

    Args:
        index: The index.
    """

    def __init__(self, index: KnowledgeIndex) -> None:
        self._index = index
        # Two visitors may search at once: each must learn of his own search.
        self._search = threading.local()

    @property
    def policies(self) -> Mapping[str, Policy]:
        """The texts by id."""
        return self._index.policies

    @property
    def passages(self) -> Mapping[str, Passage]:
        """Their passages by id."""
        return self._index.passages

    @property
    def degraded(self) -> bool:
        """Whether this thread, since its last ``begin``, searched without the ranking by meaning."""
        return getattr(self._search, "degraded", False)

    def begin(self) -> None:
        """Forgets what this thread searched before."""
        self._search.degraded = False

    def dense(self, vector: Vectors, limit: int, policies: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The passages nearest to a vector; see :meth:`KnowledgeIndex.dense`. None while the server is away.

        Raises:
            KnowledgeError: as for :meth:`KnowledgeIndex.open`, a server that is away excepted.
        """
        try:
            return self._index.dense(vector, limit, policies)
        except VectorServerError as error:
            _log.warning("searching by keywords only: %s", error)
            self._search.degraded = True
            return []

    def keyword(self, query: str, limit: int, policies: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The passages that share most words with a query; see :meth:`KnowledgeIndex.keyword`.

        Raises:
            KnowledgeError: as for :meth:`KnowledgeIndex.open`, a server that is away excepted.
        """
        return self._index.keyword(query, limit, policies)
