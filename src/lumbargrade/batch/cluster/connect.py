"""Dask's side: a cluster of this machine, or the scheduler of a site."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import dask
from distributed import Client, LocalCluster
from distributed.scheduler import KilledWorker
from distributed.system import MEMORY_LIMIT

from lumbargrade.batch.cluster.window import Running, WorkerDiedError
from lumbargrade.batch.cluster.work import Task, grade_task
from lumbargrade.batch.landing import Landed
from lumbargrade.errors import ClusterError, LumbargradeError, first_line
from lumbargrade.study.sources import shown

MOST_BYTES_A_PROCESS = 4 * 1024**3
"""A process of this machine that takes more is ended: a study's own budget is a quarter of it."""
ANSWERS_WITHIN_S = 30.0
"""A scheduler or a first worker that takes longer is not there."""

_LOCAL = {
    # A study that has grown too large ends its process; Dask's wish to wait until memory is free
    # again would stop the batch for ever.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    "distributed.worker.profile.enabled": False,
    # A process that was ended comes back, however long a busy machine takes to start it.
    "distributed.deploy.lost-worker-timeout": "1 hour",
    # No pages about the batch: whoever is on this machine could read them.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "logging": {"distributed": "critical"},
}


@dataclass(frozen=True)
class DaskCluster:
    """A connection to a scheduler and its workers."""

    client: Client
    where: str
    _run: str = field(default_factory=lambda: uuid.uuid4().hex)
    _numbers: Iterator[int] = field(default_factory=count)

    def processes(self) -> int:
        """Return how many workers there are; raises ClusterError if the scheduler is gone."""
        try:
            return len(self.client.nthreads())
        except Exception as error:  # what Dask raises on a lost connection is not one class
            raise self._gone() from error

    def submit(self, task: Task) -> Running:
        """Hand on a task. Its key names no study: a site's dashboard shows the keys."""
        key = (f"lumbargrade-{self._run}", next(self._numbers))
        try:
            running: Running = self.client.submit(grade_task, task, key=key, pure=False)
        except Exception as error:
            raise self._gone() from error
        return running

    def result(self, done: Running) -> tuple[Landed, ...]:
        """Return what came of a task.

        Raises WorkerDiedError if its process died; ClusterError if the scheduler is gone or the
        worker cannot grade.
        """
        try:
            landed: tuple[Landed, ...] = done.result()  # type: ignore[attr-defined]
        except KilledWorker:
            raise WorkerDiedError from None
        except LumbargradeError as error:
            raise ClusterError(f"a worker of {self.where}: {error}") from None
        except (CancelledError, OSError) as error:
            raise self._gone() from error
        except Exception as error:
            raise ClusterError(
                f"a worker of {self.where} failed ({type(error).__name__}: "
                f"{shown(first_line(error))}): look into its log; what is graded stays, and the "
                "same command goes on"
            ) from None
        return landed

    def ask(self, call: Any, *arguments: Any) -> dict[str, Any]:
        """Return what every worker answers to a call, by its address; an exception as such."""
        try:
            answers: dict[str, Any] = self.client.run(call, *arguments, on_error="return")
        except OSError as error:
            raise self._gone() from error
        return answers

    def _gone(self) -> ClusterError:
        return ClusterError(
            f"the connection to {self.where} is lost: what is graded stays; start the scheduler "
            "and its workers again, then give the same command: it goes on where it stopped"
        )


@contextmanager
def local_cluster(workers: int) -> Iterator[DaskCluster]:
    """Start so many processes of one thread each on this machine, and end them with the block."""
    _be_quiet()
    with (
        dask.config.set(_LOCAL),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            memory_limit=min(MOST_BYTES_A_PROCESS, MEMORY_LIMIT // workers),
            silence_logs=logging.CRITICAL,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
        ) as cluster,
        _connected(cluster) as client,
    ):
        yield DaskCluster(client, "the local cluster")


@contextmanager
def site_cluster(address: str) -> Iterator[DaskCluster]:
    """Connect to a scheduler that somebody runs; it and its workers outlive the block.

    Raises ClusterError if the address is none, nobody answers there, or it has no worker.
    """
    _be_quiet()
    with _connected(address) as client:
        try:
            client.wait_for_workers(1, timeout=ANSWERS_WITHIN_S)
        except TimeoutError:
            raise ClusterError(
                f"the scheduler {shown(address)} has no worker: start some with 'dask worker "
                f"{shown(address)} --nthreads 1'"
            ) from None
        yield DaskCluster(client, f"the scheduler {shown(address)}")


def _be_quiet() -> None:
    """What Dask logs may name files, and so patients; what matters is raised here."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


@contextmanager
def _connected(to: Any) -> Iterator[Client]:
    try:
        client = Client(to, timeout=ANSWERS_WITHIN_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"no scheduler answers at {shown(str(to))} ({type(error).__name__}): check the "
            "address, such as tcp://HOST:8786, and that 'dask scheduler' runs there"
        ) from None
    try:
        yield client
    finally:
        with suppress(Exception):  # a scheduler that is gone cannot be told good-bye
            client.close(timeout=2)
