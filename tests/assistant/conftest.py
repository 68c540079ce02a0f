"""The assistant over the real index, and over a search that needs none."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.pipeline import Assistant
from assistant.understanding.understander import Understander
from knowledge.encoder import SentenceEncoder
from knowledge.index import KnowledgeIndex
from knowledge.retriever import Retriever
from rules.loader import RuleBook, load_rules

TODAY = date(2026, 11, 21)
"""What relative dates are counted from in these tests."""


@pytest.fixture(scope="session")
def book() -> RuleBook:
    return load_rules()


@pytest.fixture(scope="session")
def understander(book: RuleBook) -> Understander:
    return Understander(book)


@pytest.fixture(scope="session")
def calculating() -> Assistant:
    """An assistant whose search must not be asked: the calculator answers without it."""

    def refuse(query: str, policies: list[str] | None) -> list[object]:
        raise AssertionError(f"searched for {query!r}")

    return Assistant(refuse)  # pyright: ignore[reportArgumentType]


@pytest.fixture(scope="session")
def real(built_index: KnowledgeIndex, encoder: SentenceEncoder) -> Assistant:
    """The assistant over the real index and model."""
    retriever = Retriever(built_index, encoder)
    return Assistant(lambda query, policies: retriever.search(query, policies=policies, top_k=20))
