"""Vectors in a file of our own: what a database is compared with, and what a later build need not compute again.

The format is that of numpy, a ZIP archive: a file that was cut off or changed fails its own checksums.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge.encoder import Vectors
from knowledge.errors import IndexDamagedError


def write_vectors(path: Path, ids: Sequence[str], vectors: Vectors) -> None:
    """Writes a file that is either complete or not there.

    Args:
        path: The file; its folder must exist.
        ids: Ids of n passages.
        vectors: ``(n, d) float32``.

    Raises:
        OSError: when it cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("wb") as file:
        np.savez(file, ids=np.array(ids), vectors=vectors)
    temporary.replace(path)


def read_vectors(path: Path) -> dict[str, Vectors]:
    """The vectors of a file by the id of their passage, each ``(d,) float32``.

    Raises:
        IndexDamagedError: when it is missing, cut off or changed.
    """
    try:
        with np.load(path, allow_pickle=False) as kept:
            return dict(zip((str(identity) for identity in kept["ids"]), kept["vectors"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
        raise IndexDamagedError(
            "索引已损坏（向量的备份读不出来）；请运行 policy-assistant index build，会按政策文本重建索引。"
        ) from error
