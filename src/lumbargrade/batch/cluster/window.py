"""Tasks through a cluster, as many at a time as it has processes.

One study a process and none that waits there: a study takes a second or more, handing on the
next one a hundredth. So the client's memory does not grow with the archive, and a process
that dies takes one study with it and no innocent ones.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Protocol

from lumbargrade.batch.cluster.tries import MOST_TRIES, Tries
from lumbargrade.batch.cluster.work import Task, quarantined
from lumbargrade.batch.landing import Landed
from lumbargrade.errors import ClusterError

ASKED_EVERY_S = 5.0
"""So often a cluster is asked how many processes it has: they come and go."""
ALONE_S = 60.0
"""A cluster without a process for as long as this is given up."""


class WorkerDiedError(Exception):
    """A process died while it held this task, as often as the scheduler allows."""


class Running(Protocol):
    """A task on its way, as ``concurrent.futures.Future`` and Dask's are."""

    def add_done_callback(self, call: Callable[[Running], object], /) -> object:
        """Call it, in any thread, when the task is done."""


class Cluster(Protocol):
    """What grades tasks."""

    def processes(self) -> int:
        """Return how many there are now; raises ClusterError if the scheduler is gone."""

    def submit(self, task: Task) -> Running:
        """Hand on a task."""

    def result(self, done: Running) -> tuple[Landed, ...]:
        """Return what came of it; raises WorkerDiedError, or ClusterError as above."""


@dataclass
class Window:
    """The tasks that are under way."""

    cluster: Cluster
    _done: SimpleQueue[tuple[Task, Running]] = field(default_factory=SimpleQueue)
    _under_way: int = 0
    _width: int = 0
    _asked_s: float = float("-inf")

    def through(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, tuple[Landed, ...]]]:
        """Yield each task with what came of it, as they are done; reads ``tasks`` as it goes.

        Raises ClusterError if the scheduler is gone or no process has been there for a minute.
        """
        waiting = iter(tasks)
        while True:
            self._ask()
            while self._under_way < self._width:
                task = next(waiting, None)
                if task is None:
                    break
                self._begin(task)
            if not self._under_way:
                return
            task, done = self._next()
            try:
                landed = self.cluster.result(done)
            except WorkerDiedError:
                if Tries(task.tries).begun(task.item.name) < MOST_TRIES:
                    self._begin(task)
                    continue
                landed = (quarantined(task.item),)
            yield task, landed

    def _begin(self, task: Task) -> None:
        self._under_way += 1
        running = self.cluster.submit(task)
        running.add_done_callback(lambda done: self._done.put((task, done)))

    def _next(self) -> tuple[Task, Running]:
        alone_since: float | None = None
        while True:
            try:
                found = self._done.get(timeout=ASKED_EVERY_S)
            except Empty:
                now = time.monotonic()
                alone_since = None if self.cluster.processes() else alone_since or now
                if alone_since is not None and now - alone_since >= ALONE_S:
                    raise ClusterError(
                        "no worker is left: start workers again, then give the same command: it "
                        "goes on where it stopped"
                    ) from None
            else:
                self._under_way -= 1
                return found

    def _ask(self) -> None:
        now = time.monotonic()
        if now - self._asked_s >= ASKED_EVERY_S:
            self._width, self._asked_s = max(1, self.cluster.processes()), now
