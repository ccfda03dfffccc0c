"""Around every request: its size, the headers of its answer, its line in the log."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from time import perf_counter
from types import MappingProxyType

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lumbargrade.serving.reading_room.metrics import Metrics

LARGEST_BODY = 64 * 1024
"""Bytes; a change is some hundred."""

LOG = logging.getLogger("lumbargrade.room")

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": CONTENT_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
)
STRICT_TRANSPORT = "max-age=31536000"
UNKNOWN_ROUTE = "unknown"


class Guard:
    """ASGI middleware. Its log has the route's pattern, and so neither names nor tokens."""

    def __init__(self, app: ASGIApp, metrics: Metrics, is_secure: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._headers = dict(HEADERS)
        if is_secure:
            self._headers["Strict-Transport-Security"] = STRICT_TRANSPORT

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it; raises whatever the app raises."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, status = perf_counter(), 500

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            refused = _refused(scope)
            await (refused or self._app)(scope, receive, send_guarded)
        finally:
            seconds = perf_counter() - start
            route = getattr(scope.get("route"), "path", UNKNOWN_ROUTE)
            self._metrics.note(scope["method"], route, status, seconds)
            LOG.info("%s %s %d %.1f ms", scope["method"], route, status, 1000 * seconds)


def _refused(scope: Scope) -> PlainTextResponse | None:
    """Return the answer to a body that is too large, or does not say how large it is."""
    headers = {name.lower(): value for name, value in scope["headers"]}
    if b"transfer-encoding" in headers:
        return PlainTextResponse("say the length of the body\n", 411)
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) > LARGEST_BODY:
        return PlainTextResponse("the body is too large\n", 413)
    return None
