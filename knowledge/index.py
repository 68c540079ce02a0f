"""The search index of the official texts: built from them, checked, and replaced as a whole.

Every build goes into a new sub-folder and is put in force by replacing the manifest. Readers never see half an index,
an interrupted build leaves the old one in force, and a damaged database can be replaced by the process that has it
open. Vectors of unchanged passages are carried over, not computed again.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from knowledge.chroma_server import ServerEngine
from knowledge.encoder import Encoder, Vectors
from knowledge.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexMissingError,
    IndexStaleError,
    KnowledgeError,
    VectorServerError,
)
from knowledge.folders import unwritable, writable_folder
from knowledge.generation import (
    Generation,
    open_generation,
    remove_generation,
    remove_other_generations,
    stamp_of,
    vectors_in_force,
    write_generation,
)
from knowledge.keyword_index import KEYWORDS_VERSION
from knowledge.library import load_policies
from knowledge.manifest import GENERATION_PREFIX, Manifest, hash_of_texts, read_manifest, write_manifest
from knowledge.model import Passage, Policy
from knowledge.passages import passages_of
from knowledge.settings import KnowledgeSettings
from knowledge.unfinished import Unfinished
from knowledge.vector_store import EmbeddedEngine, Engine
from knowledge.verification import Verification, verify_index

_log = logging.getLogger(__name__)

State = Literal["ready", "missing", "stale", "damaged", "unreachable"]
Progress = Callable[[int, int], None]
"""Called with the passages embedded so far and their total."""

_CHUNK = 64  # passages between two reports of progress


@dataclass(frozen=True)
class IndexStatus:
    """What state the index is in."""

    state: State
    folder: Path
    chroma: str
    """URL of the Chroma server; ``embedded`` without one."""
    passages: int
    """Passages in the index in force; 0 where there is none."""
    expected: int
    """Passages of the texts in use."""
    built_at: str | None
    model: str
    """Fingerprint of the model in use."""
    reason: str
    """What is wrong and what to do, in Chinese; empty when the index is ready."""


@dataclass(frozen=True)
class BuildReport:
    """What a build did, in passages."""

    embedded: int
    kept: int
    """Taken from the index before, or from a build that did not end."""
    removed: int


class KnowledgeIndex:
    """Vectors and keywords of all passages of some texts, in ``<data_dir>/index``.

    Args:
        data_dir: The data folder.
        encoder: Embeds passages; its fingerprint decides which vectors may be kept.
        policies: The texts by id; None for those shipped with the package.
        lock_timeout: Seconds to wait while another process is building.
        chroma_url: Address of a Chroma server that holds the vectors; None for the embedded Chroma.

    Raises:
        PolicyTextError: when the shipped texts cannot be read.
        SettingError: when the address of the server is none.
        ValueError: when the waiting time is negative.
    """

    def __init__(
        self,
        data_dir: Path,
        encoder: Encoder,
        policies: Mapping[str, Policy] | None = None,
        lock_timeout: float = 10.0,
        chroma_url: str | None = None,
    ) -> None:
        if lock_timeout < 0:
            raise ValueError(f"lock_timeout 不能为负数，现为 {lock_timeout}")
        self.policies: dict[str, Policy] = load_policies() if policies is None else dict(policies)
        self.folder = data_dir / "index"
        self.passages = {passage.id: passage for passage in passages_of(self.policies.values())}
        self._ordered = list(self.passages.values())
        self._texts = hash_of_texts(self._ordered)
        self._by_policy = {
            policy: {passage.id for passage in self._ordered if passage.policy == policy} for policy in self.policies
        }
        self._data_dir = data_dir
        self._encoder = encoder
        self._lock_timeout = lock_timeout
        self._engine: Engine = ServerEngine(chroma_url) if chroma_url else EmbeddedEngine()
        self._opened: Generation | None = None
        self._served = False  # whether an index has been open before
        # Reentrant: opening closes what was open before.
        self._guard = threading.RLock()

    @classmethod
    def from_settings(cls, settings: KnowledgeSettings, encoder: Encoder) -> KnowledgeIndex:
        """The index of the shipped texts that the settings name.

        Raises:
            PolicyTextError: when the shipped texts cannot be read.
            SettingError: when the address of the Chroma server is none.
        """
        return cls(settings.data_dir, encoder, chroma_url=settings.chroma_url)

    def status(self) -> IndexStatus:
        """The state of the index on disk; changes nothing.

        Raises:
            ModelError: when the model in use is not on this machine.
        """
        state: State = "ready"
        reason, manifest = "", None
        try:
            manifest = read_manifest(self.folder)
            self.open()
        except IndexMissingError as error:
            state, reason = "missing", str(error)
        except IndexStaleError as error:
            state, reason = "stale", str(error)
        except IndexDamagedError as error:
            state, reason = "damaged", str(error)
        except VectorServerError as error:
            state, reason = "unreachable", str(error)
        return IndexStatus(
            state=state,
            folder=self.folder,
            chroma=self._engine.address or "embedded",
            passages=manifest.passages if manifest else 0,
            expected=len(self.passages),
            built_at=manifest.built_at if manifest else None,
            model=self._encoder.fingerprint,
            reason=reason,
        )

    def open(self) -> None:
        """Opens the index and checks that it is complete; does nothing when it is open already.

        Raises:
            IndexMissingError: when there is none.
            IndexStaleError: when it was built from other texts, with another model or in another way.
            IndexDamagedError: when it cannot be used.
            VectorServerError: when the server that holds the vectors does not answer.
            ModelError: when the model in use is not on this machine.
        """
        self._current().confirm(self._ordered)

    def ensure(self, progress: Progress | None = None) -> None:
        """Opens the index; builds it from the texts where it is missing, stale or damaged.

        Where the server that holds the vectors of a complete index does not answer, the keywords are open and a
        warning is logged.

        Args:
            progress: Called while passages are embedded.

        Raises:
            IndexBusyError: when another process is building.
            DataFolderError: when the data folder cannot be written.
            ModelError: when the model cannot be prepared or loaded.
            VectorServerError: when the index has to be built and the server does not answer.
        """
        try:
            self.open()
        except VectorServerError as error:
            _log.warning("searching by keywords only: %s", error)
        except (IndexMissingError, IndexStaleError, IndexDamagedError):
            self.build(progress)
            self.open()

    def build(self, progress: Progress | None = None, *, force: bool = False) -> BuildReport:
        """Brings the index up to the texts; embeds only passages that are new or changed.

        Args:
            progress: Called while passages are embedded.
            force: Whether to embed everything again.

        Returns:
            What was done; nothing is written when the index is complete and up to date.

        Raises:
            IndexBusyError: when another process is building.
            DataFolderError: when the data folder cannot be written.
            ModelError: when the model cannot be prepared or loaded.
            VectorServerError: when the server that is to hold the vectors does not answer.
        """
        writable_folder(self._data_dir)
        lock = FileLock(self._data_dir / "index.lock", timeout=self._lock_timeout)
        try:
            with lock:
                return self._build(progress or (lambda _done, _total: None), force)
        except Timeout as error:
            raise IndexBusyError(
                f"另一个进程正在建立索引（{self.folder}）；请等它完成后再试，一般不超过一分钟。"
            ) from error
        except OSError as error:
            # The lock file may belong to another user although the folder can be written.
            raise unwritable(self._data_dir, error) from error

    def dense(self, vector: Vectors, limit: int, policies: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The passages nearest to a vector.

        Args:
            vector: ``(d,) float32`` of length 1.
            limit: How many at most.
            policies: Ids of the texts among which to search; None for all.

        Returns:
            Id of the passage and cosine similarity, best first.

        Raises:
            KnowledgeError: as for :meth:`open`.
        """
        if policies is not None and not policies:
            return []
        try:
            generation = self._current()
            generation.confirm(self._ordered)
            return generation.vectors.query(vector, min(limit, len(self.passages)), policies)
        except IndexDamagedError:
            # What broke while it was open must be looked at afresh, so that ``ensure`` sees it.
            self.close()
            raise

    def keyword(self, query: str, limit: int, policies: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The passages that share most words with a query.

        Args:
            query: The question or its keywords.
            limit: How many at most.
            policies: Ids of the texts among which to search; None for all.

        Returns:
            Id of the passage and BM25 score, best first.

        Raises:
            KnowledgeError: as for :meth:`open`.
        """
        allowed = None if policies is None else {i for policy in policies for i in self._by_policy.get(policy, ())}
        return self._current().keywords.search(query, limit, allowed)

    def verify(self, sample: int | None = 50) -> Verification:
        """Compares texts, keyword index and vectors with each other; changes nothing.

        Args:
            sample: How many passages are embedded again to compare their vectors; None for all.

        Raises:
            ModelError: when the model cannot be prepared or loaded.
            ValueError: when the sample is below 1.
        """
        if sample is not None and sample < 1:
            raise ValueError(f"sample 应至少为 1，现为 {sample}")
        return verify_index(self.folder, self._ordered, self._encoder, self._engine, sample)

    def close(self) -> None:
        """Lets go of the databases."""
        with self._guard:
            if self._opened:
                self._opened.close()
            self._opened = None

    def _current(self) -> Generation:
        """The open index; opened again when another build has replaced it."""
        with self._guard:
            if self._opened is None or self._opened.stamp != stamp_of(self.folder):
                self.close()
                self._opened = self._open()
                self._served = True
            return self._opened

    def _open(self) -> Generation:
        try:
            return open_generation(self.folder, self._ordered, self._texts, self._encoder.fingerprint, self._engine)
        except IndexStaleError as error:
            if self._served:  # another process has replaced what was open here
                raise IndexStaleError(
                    "索引已经按改过的政策文本或另一个模型重建，正在运行的程序用的还是原来的；请重新启动程序。"
                ) from error
            raise

    def _build(self, progress: Progress, force: bool) -> BuildReport:
        # Before the work of minutes, not after it.
        self._engine.ready()
        if not force and self._is_ready():
            return BuildReport(embedded=0, kept=len(self.passages), removed=0)
        unfinished = Unfinished(self.folder, self._encoder.fingerprint)
        if force:
            unfinished.remove()
        old = {} if force else vectors_in_force(self.folder, self._encoder.fingerprint)
        kept = {i: vector for i, vector in {**unfinished.vectors(), **old}.items() if i in self.passages}
        fresh = self._embed([passage for passage in self._ordered if passage.id not in kept], unfinished, progress)
        manifest = Manifest(
            generation=f"{GENERATION_PREFIX}{uuid.uuid4().hex[:12]}",
            texts=self._texts,
            model=self._encoder.fingerprint,
            passages=len(self.passages),
            vectors=self._engine.kind,
            keywords=KEYWORDS_VERSION,
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        generation = self.folder / manifest.generation
        try:
            write_generation(self.folder, manifest, self._ordered, {**kept, **fresh}, self._engine)
            write_manifest(self.folder, manifest)
            self.close()
        except OSError as error:
            remove_generation(generation, self._engine)
            raise unwritable(self.folder, error) from error
        except KnowledgeError:
            remove_generation(generation, self._engine)
            raise
        remove_other_generations(self.folder, manifest.generation, self._engine)
        unfinished.remove()
        removed = sum(identity not in self.passages for identity in old)
        return BuildReport(embedded=len(fresh), kept=len(kept), removed=removed)

    def _is_ready(self) -> bool:
        try:
            self.open()
        except (IndexMissingError, IndexStaleError, IndexDamagedError):
            return False
        return True

    def _embed(self, passages: list[Passage], unfinished: Unfinished, progress: Progress) -> dict[str, Vectors]:
        """Vectors by id; batches of passages of similar length waste least on padding."""
        ordered = sorted(passages, key=lambda passage: len(passage.indexed_text))
        vectors: dict[str, Vectors] = {}
        if ordered:
            # Preparing the model takes a while: the first report must not wait for the first vectors.
            progress(0, len(ordered))
        for first in range(0, len(ordered), _CHUNK):
            chunk = ordered[first : first + _CHUNK]
            rows = self._encoder.encode_documents([passage.indexed_text for passage in chunk])
            unfinished.keep([passage.id for passage in chunk], rows)
            vectors.update(zip((passage.id for passage in chunk), rows, strict=True))
            progress(len(vectors), len(ordered))
        return vectors
