"""Vectors of a build that has not ended, kept so that a build after a crash goes on where it stopped."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from knowledge.encoder import Vectors
from knowledge.errors import IndexDamagedError
from knowledge.folders import unwritable
from knowledge.vector_file import read_vectors, write_vectors

_PREFIX = "unfinished-"


class Unfinished:
    """What one model has computed for an index that is not complete.

    Args:
        folder: The index folder.
        model: Fingerprint of the model.
    """

    def __init__(self, folder: Path, model: str) -> None:
        self._index = folder
        self._folder = folder / f"{_PREFIX}{model}"

    def vectors(self) -> dict[str, Vectors]:
        """The vectors kept, by id of the passage; a file that was cut off is passed over."""
        found: dict[str, Vectors] = {}
        for path in sorted(self._folder.glob("*.npz")):
            with suppress(IndexDamagedError):
                found.update(read_vectors(path))
        return found

    def keep(self, ids: Sequence[str], vectors: Vectors) -> None:
        """Keeps what was just computed.

        Args:
            ids: Ids of n passages.
            vectors: ``(n, d) float32``.

        Raises:
            DataFolderError: when the folder cannot be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_vectors(self._folder / f"{uuid.uuid4().hex}.npz", ids, vectors)
        except OSError as error:
            raise unwritable(self._index, error) from error

    def remove(self) -> None:
        """Deletes what is kept, also of other models."""
        for folder in self._index.glob(f"{_PREFIX}*"):
            shutil.rmtree(folder, ignore_errors=True)
