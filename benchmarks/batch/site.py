"""A scheduler and two workers, as a site would run them; they can be killed and started again."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

WORKERS = 2


class Site:
    """Runs while the block does."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self._port}"
        self._environment = environment
        self._scheduler: subprocess.Popen[bytes] | None = None
        self._workers: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the scheduler and its workers, ending those that are left of earlier ones."""
        self._end()
        place = ["--host", "127.0.0.1", "--port", str(self._port), "--no-dashboard"]
        self._scheduler = self._run("distributed.cli.dask_scheduler", *place)
        counts = ["--nworkers", str(WORKERS), "--nthreads", "1", "--no-dashboard"]
        self._workers = self._run("distributed.cli.dask_worker", self.address, *counts)

    def __enter__(self) -> Site:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    @contextmanager
    def killed_when(self, ready: Callable[[], bool]) -> Iterator[None]:
        """Kill the scheduler as soon as something holds while the block runs."""
        stop = threading.Event()

        def wait() -> None:
            while not stop.is_set():
                if ready() and self._scheduler is not None:
                    self._scheduler.kill()
                    return
                time.sleep(0.2)

        thread = threading.Thread(target=wait, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _run(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(self._environment),
        )

    def _end(self) -> None:
        for process in (self._workers, self._scheduler):
            if process is not None:
                process.terminate()
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
