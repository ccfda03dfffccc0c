"""A room at an address: taken, in the clear, by TLS, and stopped."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from tests.serving.reading_room.made_up_room import MadeUpRoom

from lumbargrade.errors import ReadingError
from lumbargrade.serving.reading_room.serve import serve
from lumbargrade.serving.reading_room.settings import Opening


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_an_address_that_is_taken_is_refused_in_one_line(room: MadeUpRoom) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        opening = Opening(port=taken.getsockname()[1])
        with pytest.raises(ReadingError, match="is a room open there already"):
            serve(room.room, opening, lambda: None)


def test_a_certificate_that_is_none_is_refused(room: MadeUpRoom, tmp_path: Path) -> None:
    path = tmp_path / "a.pem"
    path.write_text("no certificate", encoding="utf-8")
    opening = Opening(certificate=path, key=path)
    with pytest.raises(ReadingError, match=r"a\.pem: cannot be used with .* as PEM files"):
        serve(room.room, opening, lambda: None)


SERVER = """
import sys
from pathlib import Path
from lumbargrade.serving.reading_room.serve import serve
from lumbargrade.serving.reading_room.settings import Opening
from tests.serving.reading_room.made_up_room import MadeUpRoom
folder, port, certificate = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
pair = [Path(certificate[0]), Path(certificate[1])] if certificate else [None, None]
opening = Opening("127.0.0.1", port, *pair)
room = MadeUpRoom(folder, is_secure=opening.is_secure).room
serve(room, opening, lambda: print("open", flush=True))
print("closed", flush=True)
"""


def served(repository: Path, folder: Path, *certificate: str) -> tuple[subprocess.Popen[str], int]:
    """Start a room of another process; it is open."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(folder), str(port), *certificate],
        env={**os.environ, "PYTHONPATH": f"{repository / 'src'}{os.pathsep}{repository}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process, port


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_room_that_is_told_to_stop_finishes_and_closes(
    repository: Path, tmp_path: Path, sign: signal.Signals
) -> None:
    process, port = served(repository, tmp_path)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health") as answer:
        assert answer.read() == b'{"status":"ok"}'
        assert "uvicorn" not in str(answer.headers)
    process.send_signal(sign)
    out, log = process.communicate(timeout=60)
    assert process.returncode == 0, log
    assert out == ("closed\n" if sign == signal.SIGINT else "")
    assert "INFO GET /health 200" in log
    assert not (tmp_path / "room.sqlite-wal").exists()  # all of it is in the file


def test_tls_by_file(repository: Path, tmp_path: Path) -> None:
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out",
         str(certificate)],
        capture_output=True, check=False,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("no openssl to make a certificate with")
    process, port = served(repository, tmp_path, str(certificate), str(key))
    trusted = ssl.create_default_context(cafile=str(certificate))
    address = f"https://127.0.0.1:{port}/sign-in"
    with urllib.request.urlopen(address, context=trusted) as answer:
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-room-")
        assert "Secure" in cookie
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
    process.terminate()
    process.communicate(timeout=60)
