"""Orders what was found anew with a cross-encoder, which reads question and passage together. Off by default."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.encoder import first_line, go_offline
from knowledge.errors import ModelError
from knowledge.model import Hit

_REMEDY = "请检查 POLICY_ASSISTANT_RERANKER，或清空这个设置以不用重排。"


class Reranker:
    """A sentence-transformers CrossEncoder on this machine, loaded at first use.

    Args:
        path: Folder of the model; it gives one number for a question and a passage.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.expanduser()
        self._model: Any = None
        # Fast tokenizers must not be used by two threads at once; a page has many visitors.
        self._lock = threading.Lock()

    def load(self) -> None:
        """Loads the model where that has not been done.

        Raises:
            ModelError: when the folder holds no such model.
        """
        with self._lock:
            self._loaded()

    def rank(self, query: str, hits: Sequence[Hit]) -> list[Hit]:
        """What was found, in the order of the cross-encoder.

        Args:
            query: The question.
            hits: Passages found, best first.

        Returns:
            The same passages, best first. The scores change hands with the places: what is near the best score by the
            measure of the search stays so, and scores of several searches can be compared as before. What the
            cross-encoder said stands in ``rerank``.

        Raises:
            ModelError: when the model cannot be loaded, or gives no valid numbers.
        """
        if not hits:
            return []
        pairs = [(str(query), hit.passage.indexed_text) for hit in hits]
        with self._lock:
            from torch.nn import Sigmoid

            # Models store another activation, or none; the scores here are always between 0 and 1.
            given: Any = self._loaded().predict(pairs, activation_fn=Sigmoid(), show_progress_bar=False)
        scores: NDArray[np.float64] = np.asarray(given, dtype=np.float64)
        if scores.shape != (len(hits),) or not np.isfinite(scores).all():
            raise ModelError(f"重排模型 {self._path} 对每一段应给出一个有效的数，实际不是；{_REMEDY}")
        order = np.argsort(-scores, kind="stable")
        return [
            hits[int(row)].model_copy(update={"score": place.score, "rerank": float(scores[row])})
            for place, row in zip(hits, order, strict=True)
        ]

    def _loaded(self) -> Any:
        if self._model is None:
            if not self._path.is_dir():
                raise ModelError(f"找不到重排模型“{self._path}”：没有这个文件夹，程序运行时不会下载模型；{_REMEDY}")
            go_offline()
            # Takes seconds to import.
            from sentence_transformers import CrossEncoder

            try:
                self._model = CrossEncoder(str(self._path), local_files_only=True, device="cpu")
            except Exception as error:
                # The library raises a dozen kinds of errors for a bad folder; all mean the same to the reader.
                raise ModelError(f"重排模型 {self._path} 无法加载（{first_line(error)}）；{_REMEDY}") from error
        return self._model
