"""One complete state of the index in a sub-folder of its own: written, opened and checked as a whole."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.encoder import Vectors
from knowledge.errors import DataFolderError, IndexDamagedError, IndexMissingError, IndexStaleError
from knowledge.keyword_index import KeywordIndex
from knowledge.manifest import GENERATION_PREFIX, Manifest, manifest_path, read_manifest
from knowledge.model import Passage
from knowledge.vector_store import VectorStore, damaged

_VECTORS, _KEYWORDS = "chroma", "keywords"

Stamp = tuple[int, int]


@dataclass(frozen=True)
class Generation:
    """An open generation."""

    stamp: Stamp
    """Identity of the manifest when it was opened: another build replaces the manifest."""
    vectors: VectorStore
    keywords: KeywordIndex

    def close(self) -> None:
        """Lets go of the databases."""
        _close(self.vectors)


def stamp_of(folder: Path) -> Stamp:
    """Identity of the manifest file of an index folder; zeros where there is none."""
    try:
        found = manifest_path(folder).stat()
    except OSError:
        return (0, 0)
    return (found.st_ino, found.st_mtime_ns)


def open_generation(folder: Path, passages: Sequence[Passage], texts: str, model: str) -> Generation:
    """Opens the generation in force and checks that nothing is missing from it.

    Args:
        folder: The index folder.
        passages: The passages that it must hold.
        texts: Their hash.
        model: Fingerprint of the model in use.

    Raises:
        IndexMissingError: when there is no index.
        IndexStaleError: when it was built from other texts or with another model.
        IndexDamagedError: when it cannot be used.
    """
    stamp = stamp_of(folder)
    manifest = read_manifest(folder)
    if manifest.model != model:
        raise IndexStaleError("索引是用另一个嵌入模型建立的；请运行 policy-assistant index build 更新索引。")
    if manifest.texts != texts:
        raise IndexStaleError("政策文本在索引建立之后有改动；请运行 policy-assistant index build 更新索引。")
    generation = folder / manifest.generation
    store = VectorStore(generation / _VECTORS, model)
    try:
        if manifest.passages != len(passages) or set(store.vectors()) != {passage.id for passage in passages}:
            raise damaged("向量与政策文本的段落对不上")
        keywords = KeywordIndex.load(generation / _KEYWORDS)
        keywords.check(passages)
    except IndexDamagedError:
        _close(store)
        raise
    return Generation(stamp, store, keywords)


def write_generation(
    folder: Path, manifest: Manifest, passages: Sequence[Passage], vectors: Mapping[str, Vectors]
) -> None:
    """Writes a generation; it is not in force before the manifest is written.

    Args:
        folder: The index folder.
        manifest: Names the generation and the model.
        passages: What is indexed.
        vectors: By id of the passage, each ``(d,) float32``.

    Raises:
        OSError: when the folder cannot be written.
        DataFolderError: when there is a file where the folder should be.
        IndexDamagedError: when the database refuses.
    """
    generation = folder / manifest.generation
    try:
        generation.mkdir(parents=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise DataFolderError(
            f"{folder} 不是文件夹，索引无处可写；请移走这个文件，"
            "或用环境变量 POLICY_ASSISTANT_DATA_DIR 指定另一个数据文件夹。"
        ) from error
    store = VectorStore(generation / _VECTORS, manifest.model, create=True)
    try:
        store.upsert(passages, np.stack([vectors[passage.id] for passage in passages]))
    finally:
        _close(store)
    KeywordIndex.build(passages).save(generation / _KEYWORDS)


def vectors_in_force(folder: Path, model: str) -> dict[str, Vectors]:
    """Vectors by id of the generation in force; none where it is missing, damaged or of another model."""
    try:
        manifest = read_manifest(folder)
        if manifest.model != model:
            return {}
        store = VectorStore(folder / manifest.generation / _VECTORS, model)
        try:
            return store.vectors()
        finally:
            _close(store)
    except (IndexMissingError, IndexDamagedError):
        return {}


def remove_other_generations(folder: Path, name: str) -> None:
    """Deletes every generation but one; nothing else in the folder is touched."""
    for generation in folder.glob(f"{GENERATION_PREFIX}*"):
        if generation.name != name:
            # What another process still has open is removed by the next build.
            shutil.rmtree(generation, ignore_errors=True)


def _close(store: VectorStore) -> None:
    # A database that is damaged may not even close; it is gone either way.
    with suppress(IndexDamagedError):
        store.close()
