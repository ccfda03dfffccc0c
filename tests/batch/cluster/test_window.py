from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import Any

import pytest
from tests.batch.cluster.conftest import FakeCluster, dies

from lumbargrade.batch.cluster import window
from lumbargrade.batch.cluster.tries import Tries
from lumbargrade.batch.cluster.window import Window, WorkerDiedError
from lumbargrade.batch.cluster.work import Task
from lumbargrade.batch.landing import Landed
from lumbargrade.errors import ClusterError

Make = Callable[[Sequence[str]], list[Task]]


def fine(task: Task) -> tuple[Landed, ...]:
    return (Landed(task.item.name, task.item.name, reason="as usual"),)


def test_every_task_comes_back_once_and_few_are_under_way(tasks: Make) -> None:
    names = [f"P{number}" for number in range(50)]
    handed_on = 0

    def coming() -> Iterator[Task]:
        nonlocal handed_on
        for task in tasks(names):
            handed_on += 1
            yield task

    cluster = FakeCluster(fine, width=3)
    found = []
    for done, (task, landed) in enumerate(Window(cluster).through(coming()), 1):
        assert handed_on - done < 3
        found.append((task.item.name, landed[0].name))
    assert sorted(found) == sorted((name, name) for name in names)
    assert cluster.most == 3


def test_a_study_that_ends_its_process_is_tried_twice_and_put_aside(tasks: Make) -> None:
    cluster = FakeCluster(lambda task: dies(task) if task.item.name == "bad" else fine(task))
    found = {
        task.item.name: landed[0].reason
        for task, landed in Window(cluster).through(tasks(["a", "bad", "b"]))
    }
    assert (found["a"], found["b"]) == ("as usual", "as usual")
    assert str(found["bad"]).startswith("in quarantine: 2 of 2 tries ended the process")
    assert cluster.begun.count("bad") == 2


def test_a_study_whose_process_died_before_it_was_begun_is_innocent(tasks: Make) -> None:
    deaths = iter([True, True, True, False])

    def unlucky(task: Task) -> tuple[Landed, ...]:
        if next(deaths):
            raise WorkerDiedError
        return fine(task)

    ((_, landed),) = Window(FakeCluster(unlucky)).through(tasks(["a"]))
    assert landed[0].reason == "as usual"


def test_a_run_without_processes_ends(tasks: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "ASKED_EVERY_S", 0.01)
    monkeypatch.setattr(window, "ALONE_S", 0.03)

    class Empty(FakeCluster):
        def submit(self, task: Task) -> Any:
            self.width = 0
            return Future()

    with pytest.raises(ClusterError, match="no worker is left: start workers again"):
        list(Window(Empty(fine)).through(tasks(["a"])))


def test_an_exception_of_a_process_stops_the_run(tasks: Make) -> None:
    def refuses(task: Task) -> tuple[Landed, ...]:
        raise ClusterError("the model there is another one")

    with pytest.raises(ClusterError, match="the model there is another one"):
        list(Window(FakeCluster(refuses)).through(tasks(["a", "b"])))
    assert Tries(tasks(["a"])[0].tries).begun("a") == 0
