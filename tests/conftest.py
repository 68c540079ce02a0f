"""Fixtures shared by all tests: the real index of the shipped texts, built once."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.encoder import SentenceEncoder
from knowledge.index import KnowledgeIndex


@pytest.fixture(scope="session")
def built_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder; it holds model and index once ``built_index`` was asked for."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def encoder(built_data_dir: Path) -> SentenceEncoder:
    """The bundled model."""
    return SentenceEncoder(built_data_dir)


@pytest.fixture(scope="session")
def built_index(built_data_dir: Path, encoder: SentenceEncoder) -> KnowledgeIndex:
    """The index of the shipped texts, built with the bundled model (about 25 seconds)."""
    index = KnowledgeIndex(built_data_dir, encoder)
    index.ensure()
    return index
