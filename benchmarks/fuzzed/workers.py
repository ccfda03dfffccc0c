"""Processes that judge cases one by one, watched for time and memory.

A case that takes too long or too much ends with its process, and a new one goes on.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from benchmarks.fuzzed.judge import Case, Outcome, judge
from benchmarks.fuzzed.kinds import Material

LIMIT_S = 10.0
"""Of processor time: a busy machine makes no hang of what is slow on it."""
LONGEST_WAIT_S = 120.0
"""Of the clock: what waits for ever uses no processor."""
LIMIT_BYTES = 1 << 30
"""More than a process that has its model has before the case."""
_LOOKS_EVERY_S = 0.05
_TICKS_S = os.sysconf("SC_CLK_TCK")

Judged = tuple[Case, Outcome, str]


@dataclass
class _Worker:
    """A process, its end of the pipe, and what it was like when its case began."""

    process: BaseProcess
    pipe: Connection
    case: Case | None = None
    began: tuple[float, float, int] = field(default=(0.0, 0.0, 0))

    def give(self, case: Case) -> None:
        self.case = case
        used_s, held = _used(self.process.pid)
        self.began = (time.monotonic(), used_s, held)
        self.pipe.send(case)

    def overdone(self) -> Outcome | None:
        """Return what of the limits the case is over."""
        clock_s, used_s, held = self.began
        now_s, now_held = _used(self.process.pid)
        if now_s - used_s > LIMIT_S or time.monotonic() - clock_s > LONGEST_WAIT_S:
            return Outcome.HANG
        return Outcome.MEMORY if now_held - held > LIMIT_BYTES else None


def judged(
    cases: Sequence[Case], material: Material, model: Path | None, place: Path, workers: int
) -> Iterator[Judged]:
    """Yield what became of each case, in the order in which they end; ``place`` is emptied."""
    waiting = list(reversed(cases))
    crew = [_start(material, model, place, number) for number in range(workers)]
    try:
        while True:
            for one in crew:
                if one.case is None and waiting:
                    one.give(waiting.pop())
            busy = [one for one in crew if one.case is not None]
            if not busy:
                return
            ready = wait([one.pipe for one in busy], _LOOKS_EVERY_S)
            for number, one in enumerate(crew):
                if one.case is None:
                    continue
                found = _answer(one) if one.pipe in ready else one.overdone()
                if found is None:
                    continue
                outcome, told = found if isinstance(found, tuple) else (found, "")
                yield one.case, outcome, told
                one.case = None
                if not isinstance(found, tuple) or not one.process.is_alive():
                    _end(one)
                    crew[number] = _start(material, model, place, number)
    finally:
        for one in crew:
            _end(one)


def _answer(one: _Worker) -> tuple[Outcome, str]:
    try:
        outcome, told, peak = one.pipe.recv()
    except EOFError:
        one.process.join(10)
        return Outcome.TRACEBACK, f"the process ended with {one.process.exitcode}"
    if peak - one.began[2] > LIMIT_BYTES:
        return Outcome.MEMORY, f"{(peak - one.began[2]) >> 20} MB"
    return outcome, told


def _start(material: Material, model: Path | None, place: Path, number: int) -> _Worker:
    here, there = get_context("spawn").Pipe()
    own = place / f"{number}"
    process = get_context("spawn").Process(target=_serve, args=(there, material, model, own))
    process.start()
    there.close()
    with suppress(EOFError):
        here.recv()  # its model is there
    return _Worker(process, here)


def _end(one: _Worker) -> None:
    one.process.kill()
    one.process.join()
    one.pipe.close()


def _serve(pipe: Connection, material: Material, model: Path | None, place: Path) -> None:
    from lumbargrade.files.quiet import quiet_libraries
    from lumbargrade.inference.bundle import load_bundle
    from lumbargrade.inference.engine import Engine

    quiet_libraries()
    engine = Engine(load_bundle(model), threads=1)
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
