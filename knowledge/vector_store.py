"""The vectors of passages in an embedded Chroma database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from knowledge.encoder import Vectors
from knowledge.errors import IndexDamagedError
from knowledge.model import Passage

_BATCH = 5000  # Chroma takes no more than 5461 records at a time
_EF_SEARCH = 400  # neighbours weighed in a query: a collection of this kind is small, so exactness costs nothing
T = TypeVar("T")


class VectorStore:
    """One Chroma collection in one folder.

    Args:
        folder: Folder of the database; Chroma caches what it opened by folder, so a new database needs a new one.
        fingerprint: Fingerprint of the model, part of the name of the collection.
        create: Whether to create the collection.

    Raises:
        IndexDamagedError: when the database cannot be opened or lacks the collection.
    """

    def __init__(self, folder: Path, fingerprint: str, *, create: bool = False) -> None:
        # Takes a second to import; commands that do not search must not wait for it.
        import chromadb
        from chromadb.config import Settings

        if not create and not (folder / "chroma.sqlite3").is_file():
            raise damaged("向量库的文件不在")
        name = f"passages-{fingerprint}"
        settings = Settings(anonymized_telemetry=False)
        self._client: Any = guarded(lambda: chromadb.PersistentClient(path=str(folder), settings=settings))
        if create:
            configuration: Any = {"hnsw": {"space": "cosine", "ef_search": _EF_SEARCH}}
            self._collection: Any = guarded(
                lambda: self._client.create_collection(name, configuration=configuration, embedding_function=None)
            )
        else:
            self._collection = guarded(lambda: self._client.get_collection(name, embedding_function=None))

    def upsert(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Writes passages with their vectors.

        Args:
            passages: n passages.
            vectors: ``(n, d) float32``.

        Raises:
            IndexDamagedError: when the database refuses.
        """
        for first in range(0, len(passages), _BATCH):
            batch = passages[first : first + _BATCH]
            rows = vectors[first : first + _BATCH]
            guarded(lambda batch=batch, rows=rows: self._upsert(batch, rows))

    def _upsert(self, batch: Sequence[Passage], rows: Vectors) -> None:
        self._collection.upsert(
            ids=[passage.id for passage in batch],
            embeddings=rows,
            documents=[passage.indexed_text for passage in batch],
            metadatas=[
                {"policy": passage.policy, "clause": passage.clause, "start": passage.start, "end": passage.end}
                for passage in batch
            ],
        )

    def vectors(self) -> dict[str, Vectors]:
        """All vectors by the id of their passage, each ``(d,) float32``.

        Raises:
            IndexDamagedError: when records have lost their vectors, which writing by two processes at once brings
                about without an error.
        """
        found: dict[str, Vectors] = {}
        count = int(guarded(self._collection.count))
        for first in range(0, count, _BATCH):
            page: Mapping[str, Any] = guarded(
                lambda first=first: self._collection.get(include=["embeddings"], limit=_BATCH, offset=first)
            )
            if page["embeddings"] is None or len(page["embeddings"]) != len(page["ids"]):
                raise damaged("一部分向量丢失")
            rows = np.asarray(page["embeddings"], dtype=np.float32)
            found.update(zip(page["ids"], rows, strict=True))
        if len(found) != count:
            raise damaged("一部分向量丢失")
        return found

    def query(self, vector: Vectors, limit: int, policies: Sequence[str] | None) -> list[tuple[str, float]]:
        """The passages nearest to a vector.

        Args:
            vector: ``(d,) float32``.
            limit: How many at most, at least 1.
            policies: Ids of the texts among which to search; None for all.

        Returns:
            Id and cosine similarity, best first.

        Raises:
            IndexDamagedError: when the database cannot answer.
        """
        where = None if policies is None else {"policy": {"$in": list(policies)}}
        found: Mapping[str, Any] = guarded(
            lambda: self._collection.query(
                query_embeddings=[vector], n_results=limit, where=where, include=["distances"]
            )
        )
        return [
            (identity, 1 - float(distance))
            for identity, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def close(self) -> None:
        """Lets go of the database and its files."""
        guarded(self._client.close)


def damaged(what: str) -> IndexDamagedError:
    """The error that says what is wrong with an index, and what to do."""
    return IndexDamagedError(f"索引已损坏（{what}）；请运行 policy-assistant index build，会按政策文本重建索引。")


def guarded(call: Callable[[], T]) -> T:
    """Runs a call of Chroma and turns every failure of it into :class:`IndexDamagedError`."""
    try:
        return call()
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    # A panic in Chroma's Rust core is no Exception: it derives from BaseException.
    except BaseException as error:
        raise damaged(f"向量库 {type(error).__name__}: {str(error)[:200]}") from error
