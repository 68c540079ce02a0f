"""Keyword search with BM25 over Chinese tokens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bm25s  # pyright: ignore[reportMissingTypeStubs]
import numpy as np
from numpy.typing import NDArray

from knowledge.errors import IndexDamagedError
from knowledge.folders import checksum_of
from knowledge.model import Passage
from knowledge.tokens import tokenize

KEYWORDS_VERSION = 2
"""Raise it when other words of a passage are indexed, or tokens or weights change: older indexes are then stale."""

_IDS = "ids.json"
_CHECKSUM = "checksum.txt"
# Passages are single sentences: repetition says little in them, and length says less.
_K1, _B = 1.2, 0.6
_BM25: Any = bm25s.BM25


class KeywordIndex:
    """A BM25 index of passages, by their ids.

    Args:
        ids: Ids of the passages, in the order of the index.
        scorer: The index of the library bm25s.
    """

    def __init__(self, ids: Sequence[str], scorer: Any) -> None:
        self._rows = {identity: row for row, identity in enumerate(ids)}
        self._ids = list(ids)
        self._scorer = scorer

    @classmethod
    def build(cls, passages: Sequence[Passage]) -> KeywordIndex:
        """Indexes passages by their headings and their indexed text: a sentence seldom repeats what it stands under.

        Raises:
            ValueError: when there is no passage.
        """
        if not passages:
            raise ValueError("没有可以索引的段落")
        scorer = _BM25(method="lucene", k1=_K1, b=_B)
        scorer.index([tokenize(_searched(passage)) for passage in passages], show_progress=False)
        return cls([passage.id for passage in passages], scorer)

    @classmethod
    def load(cls, folder: Path) -> KeywordIndex:
        """Reads an index from a folder.

        Raises:
            IndexDamagedError: when it cannot be read, or its parts do not agree.
        """
        try:
            # What is read is not self-checking: a flipped bit is another score, or an error in some later search.
            if (folder / _CHECKSUM).read_text("utf-8") != _checksum(folder):
                raise ValueError("the files are not those that were written")
            ids: list[str] = json.loads((folder / _IDS).read_text("utf-8"))
            scorer = _BM25.load(str(folder), show_progress=False)
        except Exception as error:
            # Broken files surface as OSError, ValueError, KeyError, EOFError and more; all mean the same.
            raise IndexDamagedError(
                "关键词索引读不出来，或与写入时不同；请运行 policy-assistant index build，会按政策文本重建索引。"
            ) from error
        return cls(ids, scorer)

    @property
    def ids(self) -> list[str]:
        """Ids of the passages, in the order of the index."""
        return list(self._ids)

    def save(self, folder: Path) -> None:
        """Writes the index into a new folder.

        Raises:
            OSError: when it cannot be written.
        """
        folder.mkdir(parents=True)
        self._scorer.save(str(folder), show_progress=False)
        (folder / _IDS).write_text(json.dumps(self._ids), "utf-8")
        (folder / _CHECKSUM).write_text(_checksum(folder), "utf-8")

    def search(self, query: str, limit: int, allowed: set[str] | None = None) -> list[tuple[str, float]]:
        """The passages that share most with a query.

        Args:
            query: Words in simplified or traditional characters.
            limit: How many at most.
            allowed: Ids among which to search; None for all.

        Returns:
            Id and BM25 score, best first; passages that share nothing are left out.
        """
        known = [token for token in tokenize(query) if token in self._scorer.vocab_dict]
        if not known:
            return []
        scores: NDArray[np.float32] = np.array(self._scorer.get_scores(known), dtype=np.float32)
        if allowed is not None:
            mask = np.zeros(len(scores), dtype=bool)
            mask[[self._rows[identity] for identity in allowed if identity in self._rows]] = True
            scores[~mask] = 0
        order = np.argsort(-scores, kind="stable")[:limit]
        return [(self._ids[row], float(scores[row])) for row in order if scores[row] > 0]

    def check(self, passages: Sequence[Passage]) -> None:
        """Makes sure that the index holds these passages and finds one of them by its own words.

        A tokenizer that cuts at blanks only finds nothing in Chinese, without an error; search would then quietly be
        half as good.

        Raises:
            IndexDamagedError: when it does not.
        """
        probe = max(passages, key=lambda passage: len(passage.quote))
        complete = set(self._ids) == {passage.id for passage in passages} and len(self._ids) == self._size()
        if not complete or not any(identity == probe.id for identity, _ in self.search(probe.quote, 10)):
            raise IndexDamagedError(
                "关键词索引不完整，搜不到自己的段落；请运行 policy-assistant index build 重建索引。"
            )

    def same_as(self, other: KeywordIndex) -> bool:
        """Whether both give every passage the same score for every query."""
        if self._ids != other._ids or self._scorer.vocab_dict.keys() != other._scorer.vocab_dict.keys():
            return False
        return all(
            np.array_equal(mine, theirs)
            for token in self._scorer.vocab_dict
            for mine, theirs in zip(self._column(token), other._column(token), strict=True)
        )

    def _column(self, token: str) -> tuple[NDArray[Any], NDArray[Any]]:
        """The rows in which a token stands, and its score in each; tokens have other numbers in every build."""
        scores, number = self._scorer.scores, self._scorer.vocab_dict[token]
        # The empty token, which the library adds, has a number but no column.
        edges = [int(edge) for edge in scores["indptr"][number : number + 2]]
        span = slice(*edges) if len(edges) == 2 else slice(0)
        order = np.argsort(scores["indices"][span])
        return scores["indices"][span][order], scores["data"][span][order]

    def _size(self) -> int:
        return int(self._scorer.scores["num_docs"])


def _searched(passage: Passage) -> str:
    return " ".join((*passage.headings, passage.indexed_text))


def _checksum(folder: Path) -> str:
    """Over all files but that of the checksum itself."""
    return checksum_of(folder, (path for path in folder.iterdir() if path.name != _CHECKSUM))
