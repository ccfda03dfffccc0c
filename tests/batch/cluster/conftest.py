"""A model of known answers, and a cluster that is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.inference.conftest import bundle_folder, engine, tiny

from lumbargrade.batch.cluster.tries import Tries
from lumbargrade.batch.cluster.window import WorkerDiedError
from lumbargrade.batch.cluster.work import Model, Task
from lumbargrade.batch.landing import GradeOptions, Landed, Place
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.study.inputs import StudyInput

__all__ = ["bundle_folder", "engine", "tiny"]


@dataclass
class FakeCluster:
    """Answers each task at once, in this process, with what ``work`` returns or raises.

    Attributes
    ----------
    most : tasks that were under way at one time.
    begun : names of the studies, in the order in which they came.
    """

    work: Callable[[Task], tuple[Landed, ...]]
    width: int = 2
    most: int = 0
    begun: list[str] = field(default_factory=list)
    _open: int = 0

    def processes(self) -> int:
        return self.width

    def submit(self, task: Task) -> Any:
        self._open += 1
        self.most = max(self.most, self._open)
        self.begun.append(task.item.name)
        future: Future[tuple[Landed, ...]] = Future()
        try:
            future.set_result(self.work(task))
        except Exception as error:
            future.set_exception(error)
        return future

    def result(self, done: Any) -> tuple[Landed, ...]:
        self._open -= 1
        landed: tuple[Landed, ...] = done.result()
        return landed

    def ask(self, call: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
        return {"tcp://worker": call(*arguments)}


def dies(task: Task) -> tuple[Landed, ...]:
    """A study that ends its process."""
    Tries(task.tries).begin(task.item.name)
    raise WorkerDiedError


@pytest.fixture
def model(bundle_folder: Path) -> Model:
    return Model(bundle_folder, load_bundle(bundle_folder).sha256, "f32")


@pytest.fixture
def tasks(tmp_path: Path, model: Model) -> Callable[[Sequence[str]], list[Task]]:
    """Return what makes tasks of names; their studies are folders beside each other."""
    out = tmp_path / "out"
    (out / ".lumbargrade").mkdir(parents=True)
    Tries(out / ".lumbargrade/tries").clear()

    def make(names: Sequence[str]) -> list[Task]:
        return [
            Task(
                StudyInput(name, (tmp_path / name,)),
                Place(out),
                out / ".lumbargrade/tries",
                model,
                GradeOptions(),
            )
            for name in names
        ]

    return make
