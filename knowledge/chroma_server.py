"""A Chroma server reached by its address: the same collections, kept elsewhere, and what to do while it is away."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from knowledge.encoder import Vectors, first_line
from knowledge.errors import IndexDamagedError, SettingError, VectorServerError
from knowledge.vector_store import CONFIGURATION, ChromaCollection, damaged

_NAME_FILE = "collection.txt"  # in the folder of a generation: which collection on the server is its own
_HEARTBEAT = 3.0  # seconds to wait for a sign of life
_ANSWER = 10.0  # seconds to wait for an answer
_PAUSE = 5.0  # seconds in which a server that failed is not asked again, so that questions do not wait for it
_GONE = ("NotFoundError", "InvalidDimensionException", "InvalidArgumentError")
T = TypeVar("T")


class ServerEngine:
    """A Chroma server; each generation has a collection of its own there.

    Args:
        url: ``http://host:port`` or ``https://host:port``.

    Raises:
        SettingError: when the address has another form.
    """

    kind: Literal["embedded", "server"] = "server"

    def __init__(self, url: str) -> None:
        self._host, self._port, self._tls = _parts(url)
        self.address: str | None = f"{'https' if self._tls else 'http'}://{self._host}:{self._port}"

    def ready(self) -> None:
        """Makes sure that the server answers.

        Raises:
            VectorServerError: when it does not.
        """
        self.connect().close()

    def create(self, generation: Path, fingerprint: str) -> ChromaCollection:
        """An empty collection for a generation, whose folder exists.

        Raises:
            VectorServerError: when the server does not answer.
            OSError: when the folder cannot be written.
        """
        name = _collection_name(generation, fingerprint)
        # Written first: what a build that is killed leaves on the server can then be found and deleted.
        (generation / _NAME_FILE).write_text(name, "utf-8")
        return ServerCollection(self, name, create=True)

    def open(self, generation: Path, fingerprint: str) -> ChromaCollection:
        """The collection of a generation; the server is first asked when it is used."""
        return ServerCollection(self, _collection_name(generation, fingerprint))

    def seal(self, generation: Path) -> None:
        """The server keeps its own files."""

    def discard(self, generation: Path) -> None:
        """Deletes the collection of a generation from the server.

        Raises:
            VectorServerError: when the server does not answer.
        """
        try:
            name = (generation / _NAME_FILE).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return  # a generation of the embedded Chroma
        client = self.connect()
        try:
            client.delete_collection(name)
        except Exception as error:
            if type(error).__name__ not in _GONE:
                raise self.failed(error) from error
        finally:
            client.close()

    def connect(self) -> Any:
        """A client of the server.

        Raises:
            VectorServerError: when the server does not answer in time.
        """
        # Chroma's client waits without end: a server that hangs must be noticed before it is asked.
        try:
            with urllib.request.urlopen(f"{self.address}/api/v2/heartbeat", timeout=_HEARTBEAT) as answer:
                answer.read()
            # Takes a second to import; commands that do not search must not wait for it.
            import chromadb
            from chromadb.config import Settings

            settings = Settings(anonymized_telemetry=False)
            client: Any = chromadb.HttpClient(self._host, self._port, self._tls, settings=settings)
            client._server._session.timeout = _ANSWER  # no setting of the library reaches it
        except Exception as error:
            raise self.failed(error) from error
        return client

    def failed(self, error: Exception) -> VectorServerError:
        """The error that says that the server cannot be used, and what to do."""
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        said = first_line(reason) if isinstance(reason, Exception) else str(reason)
        return VectorServerError(
            f"Chroma 服务器 {self.address} 连不上或出错（{said}）；"
            "请检查它是否在运行、POLICY_ASSISTANT_CHROMA_URL 是否写对，或清空这个设置以使用内置的 Chroma。"
        )


class ServerCollection(ChromaCollection):
    """One collection on a Chroma server, connected to when first used and again after the server was away.

    Args:
        engine: The server.
        name: Name of the collection.
        create: Whether to create it.

    Raises:
        VectorServerError: when it is to be created and the server does not answer.
    """

    # A request may have 40 MB; vectors of a large model take some 20 kB each as JSON.
    _batch = 500

    def __init__(self, engine: ServerEngine, name: str, *, create: bool = False) -> None:
        self._engine = engine
        self._name = name
        self._client: Any = None
        self._collection: Any = None
        self._failure: VectorServerError | None = None
        self._asked_again = 0.0  # monotonic time from which the server is asked again
        self._lock = threading.Lock()
        if create:
            self._connect(
                lambda client: client.create_collection(name, configuration=CONFIGURATION, embedding_function=None)
            )

    def query(self, vector: Vectors, limit: int, policies: Sequence[str] | None) -> list[tuple[str, float]]:
        """The passages nearest to a vector; see :meth:`ChromaCollection.query`.

        Raises:
            VectorServerError: when the server cannot answer, also when it has lost the collection: the keywords are
                here and can still be searched.
        """
        try:
            return super().query(vector, limit, policies)
        except IndexDamagedError as error:
            raise VectorServerError(str(error)) from error

    def close(self) -> None:
        """Lets go of the connection."""
        with self._lock:
            self._let_go()

    def _run(self, call: Callable[[Any], T]) -> T:
        with self._lock:
            if self._failure is not None and time.monotonic() < self._asked_again:
                raise self._failure
            try:
                if self._collection is None:
                    self._connect(lambda client: client.get_collection(self._name, embedding_function=None))
                collection = self._collection
            except VectorServerError as error:
                raise self._paused(error) from error
        try:
            found = call(collection)
        except Exception as error:
            if type(error).__name__ in _GONE:
                raise damaged(f"Chroma 服务器 {self._engine.address}：{first_line(error)}") from error
            with self._lock:
                self._let_go()  # connecting again begins with a sign of life, which is not waited for long
                raise self._paused(self._engine.failed(error)) from error
        self._failure = None
        return found

    def _connect(self, collection_of: Callable[[Any], Any]) -> None:
        client = self._engine.connect()
        try:
            self._collection = collection_of(client)
        except Exception as error:
            client.close()
            if type(error).__name__ in _GONE:
                raise damaged(f"Chroma 服务器 {self._engine.address} 上没有集合 {self._name}") from error
            raise self._engine.failed(error) from error
        self._client = client

    def _let_go(self) -> None:
        with suppress(Exception):
            if self._client is not None:
                self._client.close()
        self._client = self._collection = None

    def _paused(self, failure: VectorServerError) -> VectorServerError:
        self._failure, self._asked_again = failure, time.monotonic() + _PAUSE
        return failure


def _collection_name(generation: Path, fingerprint: str) -> str:
    return f"passages-{fingerprint}-{generation.name.rpartition('-')[2]}"


def _parts(url: str) -> tuple[str, int, bool]:
    """Host, port and whether the connection is encrypted."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        parts = host = port = None
    plain = parts is not None and not (parts.username or parts.password or parts.query or parts.fragment)
    if parts is None or not plain or parts.scheme not in ("http", "https") or not host or not port:
        raise SettingError(f"POLICY_ASSISTANT_CHROMA_URL 的值“{url}”不能用；请写成 http://主机:端口。")
    if parts.path not in ("", "/"):
        raise SettingError(f"POLICY_ASSISTANT_CHROMA_URL 的值“{url}”不能带路径；请写成 http://主机:端口。")
    return f"[{host}]" if ":" in host else host, port, parts.scheme == "https"
