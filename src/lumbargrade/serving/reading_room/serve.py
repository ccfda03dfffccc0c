"""Keep an open room at an address until it is told to stop."""

from __future__ import annotations

import logging
import signal
import socket
import ssl
import sys
from collections.abc import Callable

import uvicorn

from lumbargrade.errors import ReadingError, first_line
from lumbargrade.serving.reading_room.app import make_app
from lumbargrade.serving.reading_room.room import Room
from lumbargrade.serving.reading_room.routes.guide import draw_ahead
from lumbargrade.serving.reading_room.settings import Opening

STOPS_WITHIN_S = 10
"""How long answers that are under way may take once the room is told to stop."""

BACKLOG = 256


def serve(room: Room, opening: Opening, opened: Callable[[], None]) -> None:
    """Serve until the process is interrupted or terminated; answers under way are finished.

    ``opened`` is called once the address is taken. Raises ReadingError if the address is taken or
    not this machine's, or the certificate cannot be used.
    """
    if opening.certificate is not None:
        _check_certificate(opening)
    listener = _listener(opening)
    _log_to_stderr()
    config = uvicorn.Config(
        make_app(room),
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=bool(opening.proxy),
        forwarded_allow_ips=opening.proxy or None,
        timeout_graceful_shutdown=STOPS_WITHIN_S,
        ssl_certfile=opening.certificate,
        ssl_keyfile=opening.key,
    )
    # uvicorn finishes what is under way and then passes the signal on.
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        opened()
        draw_ahead(room)
        uvicorn.Server(config).run([listener])
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)
        listener.close()
        room.pictures.close()
        room.database.close()


def _leave(*_: object) -> None:
    raise SystemExit(0)


def _check_certificate(opening: Opening) -> None:
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(str(opening.certificate), str(opening.key))
    except OSError as error:  # that of ssl is one too
        raise ReadingError(
            f"{opening.certificate}: cannot be used with {opening.key} ({first_line(error)}): give "
            "the server's certificate and its key as PEM files"
        ) from None


def _listener(opening: Opening) -> socket.socket:
    family = socket.AF_INET6 if ":" in opening.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((opening.host, opening.port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise ReadingError(
            f"{opening.host} port {opening.port}: cannot be opened ({error.strerror}): is a room "
            "open there already? Give another --port or --host"
        ) from None
    return listener


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    for name in ("lumbargrade.room", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.propagate = False
    logging.getLogger("lumbargrade.room").setLevel(logging.INFO)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
