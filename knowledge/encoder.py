"""Turns texts into vectors, on this machine, without a network."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.bundled_model import NAME, bundled_identity, bundled_model
from knowledge.errors import ModelError
from knowledge.prompts import E5, Prompts, prompts_of
from knowledge.settings import KnowledgeSettings

Vectors = NDArray[np.float32]

_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
_SAMPLE = 1 << 20  # bytes read at each end of a large file; reading hundreds of MB at every start would take seconds


class Encoder(Protocol):
    """What embeds passages and questions into one space."""

    @property
    def fingerprint(self) -> str:
        """Stable name of the model, 16 hexadecimal digits: equal models give equal vectors."""
        ...

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Embeds passages: ``(n, d) float32``, each of length 1."""
        ...

    def encode_query(self, text: str) -> Vectors:
        """Embeds a question: ``(d,) float32``, of length 1."""
        ...


class SentenceEncoder:
    """A sentence-transformers model, loaded at first use.

    Args:
        data_dir: The data folder, where the bundled model is converted to.
        model: Folder or name of a model on this machine; None for the bundled one, whose vectors have 384 numbers.
        batch_size: Passages embedded at a time.
        query_prompt: Words before a question; ``none`` for no words, None for those of the model.
        document_prompt: Words before a passage.

    Raises:
        ValueError: when the batch size is below 1.
    """

    def __init__(
        self,
        data_dir: Path,
        model: str | None = None,
        batch_size: int = 32,
        query_prompt: str | None = None,
        document_prompt: str | None = None,
    ) -> None:
        if batch_size < 1:
            raise ValueError(f"batch_size 应至少为 1，现为 {batch_size}")
        self._data_dir = data_dir
        self._setting = model
        self._batch_size = batch_size
        self._prompts_set = (query_prompt, document_prompt)
        self._prompts_known: Prompts | None = None
        self._model: Any = None
        self._fingerprint: str | None = None
        # Fast tokenizers must not be used by two threads at once; a page has many visitors.
        self._lock = threading.Lock()

    @classmethod
    def from_settings(cls, settings: KnowledgeSettings) -> SentenceEncoder:
        """The encoder that the settings name."""
        return cls(
            settings.data_dir,
            settings.embedding_model,
            query_prompt=settings.embedding_query_prompt,
            document_prompt=settings.embedding_document_prompt,
        )

    @property
    def fingerprint(self) -> str:
        """Stable name of the model and its prompts, 16 hexadecimal digits; does not load it.

        Raises:
            ModelError: when the model is not on this machine.
        """
        if self._fingerprint is None:
            identity = bundled_identity() if self._setting is None else _folder_identity(_local_folder(self._setting))
            prompts = self._prompts()
            if self._setting is not None or prompts != E5:  # the identity of the bundled model implies its own
                identity = f"{identity}|{prompts.query!r}|{prompts.document!r}"
            self._fingerprint = hashlib.sha256(identity.encode()).hexdigest()[:16]
        return self._fingerprint

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Embeds passages, with the words that the model expects before a document.

        Args:
            texts: Passages, in any order; they are batched by length inside.

        Returns:
            ``(n, d) float32``, each of length 1; d is 384 for the bundled model.

        Raises:
            ModelError: when the model cannot be prepared or loaded.
            DataFolderError: when the bundled model cannot be written.
        """
        with self._lock:
            vectors = self._loaded().encode_document(
                list(texts),
                prompt=self._prompts().document,
                batch_size=self._batch_size,
                show_progress_bar=False,
                convert_to_numpy=True,
                normalize_embeddings=True,
            )
        return self._sound(vectors)

    def encode_query(self, text: str) -> Vectors:
        """Embeds a question, with the words that the model expects before a query.

        Returns:
            ``(d,) float32``, of length 1.

        Raises:
            ModelError: as for :meth:`encode_documents`.
            DataFolderError: as for :meth:`encode_documents`.
        """
        with self._lock:
            vector = self._loaded().encode_query(
                text,
                prompt=self._prompts().query,
                show_progress_bar=False,
                convert_to_numpy=True,
                normalize_embeddings=True,
            )
        return self._sound(vector)

    def _prompts(self) -> Prompts:
        if self._prompts_known is None:
            folder = None if self._setting is None else _local_folder(self._setting)
            name = NAME if folder is None else f"{self._setting} {folder.name}"
            self._prompts_known = prompts_of(folder, name, *self._prompts_set)
        return self._prompts_known

    def _sound(self, vectors: Any) -> Vectors:
        found = np.asarray(vectors, dtype=np.float32)
        if not np.isfinite(found).all():
            raise ModelError(
                f"嵌入模型 {self._setting or NAME} 算出的向量里有无效的数；"
                "请换一个模型（POLICY_ASSISTANT_EMBEDDING_MODEL），或留空以使用自带模型。"
            )
        return found

    def _loaded(self) -> Any:
        if self._model is None:
            go_offline()
            self._model = self._load_bundled() if self._setting is None else _load(_local_folder(self._setting))
        return self._model

    def _load_bundled(self) -> Any:
        try:
            return _load(bundled_model(self._data_dir))
        except ModelError:
            # A converted folder that was damaged since can always be made again from the package.
            return _load(bundled_model(self._data_dir, rebuild=True))


def go_offline() -> None:
    """Keeps the libraries from reaching out and from writing to standard error; before their first import."""
    os.environ.update(_OFFLINE)
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)


def _load(folder: Path) -> Any:
    # Takes seconds to import; commands that do not search must not wait for it.
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(str(folder), local_files_only=True, device="cpu")
    except Exception as error:
        # The library raises a dozen kinds of errors for a bad folder; all mean the same to the reader.
        raise ModelError(
            f"嵌入模型 {folder} 无法加载（{first_line(error)}）；"
            "请检查 POLICY_ASSISTANT_EMBEDDING_MODEL，或留空以使用自带模型。"
        ) from error


def first_line(error: BaseException) -> str:
    """Kind and first line of an error of a library, whose messages run over many."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__


def _local_folder(setting: str) -> Path:
    folder = Path(setting).expanduser()
    if folder.is_dir():
        return folder
    os.environ.update(_OFFLINE)
    import huggingface_hub

    hub: Any = huggingface_hub
    for name in (setting, f"sentence-transformers/{setting}"):
        try:
            return Path(hub.snapshot_download(name, local_files_only=True))
        except (OSError, ValueError):  # not cached, or not a possible name
            continue
    raise ModelError(
        f"找不到嵌入模型“{setting}”：它不是文件夹，也不在本机的模型缓存里，程序运行时不会下载模型；"
        "请把 POLICY_ASSISTANT_EMBEDDING_MODEL 设为模型所在文件夹，或留空以使用自带模型。"
    )


def _folder_identity(folder: Path) -> str:
    """A hash of what lies in a model folder, by the ends of large files."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}|{size}|".encode())
        with path.open("rb") as file:
            digest.update(file.read(_SAMPLE))
            if size > 2 * _SAMPLE:
                file.seek(-_SAMPLE, os.SEEK_END)
            digest.update(file.read(_SAMPLE))
    return digest.hexdigest()
