"""The shipped rule book and clause texts, read once."""

from __future__ import annotations

import pytest

from knowledge.library import clause_texts
from rules.loader import RuleBook, load_rules
from rules.provenance import ClauseTexts


@pytest.fixture(scope="session")
def book() -> RuleBook:
    return load_rules()


@pytest.fixture(scope="session")
def texts() -> ClauseTexts:
    return clause_texts()
