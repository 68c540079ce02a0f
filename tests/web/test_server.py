"""Starting and ending the server."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from assistant.pipeline import Assistant
from assistant.web.errors import AddressError, PortBusyError
from assistant.web.server import serve

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
from assistant.pipeline import Assistant
from assistant.web.server import serve
def warm():
    raise RuntimeError("no index")
serve(Assistant(lambda query, policies: []), "127.0.0.1", 0, warm)
"""


def test_a_busy_port_is_named_before_anything_is_loaded(assistant: Assistant) -> None:
    loaded: list[bool] = []
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortBusyError, match=rf"{port}.*--port"):
            serve(assistant, "127.0.0.1", port, lambda: loaded.append(True))
    assert not loaded
    assert threading.active_count() < 50


@pytest.mark.parametrize("host", ["203.0.113.7", "no-such-host.invalid"])
def test_an_address_that_is_not_ours(assistant: Assistant, host: str) -> None:
    with pytest.raises(AddressError, match=r"--host"):
        serve(assistant, host, 0)


def test_it_says_where_it_listens_and_ends_quietly_on_ctrl_c() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("政策通已启动：http://127.0.0.1:")
        port = int(line.strip().rpartition(":")[2])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        # A page that is open holds a stream; the server must not wait for it.
        connection.request("GET", "/gradio_api/heartbeat/abc")
        assert connection.getresponse().status == 200
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=15)
    finally:
        process.kill()
    assert process.returncode == 0
    # Index and model that fail in advance are a matter for the log, Ctrl-C is not.
    assert "no index" in errors
    assert "KeyboardInterrupt" not in errors
    assert "CancelledError" not in errors
