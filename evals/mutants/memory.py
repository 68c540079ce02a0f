"""What a fault of the rules cannot change is worked out once: passages found, vectors of queries, names in questions."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from assistant.service import LazySearch
from assistant.turn import Search
from knowledge.encoder import SentenceEncoder, Vectors
from knowledge.model import Hit
from knowledge.query import Added, Query

Asked = tuple[str, str, tuple[Added, ...], tuple[str, ...] | None]
"""Query, its subject, what is looked for besides, and policies of a search."""


@dataclass
class Recorded:
    """What was found, and the vectors of the queries."""

    hits: dict[Asked, list[Hit]] = field(default_factory=dict[Asked, "list[Hit]"])
    vectors: dict[str, Vectors] = field(default_factory=dict[str, Vectors])


class RecordedSearch:
    """Answers from what was recorded, and from the index where nothing was.

    Args:
        recorded: What was found before; what is found anew is added.
        search: The real search; the index, opened when first needed, when None.
    """

    def __init__(self, recorded: Recorded, search: Search | None = None) -> None:
        self._recorded = recorded
        self._search = search or LazySearch()
        self.direct = False
        """Whether the index is asked each time: for faults of the search itself."""

    def __call__(self, query: str, policies: list[str] | None) -> list[Hit]:
        """Passages for a query among some policies, best first.

        Raises:
            KnowledgeError: index or model cannot be used.
        """
        whole = query if isinstance(query, Query) else Query(query)
        asked = (str(query), whole.subject, whole.added, None if policies is None else tuple(policies))
        known = self._recorded.hits.get(asked)
        if known is not None and not self.direct:
            return copy(known)
        # Most of a search is spent on the vector of the query.
        with remembering(SentenceEncoder, "encode_query", self._recorded.vectors):
            found = self._search(query, policies)
        if not self.direct:
            self._recorded.hits[asked] = copy(found)
        return found


@contextmanager
def remembering(owner: type, name: str, memory: dict[str, Any]) -> Generator[None]:
    """A method of one text gives for each text what it gave first, whichever object is asked.

    Args:
        owner: The class.
        name: The method.
        memory: What it gave, by text; added to.
    """
    original = getattr(owner, name)

    def remembered(self: object, text: str) -> Any:
        if text not in memory:
            memory[text] = original(self, text)
        return memory[text]

    with patch.object(owner, name, remembered):
        yield
