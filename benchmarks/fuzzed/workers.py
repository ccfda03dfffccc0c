"""Processes that judge cases one by one, watched for time and memory.

A case that takes too long or too much ends with its process, and a new one goes on.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path

from benchmarks.changed.engine import RememberingEngine
from benchmarks.fuzzed.judge import Case, Outcome, judge, learn_valid
from benchmarks.fuzzed.kinds import Material

BATCH = 4
"""Less padding: a study of the benchmark has two slices."""
LIMIT_S = 10.0
"""Of processor time: a busy machine makes no hang of what is slow on it."""
LONGEST_WAIT_S = 120.0
"""Of the clock: what waits for ever uses no processor."""
LIMIT_BYTES = 1 << 30
"""More than a process that has its model has before the case."""
_LOOKS_EVERY_S = 0.05
_TICKS_S = os.sysconf("SC_CLK_TCK")

Judged = tuple[Case, Outcome, str]


class _Worker:
    """A process with a model, its end of the pipe, and what it was like when its case began."""

    def __init__(self, material: Material, model: Path | None, place: Path) -> None:
        self._given = (material, model, place)
        self.case: Case | None = None
        self._began = (0.0, 0.0, 0)
        self._start()

    def _start(self) -> None:
        context = get_context("spawn")
        self.pipe, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(there, *self._given))
        self._process.start()
        there.close()

    def await_model(self) -> None:
        """Return when the process has its model, or has ended."""
        with suppress(EOFError):
            self.pipe.recv()

    def give(self, case: Case) -> None:
        """Let the process judge a case."""
        self.case = case
        used_s, held = _used(self._process.pid)
        self._began = (time.monotonic(), used_s, held)
        self.pipe.send(case)

    def answer(self, is_ready: bool) -> tuple[Outcome, str] | None:
        """Return what became of the case; None while it goes on within its limits."""
        found = self._received() if is_ready else self._overdone()
        if found is not None:
            self.case = None
        return found

    def _received(self) -> tuple[Outcome, str]:
        try:
            outcome, told, peak = self.pipe.recv()
        except EOFError:
            self._process.join(10)
            ended = self._process.exitcode
            self._again()
            return Outcome.TRACEBACK, f"the process ended with {ended}"
        more = peak - self._began[2]
        return (Outcome.MEMORY, f"{more >> 20} MB") if more > LIMIT_BYTES else (outcome, told)

    def _overdone(self) -> tuple[Outcome, str] | None:
        clock_s, used_s, held = self._began
        now_s, now_held = _used(self._process.pid)
        if now_s - used_s > LIMIT_S or time.monotonic() - clock_s > LONGEST_WAIT_S:
            self._again()
            return Outcome.HANG, ""
        if now_held - held > LIMIT_BYTES:
            self._again()
            return Outcome.MEMORY, ""
        return None

    def _again(self) -> None:
        self.end()
        self._start()
        self.await_model()

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.join()
        self.pipe.close()


def judged(
    cases: Sequence[Case], material: Material, model: Path | None, place: Path, workers: int
) -> Iterator[Judged]:
    """Yield what became of each case, in the order in which they end; ``place`` is emptied."""
    waiting = list(reversed(cases))
    crew = [_Worker(material, model, place / str(number)) for number in range(workers)]
    try:
        for one in crew:
            one.await_model()
        while True:
            for one in crew:
                if one.case is None and waiting:
                    one.give(waiting.pop())
            busy = [(one, one.case) for one in crew if one.case is not None]
            if not busy:
                return
            ready = wait([one.pipe for one, _ in busy], _LOOKS_EVERY_S)
            for one, case in busy:
                found = one.answer(one.pipe in ready)
                if found is not None:
                    yield case, *found
    finally:
        for one in crew:
            one.end()


def _serve(pipe: Connection, material: Material, model: Path | None, place: Path) -> None:
    from lumbargrade.files.quiet import quiet_libraries
    from lumbargrade.inference.bundle import load_bundle
    from lumbargrade.inference.integrity import network

    quiet_libraries()
    network.BATCH = BATCH
    engine = RememberingEngine(load_bundle(model), threads=1)
    learn_valid(material, engine, place / "valid")
    pipe.send(None)
    with suppress(EOFError):
        while True:
            case = pipe.recv()
            shutil.rmtree(place, ignore_errors=True)
            _forget_peak()
            outcome, told = judge(case, material, engine, place / "case")
            pipe.send((outcome, told, _peak()))


def _used(pid: int | None) -> tuple[float, int]:
    """Return the processor time (s) and memory (bytes) of a process; zeros once it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except (OSError, ValueError):
        return 0.0, 0
    return (int(fields[11]) + int(fields[12])) / _TICKS_S, int(fields[21]) * os.sysconf(
        "SC_PAGE_SIZE"
    )


def _forget_peak() -> None:
    with suppress(OSError):  # not every kernel lets a process do this
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) << 10
    return 0
