"""A real Chroma server for tests, on a port and in a folder of its own."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest


def chroma_binary() -> str:
    """The program ``chroma``; tests that need it are skipped without it."""
    beside = Path(sys.executable).with_name("chroma")
    found = str(beside) if beside.is_file() else shutil.which("chroma")
    if not found:
        pytest.skip("the program chroma is not installed")
    return found


class ChromaProcess:
    """``chroma run``, started, stopped and started again at the same address with the same data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts and waits until it answers."""
        self._process = subprocess.Popen(
            [chroma_binary(), "run", "--path", str(self._folder), "--host", "127.0.0.1", "--port", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.url}/api/v2/heartbeat", timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("chroma run does not answer")

    def stop(self) -> None:
        """Ends it; nothing answers any more."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Lets it accept connections and answer none."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Lets it answer again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def collections(self) -> dict[str, int]:
        """Names and sizes of what it holds."""
        import chromadb

        client = chromadb.HttpClient("127.0.0.1", self.port)
        try:
            return {collection.name: collection.count() for collection in client.list_collections()}
        finally:
            client.close()

    def add(self, name: str) -> None:
        """Adds a collection that is somebody else's."""
        import chromadb

        client = chromadb.HttpClient("127.0.0.1", self.port)
        client.create_collection(name, embedding_function=None)
        client.close()

    def drop(self, name: str) -> None:
        """Deletes a collection."""
        import chromadb

        client = chromadb.HttpClient("127.0.0.1", self.port)
        client.delete_collection(name)
        client.close()
