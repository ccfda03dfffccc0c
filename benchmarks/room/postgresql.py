"""A PostgreSQL server of one's own for a while, on a socket in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")
USERS = ("postgres", "nobody")
"""Whom the server may run as where we are root, whom it refuses."""


def programs() -> Path | None:
    """Return the folder of the server's programs; None where it is not installed."""
    found = [one for place in PLACES for one in sorted(Path("/").glob(f"{place[1:]}/initdb"))]
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).resolve().parent if named else None


@contextmanager
def postgresql() -> Iterator[str | None]:
    """Yield the URL of an empty database; None where there is no server to start."""
    bin_folder = programs()
    if bin_folder is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="room-pg-") as name:
        folder, who = Path(name), _somebody_else()
        os.chmod(folder, 0o755)
        if who:
            os.chown(folder, pwd.getpwnam(who["user"]).pw_uid, -1)
        data = folder / "data"
        _run([bin_folder / "initdb", "-D", data, "-U", "room", "-A", "trust", "-E", "UTF8"], who)
        control = [bin_folder / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
        settings = f"-c listen_addresses='' -k {folder}"
        _run([*control, "-o", settings, "start"], who)
        try:
            yield f"postgresql://room@/postgres?host={folder}"
        finally:
            _run([*control, "-m", "immediate", "stop"], who)


def _somebody_else() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    known = {one.pw_name for one in pwd.getpwall()}
    user = next(one for one in USERS if one in known)
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def _run(command: Sequence[object], who: dict[str, Any]) -> None:
    subprocess.run(
        [str(one) for one in command],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        **who,
    )
