"""The note that says which index is the valid one; written last, so an interrupted build is never taken for one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.errors import IndexMissingError
from knowledge.folders import write_atomically
from knowledge.model import Passage
from knowledge.vector_store import damaged

GENERATION_PREFIX = "generation-"
_FILE = "manifest.json"


class Manifest(BaseModel):
    """What the index in force was built from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = 1
    generation: str
    """Name of the sub-folder that holds the databases."""
    texts: str
    """Hash of all passages and their places."""
    model: str
    """Fingerprint of the embedding model."""
    passages: int
    """How many passages are indexed."""
    vectors: Literal["embedded", "server"] = "embedded"
    """Which Chroma holds the vectors."""
    keywords: int = 1
    """How words are indexed: :data:`knowledge.keyword_index.KEYWORDS_VERSION`."""
    built_at: str
    """Date and time with zone, ISO 8601."""


def manifest_path(folder: Path) -> Path:
    """Where the manifest of an index folder lies."""
    return folder / _FILE


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Puts an index in force.

    Raises:
        DataFolderError: when the folder cannot be written.
    """
    write_atomically(manifest_path(folder), manifest.model_dump_json(indent=2) + "\n")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of an index folder.

    Raises:
        IndexMissingError: when there is no index at all.
        IndexDamagedError: when there is one without a manifest that can be read.
    """
    path = manifest_path(folder)
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        if folder.is_dir() and any(folder.glob(f"{GENERATION_PREFIX}*")):
            raise damaged("缺少 manifest.json，可能上次建立时中断") from error
        raise IndexMissingError(f"还没有建立索引（{folder}）；请运行 policy-assistant index build。") from error
    except (OSError, ValidationError) as error:
        raise damaged("manifest.json 读不出来") from error
    if Path(manifest.generation).name != manifest.generation or not manifest.generation.startswith(GENERATION_PREFIX):
        raise damaged("manifest.json 指向别处")
    return manifest


def hash_of_texts(passages: Sequence[Passage]) -> str:
    """A hash that changes when a passage, its clause or its place changes."""
    digest = hashlib.sha256()
    for passage in passages:
        digest.update(f"{passage.id} {passage.start} {passage.end}\n".encode())
    return digest.hexdigest()
