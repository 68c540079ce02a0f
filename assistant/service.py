"""Puts the assistant together with the real texts, index and model; the index is opened when first needed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.pipeline import Assistant
from knowledge.model import Hits

if TYPE_CHECKING:
    from knowledge.fallback import FallbackIndex
    from knowledge.reranker import Reranker
    from knowledge.retriever import Retriever

Report = Callable[[int, int], None]
"""Called with the passages embedded so far and their total, while an index is built."""


@dataclass(frozen=True)
class _Opened:
    """What a search is made with."""

    index: FallbackIndex
    retriever: Retriever
    reranker: Reranker | None


class LazySearch:
    """Opens index and model at the first search, so that a question for the calculator needs neither.

    Args:
        progress: Called while the index is built, where it has to be.
        waiting: Called once before index and model are opened: it takes seconds.
        top_k: Passages that a search returns.
    """

    def __init__(
        self, progress: Report | None = None, waiting: Callable[[], None] | None = None, top_k: int = 20
    ) -> None:
        self._progress = progress
        self._waiting = waiting
        self._top_k = top_k
        self._opened: _Opened | None = None
        # Two visitors may ask the first question at once; the index is opened by one of them.
        self._lock = threading.Lock()

    def __call__(self, query: str, policies: list[str] | None) -> Hits:
        """Passages for a query among some policies, best first; ``degraded`` where only words could be searched.

        Raises:
            KnowledgeError: index or model cannot be used.
        """
        parts = self._parts()
        parts.index.begin()
        hits = parts.retriever.search(query, policies=policies, top_k=self._top_k)
        found = Hits(hits if parts.reranker is None else parts.reranker.rank(query, hits))
        found.degraded = parts.index.degraded
        return found

    def open(self) -> Retriever:
        """The retriever over an index that is complete; a missing or damaged one is rebuilt from the texts.

        Raises:
            KnowledgeError: index or model cannot be used.
        """
        return self._parts().retriever

    def _parts(self) -> _Opened:
        with self._lock:
            if self._opened is None:
                # torch and chromadb take seconds to load; the calculator needs neither.
                from knowledge.encoder import SentenceEncoder
                from knowledge.fallback import FallbackIndex
                from knowledge.index import KnowledgeIndex
                from knowledge.reranker import Reranker
                from knowledge.retriever import Retriever
                from knowledge.settings import KnowledgeSettings

                if self._waiting:
                    self._waiting()
                settings = KnowledgeSettings()
                encoder = SentenceEncoder.from_settings(settings)
                index = KnowledgeIndex.from_settings(settings, encoder)
                index.ensure(self._progress)
                reranker = None if settings.reranker is None else Reranker(settings.reranker)
                if reranker is not None:
                    reranker.load()
                searched = FallbackIndex(index)
                self._opened = _Opened(searched, Retriever(searched, encoder), reranker)
            return self._opened


def create_assistant(progress: Report | None = None, waiting: Callable[[], None] | None = None) -> Assistant:
    """The assistant over the shipped texts and rules.

    Args:
        progress: Called while the index is built, where it has to be.
        waiting: Called once before index and model are opened.

    Raises:
        RuleFileError: a rule file cannot be used.
        PolicyTextError: a text cannot be used.
    """
    return Assistant(LazySearch(progress, waiting))
