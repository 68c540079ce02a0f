"""The vectors of passages in a Chroma collection, and the embedded Chroma that keeps one in a folder."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

import numpy as np

from knowledge.encoder import Vectors, first_line
from knowledge.errors import IndexDamagedError
from knowledge.folders import checksum_of
from knowledge.model import Passage

_EF_SEARCH = 400  # neighbours weighed in a query: a collection of this kind is small, so exactness costs nothing
CONFIGURATION: Any = {"hnsw": {"space": "cosine", "ef_search": _EF_SEARCH}}
"""How every collection is searched."""
_ROUNDING = 1e-4  # Chroma brings vectors to length 1 once more, which changes their last digits
_NEAR = 0.999  # cosine from which a vector counts as found again
T = TypeVar("T")


@dataclass(frozen=True)
class Record:
    """What Chroma holds of one passage."""

    vector: Vectors
    """``(d,) float32``."""
    document: str
    place: dict[str, Any]
    """Policy, clause, start and end."""


class ChromaCollection(ABC):
    """The vectors of one generation, in a collection of their own."""

    # Chroma takes no more than 5461 records at a time.
    _batch = 5000

    @abstractmethod
    def _run(self, call: Callable[[Any], T]) -> T:
        """Hands the collection to a call and turns what fails into an error of this package."""

    @abstractmethod
    def close(self) -> None:
        """Lets go of the database."""

    def upsert(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Writes passages with their vectors.

        Args:
            passages: n passages.
            vectors: ``(n, d) float32``.

        Raises:
            IndexDamagedError: when the database refuses.
            VectorServerError: when the server does.
        """
        for first in range(0, len(passages), self._batch):
            batch = passages[first : first + self._batch]
            rows = vectors[first : first + self._batch]
            self._run(lambda collection, batch=batch, rows=rows: _upsert(collection, batch, rows))

    def vectors(self) -> dict[str, Vectors]:
        """All vectors by the id of their passage, each ``(d,) float32``.

        Raises:
            IndexDamagedError: when records have lost their vectors, which writing by two processes at once brings
                about without an error.
            VectorServerError: when the server does not answer.
        """
        found: dict[str, Vectors] = {}
        for page in self._pages(["embeddings"]):
            found.update(zip(page["ids"], np.asarray(page["embeddings"], dtype=np.float32), strict=True))
        return found

    def records(self) -> dict[str, Record]:
        """Everything held, by the id of the passage.

        Raises:
            IndexDamagedError: as for :meth:`vectors`.
            VectorServerError: as for :meth:`vectors`.
        """
        return {
            identity: Record(np.asarray(vector, dtype=np.float32), document or "", dict(place or {}))
            for page in self._pages(["embeddings", "documents", "metadatas"])
            for identity, vector, document, place in zip(
                page["ids"], page["embeddings"], page["documents"], page["metadatas"], strict=True
            )
        }

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
            VectorServerError: when the server cannot.
        """
        where = None if policies is None else {"policy": {"$in": list(policies)}}
        found: Mapping[str, Any] = self._run(
            lambda collection: collection.query(
                query_embeddings=[vector], n_results=limit, where=where, include=["distances"]
            )
        )
        return [
            (identity, 1 - float(distance))
            for identity, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def check(self, passages: Sequence[Passage], written: Mapping[str, Vectors]) -> None:
        """Makes sure that every passage has the vector that was written, and that a search by one of them finds it.

        Args:
            passages: What must be held, and nothing else.
            written: The vectors as they were written, by id.

        Raises:
            IndexDamagedError: when not.
            VectorServerError: when the server does not answer.
        """
        held = self.vectors()
        if set(held) != {passage.id for passage in passages}:
            raise damaged("向量与政策文本的段落对不上")
        if differing(held, written):
            raise damaged("向量与写入时不同")
        probe = passages[len(passages) // 2]
        found = self.query(held[probe.id], 1, [probe.policy])
        if not found or found[0][1] < _NEAR:
            raise damaged("按向量搜不到自己的段落")

    def _pages(self, include: list[str]) -> list[Mapping[str, Any]]:
        count = int(self._run(lambda collection: collection.count()))
        pages: list[Mapping[str, Any]] = [
            self._run(lambda collection, first=first: collection.get(include=include, limit=self._batch, offset=first))
            for first in range(0, count, self._batch)
        ]
        if any(page["embeddings"] is None or len(page["embeddings"]) != len(page["ids"]) for page in pages):
            raise damaged("一部分向量丢失")
        if len({identity for page in pages for identity in page["ids"]}) != count:
            raise damaged("一部分向量丢失")
        return pages


class VectorStore(ChromaCollection):
    """One collection in one folder, in an embedded Chroma.

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
            self._collection: Any = guarded(
                lambda: self._client.create_collection(name, configuration=CONFIGURATION, embedding_function=None)
            )
        else:
            self._collection = guarded(lambda: self._client.get_collection(name, embedding_function=None))

    def _run(self, call: Callable[[Any], T]) -> T:
        return guarded(lambda: call(self._collection))

    def close(self) -> None:
        """Lets go of the database and its files.

        Raises:
            IndexDamagedError: when the database is too broken even for that.
        """
        guarded(self._client.close)


