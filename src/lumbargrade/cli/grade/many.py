"""``lumbargrade grade --workers N`` or ``--scheduler ADDRESS``: an archive of studies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import typer

from lumbargrade.batch.cluster.folders import Listed, list_archive
from lumbargrade.batch.cluster.grade import How, grade_many
from lumbargrade.batch.landing import Landed
from lumbargrade.cli.grade.said import FAILED_EXIT_CODE, Said, numbers_of
from lumbargrade.cli.grade.studies import LONGEST_PATH, Screen, errors, wanted
from lumbargrade.cli.progress import LastingConsole, progress
from lumbargrade.errors import ClusterError, needs_extra
from lumbargrade.study.sources import shown

TOLD_EVERY_S = 60.0
"""Where there is no bar, a line says this often how far the batch is."""


@dataclass(frozen=True)
class Using:
    """With what it is graded: what opens the cluster, the bundle and its arithmetic."""

    cluster: Callable[[], Any]
    model: Path | None
    precision: str


def run(studies: list[Path], out: Path, using: Using, said: Said) -> None:
    """Grade the studies below ``studies`` with several processes, and print a line for each.

    The exit code is 1 if some could not be graded; ``predictions.csv`` says why.
    """
    numbers = numbers_of(said)
    listed = list_archive(studies)
    inputs, arms = wanted(listed.inputs, studies, out, said, numbers)
    listed, failed = replace(listed, inputs=inputs), 0
    for arm in arms:
        how = How(using.cluster, using.model, using.precision, arm.options)
        failed += _grade_and_show(listed, arm.folder, how)
    if failed:
        raise typer.Exit(FAILED_EXIT_CODE)


def cluster_of(workers: int | None, scheduler: str | None) -> Callable[[], Any]:
    """Return what opens the cluster: of this machine, or of a site.

    Raises ClusterError if both are given, MissingExtraError if Dask is not installed.
    """
    if workers is not None and scheduler is not None:
        raise ClusterError(
            "--workers beside --scheduler: processes of this machine, or the workers of a "
            "scheduler that runs; give one of the two"
        )
    with needs_extra("lumbargrade grade with --workers or --scheduler"):
        from lumbargrade.batch.cluster.connect import local_cluster, site_cluster
    if scheduler is not None:
        return partial(site_cluster, scheduler)
    return partial(local_cluster, workers or 1)


def _grade_and_show(listed: Listed, out: Path, how: How) -> int:
    """Grade, print, and return how many studies failed."""
    console = LastingConsole(soft_wrap=True, highlight=False)
    if listed.left_out:
        example = shown(str(listed.left_out[0]), LONGEST_PATH)
        told = f"left out: {len(listed.left_out)} files beside studies, such as {example}"
        console.print(told, markup=False)
    with progress(len(listed.inputs), "Grading", console, a_minute=True) as advance:
        screen = ManyScreen(console, advance)
        done = grade_many(listed.inputs, out, how, screen)
    console.print(f"all grades: {shown(str(done.overview), LONGEST_PATH)}", markup=False)
    if done.failures:
        errors().print(f"{len(done.failures)} of {done.studies} studies could not be graded")
    return len(done.failures)


class ManyScreen(Screen):
    """A line for each study, and in a file one each minute that says how far the batch is."""

    _begun_s = 0.0
    _told_s = 0.0
    _before = 0

    def expects(self, studies: int) -> None:
        """Take how many studies there are; one alone is shown as one of several."""
        super().expects(max(2, studies))
        self._begun_s = self._begun_s or monotonic()
        self._told_s = self._told_s or self._begun_s

    def goes_on(self, studies: int, failures: int) -> None:
        """Print what an interrupted run has left; it does not count for the pace."""
        super().goes_on(studies, failures)
        self._before = studies + failures

    def done(self, one: Landed) -> None:
        """Print what was found or went wrong, and from time to time the pace."""
        super().done(one)
        now = monotonic()
        is_due = now - self._told_s >= TOLD_EVERY_S and self._done < self._studies
        if is_due and not self._console.is_terminal:
            self._told_s = now
            line = pace(self._done, self._before, self._studies, now - self._begun_s)
            self._console.print(line, markup=False)


def pace(done: int, before: int, studies: int, elapsed_s: float) -> str:
    """Say how far a batch is: ``before`` of the studies were done by an earlier run.

    Examples
    --------
    >>> pace(500, 100, 1700, 1200.0)
    '500 of 1,700 studies, 20.0 a minute, 1 h 00 min left'
    """
    a_minute = 60 * (done - before) / elapsed_s if elapsed_s > 0 else 0.0
    told = f"{done:,} of {studies:,} studies, {a_minute:.1f} a minute"
    if not a_minute:
        return told
    minutes = round((studies - done) / a_minute)
    left = f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"
    return f"{told}, {left} left"
