"""Fixtures for page and endpoint: assistants over a stand-in search, a server in a thread, Debian's Chromium."""

from __future__ import annotations

import logging
import shutil
import socket
import threading
import time
from collections.abc import Generator
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from web_stand_ins import StandInSearch

from assistant.pipeline import Assistant
from assistant.web.server import create_app
from knowledge.errors import IndexBusyError


@pytest.fixture(scope="session")
def shared_search() -> StandInSearch:
    """What the assistant of all tests searches with."""
    return StandInSearch()


@pytest.fixture
def search(shared_search: StandInSearch) -> Generator[StandInSearch]:
    """A search that finds nothing, until a test says otherwise."""
    yield shared_search
    shared_search.reset()


@pytest.fixture
def broken(search: StandInSearch) -> StandInSearch:
    """A search whose index another process is writing."""
    search.error = IndexBusyError("另一个程序正在写索引，请稍后再试。")
    return search


@pytest.fixture(scope="session")
def assistant(shared_search: StandInSearch) -> Assistant:
    """The real assistant over the stand-in search."""
    return Assistant(shared_search)


@pytest.fixture(scope="session")
def app(assistant: Assistant) -> FastAPI:
    """Page and endpoint."""
    return create_app(assistant)


@pytest.fixture(scope="session")
def address(app: FastAPI) -> Generator[str]:
    """Address of the running page."""
    yield from running(app)


@pytest.fixture(scope="session")
def address_loading(assistant: Assistant) -> Generator[str]:
    """Address of a page whose model is still being loaded."""
    yield from running(create_app(assistant, ready=lambda: False))


def running(app: FastAPI) -> Generator[str]:
    """Runs an application on a free port; yields its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.started
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    # Ending a server cuts the streams of pages that were open; uvicorn logs each.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium instead of a download."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    return {"executable_path": chromium, "args": ["--no-sandbox"]}
