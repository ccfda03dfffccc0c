"""With real processes: two clusters of Dask, as small as they can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import dask
import pytest
from distributed import LocalCluster
from distributed.scheduler import KilledWorker

from benchmarks.batch import poison
from lumbargrade.batch.cluster import connect
from lumbargrade.batch.cluster.agree import agreed_model
from lumbargrade.batch.cluster.connect import DaskCluster, local_cluster, site_cluster
from lumbargrade.batch.cluster.window import Window, WorkerDiedError
from lumbargrade.batch.cluster.work import Task
from lumbargrade.errors import BundleError, ClusterError, OtherNumbersError

Make = Callable[[Sequence[str]], list[Task]]

pytestmark = pytest.mark.filterwarnings("default::ResourceWarning", "default::DeprecationWarning")


@pytest.fixture
def poisonous() -> Iterator[str]:
    """Workers end themselves on studies of this name."""
    with dask.config.set({"distributed.worker.preload": [str(poison.__file__)]}):
        yield f"P-{poison.CRASH}"


def test_a_study_that_ends_its_process_is_put_aside_and_the_others_go_on(
    tasks: Make, poisonous: str, bundle_folder: Path
) -> None:
    wanted = tasks(["a", poisonous, "b"])
    with local_cluster(1) as cluster:
        assert cluster.processes() == 1
        model = agreed_model(cluster, bundle_folder, "f32", (wanted[0].tries,))
        assert model == wanted[0].model
        found = {task.item.name: one.reason for task, (one,) in Window(cluster).through(wanted)}
    assert "no such file or folder" in str(found["a"])
    assert "no such file or folder" in str(found["b"])
    assert str(found[poisonous]).startswith("in quarantine")


def test_a_site_without_worker_and_a_scheduler_that_is_gone(
    tasks: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "ANSWERS_WITHIN_S", 0.5)
    scheduler = LocalCluster(
        n_workers=0,
        dashboard_address=None,
        scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
    )
    address = scheduler.scheduler_address
    with (
        pytest.raises(ClusterError, match=f"{address} has no worker: start some with"),
        site_cluster(address),
    ):
        pass
    with connect._connected(address) as client:
        cluster = DaskCluster(client, "the scheduler X")
        running = cluster.submit(tasks(["a"])[0])
        scheduler.close()
        with pytest.raises(ClusterError, match="the connection to the scheduler X is lost"):
            cluster.result(running)
    with (
        pytest.raises(ClusterError, match=f"no scheduler answers at {address} .* check the"),
        site_cluster(address),
    ):
        pass


class Done:
    """A task that ended with an exception."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def result(self) -> None:
        raise self._error


def test_what_a_worker_raises() -> None:
    nobody: Any = None
    cluster: Any = DaskCluster(nobody, "the local cluster")
    with pytest.raises(ClusterError, match=r"^a worker of the local cluster: no model$"):
        cluster.result(Done(BundleError("no model")))
    other = OtherNumbersError("this machine computes other numbers")
    with pytest.raises(ClusterError, match=r"^a worker of the local cluster: this machine comp"):
        cluster.result(Done(other))
    with pytest.raises(ClusterError, match=r"failed \(KeyError: 'x'\): look into its log"):
        cluster.result(Done(KeyError("x")))
    with pytest.raises(ClusterError, match="is lost: what is graded stays; start the scheduler"):
        cluster.result(Done(ConnectionError()))
    with pytest.raises(WorkerDiedError):
        cluster.result(Done(KilledWorker("key", nobody, 3)))


def test_an_address_that_is_none() -> None:
    with (
        pytest.raises(ClusterError, match="no scheduler answers at nonsense://x"),
        site_cluster("nonsense://x"),
    ):
        pass
