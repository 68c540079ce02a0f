"""Puts the assistant together with the real texts, index and model; the index is opened when first needed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.pipeline import Assistant
from knowledge.model import Hit

if TYPE_CHECKING:
    from knowledge.retriever import Retriever

Report = Callable[[int, int], None]
"""Called with the passages embedded so far and their total, while an index is built."""


class LazySearch:
    """Opens index and model at the first search, so that a question for the calculator needs neither.

    Args:
        progress: Called while the index is built, where it has to be.
        waiting: Called once before index and model are opened: it takes seconds.
    """

    def __init__(self, progress: Report | None = None, waiting: Callable[[], None] | None = None) -> None:
        self._progress = progress
        self._waiting = waiting
        self._retriever: Retriever | None = None
        # Two visitors may ask the first question at once; the index is opened by one of them.
        self._lock = threading.Lock()

    def __call__(self, query: str, policies: list[str] | None) -> list[Hit]:
        """Passages for a query among some policies, best first.

        Raises:
            KnowledgeError: index or model cannot be used.
        """
        return self.open().search(query, policies=policies, top_k=20)

    def open(self) -> Retriever:
        """The retriever over an index that is complete; a missing or damaged one is rebuilt from the texts.

        Raises:
            KnowledgeError: index or model cannot be used.
        """
        with self._lock:
            if self._retriever is None:
                # torch and chromadb take seconds to load; the calculator needs neither.
                from knowledge.encoder import SentenceEncoder
                from knowledge.index import KnowledgeIndex
                from knowledge.retriever import Retriever
                from knowledge.settings import KnowledgeSettings

                if self._waiting:
                    self._waiting()
                settings = KnowledgeSettings()
                encoder = SentenceEncoder.from_settings(settings)
                index = KnowledgeIndex(settings.data_dir, encoder)
                index.ensure(self._progress)
                self._retriever = Retriever(index, encoder)
            return self._retriever


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
