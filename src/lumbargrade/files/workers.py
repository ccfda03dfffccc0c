"""Worker processes that end with the process that started them, however that ends.

A process that is killed cannot tell its workers so. Left alone they would go on writing, beside
the run that follows.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait
from typing import Any

_PR_SET_PDEATHSIG = 1
"""Of prctl(2): the signal that a process gets when the thread that started it ends."""


def worker_pool(
    workers: int, start: Callable[..., None] | None = None, arguments: tuple[Any, ...] = ()
) -> ProcessPoolExecutor:
    """Return so many processes, each of which calls ``start`` with ``arguments`` first.

    Not forked: the caller may have threads, such as those of a progress bar or of torch, and a
    fork would copy their locks as they stand. On Linux the workers end with the thread that first
    submits a job, so it must be one that lasts.
    """
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, context, _begin, (start, arguments))


def _begin(start: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    # Where there is no such signal, or the parent has gone already, the thread sees to it.
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if start is not None:
        start(*arguments)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)  # what it was writing is unfinished, and is removed by the next run
