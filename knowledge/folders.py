"""Folders and files that are written: clear errors, and never half a file."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from knowledge.errors import DataFolderError


def writable_folder(folder: Path) -> Path:
    """Creates a folder where needed and makes sure that it can be written.

    Raises:
        DataFolderError: when it cannot; the message names the folder and the setting.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise unwritable(folder, error) from error
    return folder


def unwritable(folder: Path, error: OSError) -> DataFolderError:
    """The error that says that a folder cannot be written, and what to do."""
    return DataFolderError(
        f"数据文件夹 {folder} 无法写入（{error.strerror or error}）；"
        "请检查权限和磁盘空间，或用环境变量 POLICY_ASSISTANT_DATA_DIR 指定另一个可写的文件夹。"
    )


def checksum_of(folder: Path, paths: Iterable[Path]) -> str:
    """SHA-256 over names and contents of files, in hexadecimal digits.

    Args:
        folder: Where the names begin.
        paths: Files in it, in any order.

    Raises:
        OSError: when one cannot be read.
    """
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}|{len(content)}|".encode() + content)
    return digest.hexdigest()


def write_atomically(path: Path, text: str) -> None:
    """Writes a text file that is either complete or not there.

    Raises:
        DataFolderError: when the folder cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise unwritable(path.parent, error) from error
