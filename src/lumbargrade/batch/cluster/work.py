"""What a process of the cluster does: load the model once, then one study after the other.

Nothing here needs Dask. All that is said of a study travels back in ``Landed``; an exception
that leaves this module speaks of the process, and stops the run.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lumbargrade import __version__
from lumbargrade.batch.cluster.tries import MOST_TRIES, Tries
from lumbargrade.batch.landing import GradeOptions, Landed, Place, grade_input
from lumbargrade.errors import ClusterError, LumbargradeError
from lumbargrade.files.output_folder import as_output_error
from lumbargrade.inference.bundle import Bundle, load_bundle
from lumbargrade.inference.engine import Engine, Precision, resolve_precision
from lumbargrade.study.inputs import StudyInput
from lumbargrade.study.sources import shown

LONGEST_S = 900.0
"""A study that takes longer ends its process; usual ones take seconds."""
ENDED_FOR_TIME = 75
"""Exit code of a process that was ended for :data:`LONGEST_S` (EX_TEMPFAIL)."""

_one_at_a_time = threading.Lock()
"""A process of a site may have several threads; the networks answer one."""


@dataclass(frozen=True)
class Model:
    """Which model grades, so that every process can say whether it has the same.

    ``path`` None is the bundle in the package; ``sha256`` is the bundle's; ``precision`` is
    ``f32`` or ``bf16``, never ``auto``: processors of one cluster may differ.
    """

    path: Path | None
    sha256: str
    precision: str
    software_version: str = __version__

    @property
    def by(self) -> str:
        """What the journal of a batch knows it by, as ``Engine.by``."""
        return f"{self.sha256} {self.precision}"


@dataclass(frozen=True, repr=False)
class Task:
    """One input of the batch, and all that a process must know to grade it.

    ``tries`` is a folder that all processes share, below the output folder. No ``repr`` tells what
    it holds: Dask logs that of a task which fails, and names of folders name patients.
    """

    item: StudyInput
    place: Place
    tries: Path
    model: Model
    options: GradeOptions


@dataclass(frozen=True)
class Seen:
    """What a process answers when it is asked whether it can take part.

    Attributes
    ----------
    fault : why it cannot; "" if it can.
    precision : of its processor: ``f32`` or ``bf16``.
    """

    fault: str
    precision: str


def look(model: Model, shared: tuple[Path, ...]) -> Seen:
    """Say whether this process has the same software and model and sees the shared paths."""
    fault = ""
    try:
        _check_version(model)
        _check_paths(shared)
        _checked_bundle(model)
    except LumbargradeError as error:
        fault = str(error)
    return Seen(fault, str(resolve_precision(Precision.AUTO)))


def grade_task(task: Task) -> tuple[Landed, ...]:
    """Grade one input and write its files; see :func:`lumbargrade.batch.landing.grade_input`.

    A study that has twice been begun and not ended is not begun again: it is in quarantine.
    Raises ClusterError or BundleError if this process must not grade for this batch, OutputError
    if the output folder cannot be written any more.
    """
    try:
        return _graded(task)
    except LumbargradeError:
        raise
    except Exception as error:
        # Dask loses a task for ever whose exception it cannot hand on.
        raise ClusterError(f"unexpected {type(error).__name__}: a fault of lumbargrade") from None


def _graded(task: Task) -> tuple[Landed, ...]:
    with _one_at_a_time:
        _check_version(task.model)
        _check_paths((task.tries,))
        # The name of a folder may name the patient.
        under = "" if task.options.read.renaming is None else f"the folder of {task.item.name}"
        _check_paths(tuple(path.parent for path in task.item.paths), under)
        engine = _engine(task.model)
        tries, name = Tries(task.tries), task.item.name
        with as_output_error(task.place.out):
            if tries.begun(name) >= MOST_TRIES:
                return (quarantined(task.item),)
            tries.begin(name)
        with _limited(LONGEST_S):
            landed = grade_input(task.item, task.place, engine, task.options)
        tries.end(name)
        return landed


def quarantined(item: StudyInput) -> Landed:
    """Return how a study ends that ended the processes which graded it."""
    reason = (
        f"in quarantine: {MOST_TRIES} of {MOST_TRIES} tries ended the process that graded it (out "
        f"of memory, a crash, or more than {LONGEST_S / 60:.0f} minutes): grade it alone, without "
        "--workers, to see why"
    )
    return Landed(item.name, item.name, reason=reason)


def _check_version(model: Model) -> None:
    if model.software_version != __version__:
        raise ClusterError(
            f"lumbargrade {__version__} is installed there, {model.software_version} here: "
            "install the same version on every worker"
        )


def _check_paths(paths: tuple[Path, ...], told: str = "") -> None:
    for path in paths:
        if not os.path.exists(path):
            raise ClusterError(
                f"{told or shown(str(path))} is not seen there: the studies and OUT must lie on a "
                "disk that all workers mount under the same path"
            )


@lru_cache(maxsize=1)
def _engine(model: Model) -> Engine:
    bundle = _checked_bundle(model)
    if model.precision == Precision.BF16 != resolve_precision(Precision.AUTO):
        raise ClusterError(
            "the processor there has no bf16, which the others use: give --precision f32"
        )
    return Engine(bundle, model.precision, threads=1)


def _checked_bundle(model: Model) -> Bundle:
    bundle = load_bundle(model.path)
    if bundle.sha256 != model.sha256:
        raise ClusterError(
            f"the model there has SHA-256 {bundle.sha256[:12]}..., the one here "
            f"{model.sha256[:12]}...: install the same model on every worker, or name one on the "
            "shared disk with --model"
        )
    return bundle


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """End this process if the block takes longer: a thread that hangs cannot be stopped."""
    timer = threading.Timer(seconds, os._exit, (ENDED_FOR_TIME,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