class Engine(Protocol):
    """A Chroma that keeps the vectors of generations."""

    @property
    def kind(self) -> Literal["embedded", "server"]:
        """Which of the two it is."""
        ...

    @property
    def address(self) -> str | None:
        """URL of the server; None for the embedded one."""
        ...

    def ready(self) -> None:
        """Makes sure that it can be written.

        Raises:
            VectorServerError: when the server does not answer.
        """
        ...

    def create(self, generation: Path, fingerprint: str) -> ChromaCollection:
        """An empty collection for a generation, whose folder exists."""
        ...

    def open(self, generation: Path, fingerprint: str) -> ChromaCollection:
        """The collection of a generation."""
        ...

    def seal(self, generation: Path) -> None:
        """Takes note of what was written, once the collection is complete and closed.

        Raises:
            OSError: when the folder cannot be written.
        """
        ...

    def discard(self, generation: Path) -> None:
        """Deletes what is not in the folder of a generation.

        Raises:
            VectorServerError: when the server does not answer.
        """
        ...


class EmbeddedEngine:
    """Chroma inside this process; each generation has a database in its own folder."""

    kind: Literal["embedded", "server"] = "embedded"
    address: str | None = None

    def ready(self) -> None:
        """Nothing to wait for."""

    def create(self, generation: Path, fingerprint: str) -> ChromaCollection:
        """An empty collection for a generation, whose folder exists.

        Raises:
            IndexDamagedError: when the database refuses.
        """
        return VectorStore(generation / _FOLDER, fingerprint, create=True)

    def open(self, generation: Path, fingerprint: str) -> ChromaCollection:
        """The collection of a generation.

        Raises:
            IndexDamagedError: when it cannot be opened, or its graph is not that which was written: Chroma does not
                check the graph, and ends the process over some that are broken.
        """
        try:
            sound = (generation / _SEAL).read_text("utf-8") == _graph(generation / _FOLDER)
        except (OSError, UnicodeDecodeError):
            sound = False
        if not sound:
            raise damaged("向量库的文件不在，或与写入时不同")
        return VectorStore(generation / _FOLDER, fingerprint)

    def seal(self, generation: Path) -> None:
        """Takes note of the graph; the database beside it is checked by its contents.

        Raises:
            OSError: when the folder cannot be written.
        """
        (generation / _SEAL).write_text(_graph(generation / _FOLDER), "utf-8")

    def discard(self, generation: Path) -> None:
        """Everything lies in the folder of the generation."""


_FOLDER, _SEAL = "chroma", "chroma.sha256"


def _graph(folder: Path) -> str:
    """Checksum of the files in which Chroma keeps the neighbours of vectors, where the collection is large enough.

    A small one has files too, but neighbours only in memory: what lies in the files then is of no account and changes.
    """
    graphs = (lists.parent for lists in folder.glob("*/link_lists.bin") if lists.stat().st_size > 0)
    return checksum_of(folder, (path for graph in graphs for path in graph.iterdir()))


def differing(held: Mapping[str, Vectors], written: Mapping[str, Vectors]) -> list[str]:
    """Ids whose vector is not, but for rounding, the one that was written."""
    return [
        identity
        for identity, vector in held.items()
        if identity not in written
        or vector.shape != written[identity].shape
        or not np.allclose(vector, written[identity], rtol=0, atol=_ROUNDING)
    ]


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
        raise damaged(f"向量库 {first_line(error)}") from error


def _upsert(collection: Any, batch: Sequence[Passage], rows: Vectors) -> None:
    collection.upsert(
        ids=[passage.id for passage in batch],
        embeddings=rows,
        documents=[passage.indexed_text for passage in batch],
        metadatas=[place_of(passage) for passage in batch],
    )


def place_of(passage: Passage) -> dict[str, Any]:
    """What is stored beside a vector, and filtered by."""
    return {"policy": passage.policy, "clause": passage.clause, "start": passage.start, "end": passage.end}
