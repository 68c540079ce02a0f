"""What stands in front of page and endpoint: a limit for bodies, closed routes, headers, and the page's language."""

from __future__ import annotations

import json

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 64 * 1024
"""Longest body of a request in bytes; a question is at most some 6 KB."""

# Gradio brings routes for files, proxies and clients that this page never calls.
_CLOSED = (
    "/gradio_api/upload",
    "/gradio_api/file",
    "/gradio_api/proxy",
    "/gradio_api/stream",
    "/gradio_api/component_server",
    "/gradio_api/call",
    "/gradio_api/run",
    "/gradio_api/api/",
    "/gradio_api/deep_link",
    "/gradio_api/openapi.json",
    "/monitoring",
)

# Whatever an answer held, no browser would load anything from elsewhere. Gradio's scripts stand inline, and its
# HTML component compiles a template: both have to be allowed.
_HEADERS = {
    "content-security-policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


class Guard:
    """ASGI middleware.

    Args:
        app: What is guarded.
        head: HTML put first into the ``<head>`` of the page.
    """

    def __init__(self, app: ASGIApp, head: str) -> None:
        self._app = app
        self._head = head.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"].startswith(_CLOSED):
            await _refuse(send, 404, "没有这个地址。")
            return
        if scope["method"] in ("POST", "PUT", "PATCH"):
            body = await _body(receive)
            if body is None:
                await _refuse(send, 413, f"请求超过 {MAX_BODY // 1024} KB，请只留下要问的内容。")
                return
            receive = _replayed(body, receive)
        page = scope["path"] == "/" and scope["method"] == "GET"
        await self._app(scope, receive, _Reply(send, self._head if page else None))


class _Reply:
    """Sends a reply with the headers of the house; the page with its language from the first byte.

    Gradio's page says ``lang="en"`` and picks the language of its own buttons before any script
    that it lets an application add; so both are set in what it sends.
    """

    def __init__(self, send: Send, head: bytes | None) -> None:
        self._send = send
        self._head = head
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *((k.encode(), v.encode()) for k, v in _HEADERS.items())]
            if self._head is not None:
                self._start = message
                return
        elif self._start is not None:
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            await self._send_page(self._start)
            return
        await self._send(message)

    async def _send_page(self, start: Message) -> None:
        html = self._body.replace(b'lang="en"', b'lang="zh-CN"', 1)
        html = html.replace(b"<head>", b"<head>" + (self._head or b""), 1)
        kept = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
        start["headers"] = [*kept, (b"content-length", str(len(html)).encode())]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": html})


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None when it is longer than allowed."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            return None
        if not message.get("more_body"):
            return body


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Hands out a body that was read already, then what else arrives."""
    waiting = [body]

    async def again() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return again


async def _refuse(send: Send, status: int, sentence: str) -> None:
    body = json.dumps({"error": sentence}, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
