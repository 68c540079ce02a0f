"""One complete state of the index in a sub-folder of its own: written, opened and checked as a whole."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.encoder import Vectors
from knowledge.errors import (
    DataFolderError,
    IndexDamagedError,
    IndexMissingError,
    IndexStaleError,
    KnowledgeError,
    VectorServerError,
)
from knowledge.keyword_index import KEYWORDS_VERSION, KeywordIndex
from knowledge.manifest import GENERATION_PREFIX, Manifest, manifest_path, read_manifest
from knowledge.model import Passage
from knowledge.vector_file import read_vectors, write_vectors
from knowledge.vector_store import ChromaCollection, Engine, damaged

KEYWORDS, VECTORS = "keywords", "vectors.npz"
"""Sub-folder of a generation that holds the keyword index, and file of the vectors as they were written."""

Stamp = tuple[int, int]


@dataclass
class Generation:
    """An open generation."""

    stamp: Stamp
    """Identity of the manifest when it was opened: another build replaces the manifest."""
    vectors: ChromaCollection
    keywords: KeywordIndex
    folder: Path
    _confirmed: bool = False

    def confirm(self, passages: Sequence[Passage]) -> None:
        """Checks once that every passage has the vector that was written and that a search by vector finds.

        Raises:
            IndexDamagedError: when not.
            VectorServerError: when the server that holds the vectors does not answer; it is asked again next time.
        """
        if not self._confirmed:
            self.vectors.check(passages, read_vectors(self.folder / VECTORS))
            self._confirmed = True

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


def check_sources(manifest: Manifest, texts: str, model: str, engine: Engine) -> None:
    """Makes sure that an index was built from what is in use now.

    Args:
        manifest: Of the index.
        texts: Hash of the passages in use.
        model: Fingerprint of the model in use.
        engine: The Chroma in use.

    Raises:
        IndexStaleError: when not; says what is another.
    """
    if manifest.model != model:
        raise IndexStaleError(
            "索引是用另一个嵌入模型或另外的提示词建立的；请运行 policy-assistant index build 更新索引。"
        )
    if manifest.texts != texts:
        raise IndexStaleError("政策文本在索引建立之后有改动；请运行 policy-assistant index build 更新索引。")
    if manifest.keywords != KEYWORDS_VERSION:
        raise IndexStaleError(
            "索引是用这个程序的另一个版本建立的；请运行 policy-assistant index build 更新索引，向量不必重新计算。"
        )
    if manifest.vectors != engine.kind:
        where = "内置的 Chroma 里" if manifest.vectors == "embedded" else "Chroma 服务器上"
        raise IndexStaleError(
            f"索引的向量在{where}，与现在的设置 POLICY_ASSISTANT_CHROMA_URL 不同；"
            "请运行 policy-assistant index build 更新索引。"
        )


def open_generation(folder: Path, passages: Sequence[Passage], texts: str, model: str, engine: Engine) -> Generation:
    """Opens the generation in force and checks that nothing is missing from it.

    Args:
        folder: The index folder.
        passages: The passages that it must hold.
        texts: Their hash.
        model: Fingerprint of the model in use.
        engine: The Chroma in use. Where its server does not answer, the vectors stay unconfirmed.

    Raises:
        IndexMissingError: when there is no index.
        IndexStaleError: when it was built from other texts, with another model or in another way.
        IndexDamagedError: when it cannot be used.
    """
    stamp = stamp_of(folder)
    manifest = read_manifest(folder)
    check_sources(manifest, texts, model, engine)
    if manifest.passages != len(passages):
        raise damaged("段落数与政策文本对不上")
    store = engine.open(folder / manifest.generation, model)
    try:
        keywords = KeywordIndex.load(folder / manifest.generation / KEYWORDS)
        keywords.check(passages)
        generation = Generation(stamp, store, keywords, folder / manifest.generation)
        with suppress(VectorServerError):
            generation.confirm(passages)
    except IndexDamagedError:
        _close(store)
        raise
    return generation


def write_generation(
    folder: Path, manifest: Manifest, passages: Sequence[Passage], vectors: Mapping[str, Vectors], engine: Engine
) -> None:
    """Writes a generation; it is not in force before the manifest is written.

    Args:
        folder: The index folder.
        manifest: Names the generation and the model.
        passages: What is indexed.
        vectors: By id of the passage, each ``(d,) float32``.
        engine: The Chroma in use.

    Raises:
        OSError: when the folder cannot be written.
        DataFolderError: when there is a file where the folder should be.
        IndexDamagedError: when the database refuses.
        VectorServerError: when the server does.
    """
    generation = folder / manifest.generation
    try:
        generation.mkdir(parents=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise DataFolderError(
            f"{folder} 不是文件夹，索引无处可写；请移走这个文件，"
            "或用环境变量 POLICY_ASSISTANT_DATA_DIR 指定另一个数据文件夹。"
        ) from error
    rows = np.stack([vectors[passage.id] for passage in passages])
    write_vectors(generation / VECTORS, [passage.id for passage in passages], rows)
    store = engine.create(generation, manifest.model)
    try:
        store.upsert(passages, rows)
    finally:
        _close(store)
    engine.seal(generation)
    KeywordIndex.build(passages).save(generation / KEYWORDS)


def vectors_in_force(folder: Path, model: str) -> dict[str, Vectors]:
    """Vectors by id of the generation in force, as they were written; none where it is missing or of another model.

    They are never read from the database: what has broken there would be carried from one generation to the next.
    """
    try:
        manifest = read_manifest(folder)
        return read_vectors(folder / manifest.generation / VECTORS) if manifest.model == model else {}
    except (IndexMissingError, IndexDamagedError):
        return {}


def remove_generation(generation: Path, engine: Engine) -> None:
    """Deletes one generation, as far as that is possible; what is left is deleted after the next build."""
    with suppress(KnowledgeError):
        engine.discard(generation)
        # What another process still has open stays.
        shutil.rmtree(generation, ignore_errors=True)


def remove_other_generations(folder: Path, name: str, engine: Engine) -> None:
    """Deletes every generation but one; nothing else in the folder is touched."""
    for generation in folder.glob(f"{GENERATION_PREFIX}*"):
        if generation.name != name:
            remove_generation(generation, engine)


def _close(store: ChromaCollection) -> None:
    # A database that is damaged may not even close; it is gone either way.
    with suppress(IndexDamagedError):
        store.close()
