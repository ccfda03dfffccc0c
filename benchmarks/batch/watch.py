"""Memory of a command and its processes over time, and when its studies landed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import psutil

EVERY_S = 1.0


@dataclass
class Memory:
    """Samples of (seconds, MB of the client, MB of each worker that holds a model)."""

    samples: list[tuple[float, float, list[float]]] = field(default_factory=list)

    def table(self, rows: int = 6) -> Iterator[str]:
        """Yield the largest of each part of the time: what grows is seen."""
        if not self.samples:
            return
        begun, ended = self.samples[0][0], self.samples[-1][0]
        for part in range(rows):
            low, high = (begun + (ended - begun) * (part + one) / rows for one in (0, 1))
            inside = [one for one in self.samples if low <= one[0] <= high]
            if inside:
                workers = [one for sample in inside for one in sample[2]]
                yield (
                    f"  {low - begun:6.0f}-{high - begun:.0f} s   client "
                    f"{max(one[1] for one in inside):5.0f} MB   "
                    f"largest worker {max(workers, default=0):5.0f} MB   "
                    f"all together {max(one[1] + sum(one[2]) for one in inside):5.0f} MB"
                )


@contextmanager
def watched(pid: int) -> Iterator[Memory]:
    """Sample the memory of a process and of all below it while the block runs."""
    memory, stop = Memory(), threading.Event()

    def sample() -> None:
        while not stop.wait(EVERY_S):
            with suppress(psutil.Error):
                client = psutil.Process(pid)
                below = [_mb(one) for one in client.children(recursive=True)]
                memory.samples.append((monotonic(), _mb(client), [mb for mb in below if mb > 1]))

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield memory
    finally:
        stop.set()
        thread.join()


def _mb(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss / 1e6)
    except psutil.Error:
        return 0.0


def landed_s(out: Path) -> list[float]:
    """Return when the studies of an output folder came to their places, in order."""
    return sorted(path.stat().st_mtime for path in out.glob("*/grades.json"))


def steady_rate(out: Path, first: int) -> float:
    """Return studies a minute after the ``first`` ones, which wait for models to be loaded."""
    times = landed_s(out)
    if len(times) <= first + 1:
        return float("nan")
    return 60 * (len(times) - 1 - first) / max(times[-1] - times[first], 1e-9)
