"""A command of the program in a process group of its own, which may be killed at any moment.

Processes are forked from this one, which has loaded the libraries, since loading them would take
most of the time of a kill. The child calls the same ``main`` as the console script.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
import traceback
import types
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_OPERATIONS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.chmod"}
_WRITING = os.O_WRONLY | os.O_RDWR

Patch = Callable[[], None]


@dataclass(frozen=True)
class Moment:
    """When to kill: after ``seconds``, or ``seconds`` after file operation ``operation``.

    ``whole_group``: with all that it started; else the process alone, whose workers must follow.
    """

    seconds: float
    operation: int | None = None
    whole_group: bool = True


@dataclass(frozen=True)
class Place:
    """Where a command runs: its folder, the folder for temporary files, and what it prints."""

    folder: Path
    temporary: Path
    printed: Path
    limit_bytes: int | None = None

    @classmethod
    def make(cls, root: Path, limit_bytes: int | None = None) -> Place:
        """Make the folders below ``root``."""
        place = cls(root / "place", root / "tmp", root / "printed", limit_bytes)
        place.folder.mkdir(parents=True)
        place.temporary.mkdir()
        return place


@dataclass(frozen=True)
class Ended:
    """How a command ended: ``code`` is negative for a signal; ``operations`` were on files."""

    code: int
    seconds: float
    printed: str
    killed: bool
    operations: int
    survivors: list[int] = field(default_factory=list)


def run_command(
    arguments: list[str], place: Place, moment: Moment | None = None, patch: Patch | None = None
) -> Ended:
    """Run ``lumbargrade`` with these arguments, killed at ``moment`` if it has not ended."""
    counted = place.printed.with_suffix(".count")
    counted.write_text("0")
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        _be_the_command(arguments, place, moment, patch)
    killed = _wait_and_kill(child, moment)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    seconds = time.perf_counter() - start
    survivors = _survivors(child)
    for one in survivors:
        os.kill(one, signal.SIGKILL)
    printed = place.printed.read_text(encoding="utf-8", errors="replace")
    return Ended(code, seconds, printed, killed or code == -9, int(counted.read_text()), survivors)


def _wait_and_kill(child: int, moment: Moment | None) -> bool:
    """Wait for the end, without reaping; return whether it was killed from here."""
    end = None if moment is None or moment.operation is not None else moment.seconds
    start = time.perf_counter()
    while os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        if end is not None and time.perf_counter() - start >= end:
            assert moment is not None
            _kill(child, moment)
            return True
        time.sleep(0.002)
    return False


def _kill(child: int, moment: Moment) -> None:
    if moment.whole_group:
        with suppress(ProcessLookupError):  # killed before it had a group of its own
            os.killpg(child, signal.SIGKILL)
    os.kill(child, signal.SIGKILL)


def _survivors(session: int, patience_s: float = 3.0) -> list[int]:
    """Return processes of a session that still run a while after its leader has ended."""
    end = time.perf_counter() + patience_s
    while found := [one for one in map(_session, _processes()) if one[1] == session]:
        if time.perf_counter() > end:
            break
        time.sleep(0.02)
    return [process for process, _ in found]


def _processes() -> list[int]:
    return [int(one) for one in os.listdir("/proc") if one.isdigit()]


def _session(process: int) -> tuple[int, int]:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return process, -1
    return process, -1 if fields[0] == "Z" else int(fields[3])


def _be_the_command(
    arguments: list[str], place: Place, moment: Moment | None, patch: Patch | None
) -> None:
    """Be the console script; never returns."""
    code = 70
    try:
        os.setsid()
        _take_over(place)
        if place.limit_bytes is not None:
            import resource

            resource.setrlimit(resource.RLIMIT_FSIZE, (place.limit_bytes, place.limit_bytes))
        if patch is not None:
            patch()
        counter = _Counter(place, moment)
        sys.addaudithook(counter.hear)
        sys.argv = ["-c", *arguments]
        from lumbargrade.cli.main import main

        try:
            main()
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        counter.place = None
        place.printed.with_suffix(".count").write_text(str(counter.count))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _take_over(place: Place) -> None:
    """Print to a file, and be no child of the benchmark for those that are started."""
    descriptor = os.open(place.printed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    os.chdir(place.folder)
    os.environ["TMPDIR"] = str(place.temporary)
    os.environ["GLIBC_TUNABLES"] = os.environ.get("GLIBC_TUNABLES", "")  # train starts no second
    tempfile.tempdir = None
    sys.modules["__main__"] = types.ModuleType("__main__")


class _Counter:
    """Counts the operations on files below a place, and kills at one of them."""

    def __init__(self, place: Place, moment: Moment | None) -> None:
        self.place: bytes | None = os.fsencode(place.folder)
        self.moment, self.count = moment, 0

    def hear(self, event: str, arguments: tuple[object, ...]) -> None:
        """Take an audit event."""
        if self.place is None or not self._counts(event, arguments):
            return
        self.count += 1
        moment = self.moment
        if moment is not None and self.count == moment.operation:
            if moment.seconds:
                threading.Timer(moment.seconds, _kill, (os.getpid(), moment)).start()
            else:
                _kill(os.getpid(), moment)

    def _counts(self, event: str, arguments: tuple[object, ...]) -> bool:
        if event == "open":
            if not isinstance(arguments[2], int) or not arguments[2] & _WRITING:
                return False
        elif event not in _OPERATIONS:
            return False
        path = arguments[0]
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        return os.path.abspath(os.fsencode(path)).startswith(self.place or b"\0")
