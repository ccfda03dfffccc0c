"""Workers do their work, and end with a parent that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from lumbargrade.files.workers import worker_pool

PARENT = """
import sys, time
from lumbargrade.files.workers import worker_pool
if __name__ == "__main__":
    pool = worker_pool(1)
    print(pool.submit(__import__("os").getpid).result(), flush=True)
    pool.submit(time.sleep, 60)
    time.sleep(60)
"""

started: list[int] = []


def start(number: int) -> None:
    started.append(number)


def squared(number: int) -> int:
    return number**2 + started[0]


def test_workers_are_started_and_work() -> None:
    with worker_pool(1, start, (100,)) as pool:
        assert list(pool.map(squared, (1, 2, 3))) == [101, 104, 109]


def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    """Also one that is busy, and hears nothing."""
    program = tmp_path / "parent.py"
    program.write_text(PARENT)
    with subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        assert _runs(worker)
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        end = time.monotonic() + 20
        while _runs(worker) and time.monotonic() < end:
            time.sleep(0.01)
    assert not _runs(worker)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
