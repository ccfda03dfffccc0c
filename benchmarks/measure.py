"""Wall time and memory of a whole process, and of a call."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.errors import LumbargradeError


@dataclass(frozen=True)
class ProcessCost:
    """What one process took."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def command_cost(
    arguments: Sequence[str],
    environment: Mapping[str, str] = {},
    accepted: Sequence[int] = (0,),
) -> ProcessCost:
    """Run ``lumbargrade ARGUMENTS`` as a process of its own and return its cost.

    ``accepted`` are the exit codes that are no failure (1: some studies were not graded).

    Raises
    ------
    LumbargradeError
        If it fails, with the last line that it printed.
    """
    # The console script itself, as a person starts it, or what it does where it is missing.
    script = Path(sys.executable).with_name("lumbargrade")
    bare = [sys.executable, "-c", "from lumbargrade.cli.main import main; main()"]
    start = [str(script)] if script.exists() else bare
    began = time.perf_counter()
    process = subprocess.Popen(
        [*start, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, **environment},
        text=True,
    )
    assert process.stdout is not None
    try:
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        process.kill()  # an interrupted measurement leaves nothing running
        process.wait()
        raise
    wall_s = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode not in accepted:
        last = (said.strip().splitlines() or ["no message"])[-1]
        raise LumbargradeError(f"lumbargrade {' '.join(arguments)}: {last}")
    return ProcessCost(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median_s(call: Callable[[], object], repeats: int, warm_up: int = 1) -> float:
    """Return the median wall time of ``call`` in seconds."""
    for _ in range(warm_up):
        call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
