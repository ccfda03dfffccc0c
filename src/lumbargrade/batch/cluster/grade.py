"""Grade many studies into one output folder, with a cluster of processes.

The processes write the studies; this one alone keeps the lock, the journal and the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from lumbargrade.batch.cluster.agree import Asked, agreed_model
from lumbargrade.batch.cluster.tries import Tries
from lumbargrade.batch.cluster.window import Cluster, Window
from lumbargrade.batch.cluster.work import Model, Task
from lumbargrade.batch.frame import Batch, Watcher, batch_in
from lumbargrade.batch.grade import GradedFolder
from lumbargrade.batch.landing import GradeOptions, places
from lumbargrade.files.ledger import PRIVATE
from lumbargrade.files.output_folder import opened
from lumbargrade.outputs.study_folder import check_for_grades
from lumbargrade.study.inputs import StudyInput

_TRIES = "tries"
"""In the private folder of the output folder."""


class AskedCluster(Cluster, Asked, Protocol):
    """A cluster that grades, and whose processes can be asked."""


@dataclass(frozen=True)
class How:
    """By what the studies are graded.

    Attributes
    ----------
    cluster : opens the cluster; called when the output folder is ours.
    model : bundle; None is the one in the package.
    precision : ``auto`` or ``f32``, see ``inference.engine.Precision``.
    """

    cluster: Callable[[], AbstractContextManager[AskedCluster]]
    model: Path | None
    precision: str
    options: GradeOptions


def grade_many(inputs: Sequence[StudyInput], out: Path, how: How, watcher: Watcher) -> GradedFolder:
    """Grade each input into a folder of its own in ``out``, and make the tables of all.

    As :func:`lumbargrade.batch.grade.grade_studies` does with several; a study that ends its
    process twice has that as its reason. Raises as that, and ClusterError if the cluster cannot be
    used or is lost: what is graded stays, and the same call goes on.
    """
    reading = [path for one in inputs for path in one.paths]
    with (
        opened(out, reading, check_for_grades) as folder,
        _tries_in(folder) as tries,
        how.cluster() as cluster,
    ):
        shared = (tries.folder, inputs[0].paths[0])
        model = agreed_model(cluster, how.model, how.precision, shared)
        with batch_in(folder, inputs, (model.by, how.options), watcher) as batch:
            tasks = _tasks(batch, folder, (inputs, tries.folder), (model, how.options))
            for task, landed in Window(cluster).through(tasks):
                batch.expect(task.item, len(landed) + len(task.place.done))
                for one in landed:
                    batch.take(task.item, one)
                batch.finish(task.item)
        return GradedFolder(batch.overview, batch.studies, batch.failures)


def _tasks(
    batch: Batch,
    folder: Path,
    of: tuple[Sequence[StudyInput], Path],
    by: tuple[Model, GradeOptions],
) -> Iterator[Task]:
    place = places(folder, of[0])
    for item in batch.waiting:
        batch.begin(item)
        yield Task(item, replace(place(item), done=batch.done_of(item)), of[1], *by)


@contextmanager
def _tries_in(folder: Path) -> Iterator[Tries]:
    tries = Tries(folder / PRIVATE / _TRIES)
    tries.clear()
    try:
        yield tries
    finally:
        tries.remove()
