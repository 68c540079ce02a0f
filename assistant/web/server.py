"""Page and endpoint as one application, and the server that runs it."""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
import threading
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI
from fastapi.responses import Response

from assistant.pipeline import Assistant
from assistant.web.api import create_router
from assistant.web.errors import AddressError, PortBusyError
from assistant.web.guard import Guard
from assistant.web.head import HEAD, TITLE
from assistant.web.page import mount_page

_log = logging.getLogger(__name__)

_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#1d4f91"/>'
    '<path d="M9 8h14M9 14h14M9 20h9" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>'
)


def create_app(assistant: Assistant, ready: Callable[[], bool] = lambda: True) -> FastAPI:
    """The page at ``/``, the endpoint at ``/api/ask``, ``/healthz``.

    Args:
        assistant: Answers the questions.
        ready: Whether index and model are loaded; while they are not, the page explains the wait.
    """
    # FastAPI's own documentation pages load scripts from elsewhere.
    app = FastAPI(title=TITLE, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Guard, head=HEAD)
    app.include_router(create_router(assistant))
    app.add_api_route("/favicon.ico", lambda: Response(_ICON, media_type="image/svg+xml"), methods=["GET"])
    mount_page(app, assistant, ready)
    return app


def serve(assistant: Assistant, host: str, port: int, warm: Callable[[], object] | None = None) -> None:
    """Serves page and endpoint until Ctrl-C.

    Args:
        assistant: Answers the questions.
        host: Address to listen on.
        port: Port to listen on; 0 for any that is free.
        warm: Opens index and model; called in the background, so that the first question is fast.

    Raises:
        PortBusyError: another program listens on the port.
        AddressError: the address cannot be used.
    """
    with _listening(host, port) as listener:
        loaded = threading.Event()
        if warm is None:
            loaded.set()
        else:
            threading.Thread(target=_warm_up, args=(warm, loaded), name="warm-up", daemon=True).start()
        config = uvicorn.Config(
            create_app(assistant, loaded.is_set),
            log_level="warning",
            # A page that is open holds a connection; it must not hold up the end.
            timeout_graceful_shutdown=1,
        )
        # uvicorn ends in good order and then raises Ctrl-C once more.
        with contextlib.suppress(KeyboardInterrupt):
            _Server(config, f"{TITLE}已启动：{_address(host, listener)}").run(sockets=[listener])


class _Server(uvicorn.Server):
    """Says that it listens, once it does."""

    def __init__(self, config: uvicorn.Config, greeting: str) -> None:
        super().__init__(config)
        self._greeting = greeting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts listening."""
        await super().startup(sockets)
        if not self.should_exit:
            print(self._greeting, flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stops listening and cuts the streams of pages that are open."""
        # uvicorn logs each stream that it cuts as an error, with a traceback.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def _listening(host: str, port: int) -> socket.socket:
    """A socket bound before anything else starts, so that a busy port is said at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortBusyError(
                f"端口 {port} 已被别的程序占用；请关闭那个程序，或用 --port 换一个端口，如 --port {_next(port)}。"
            ) from error
        if error.errno == errno.EACCES:
            raise AddressError(
                f"没有权限使用端口 {port}；请用 --port 换一个 1024 以上的端口，如 --port 7860。"
            ) from error
        raise AddressError(f"不能在地址 {host} 上启动；请用 --host 写本机的地址，如 127.0.0.1。") from error


def _next(port: int) -> int:
    return port + 1 if port < 65535 else 7860


def _address(host: str, listener: socket.socket) -> str:
    # A wildcard is no address that a browser opens.
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)
    shown = f"[{reachable}]" if ":" in reachable else reachable
    return f"http://{shown}:{listener.getsockname()[1]}"


def _warm_up(warm: Callable[[], object], loaded: threading.Event) -> None:
    try:
        warm()
    except Exception:
        # The calculator needs no index; whoever asks for more is told what is wrong.
        _log.exception("index and model could not be opened in advance")
    finally:
        loaded.set()
