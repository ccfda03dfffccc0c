"""From files of graded discs to a trained disc grader: what ``lumbargrade sagittal train`` does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import OutlineError
from lumbargrade.files.write import write_json
from lumbargrade.grading.system import SAGITTAL_SYSTEMS
from lumbargrade.spine.tracing import DiscTracing, read_disc_tracings
from lumbargrade.training.heads import MISSING
from lumbargrade.training.loop.steps import METRICS
from lumbargrade.training.outlines.run import Tracings
from lumbargrade.training.progress_log import Listener
from lumbargrade.training.sagittal.data import GradedDiscs, load_graded
from lumbargrade.training.sagittal.fit import (
    DiscGraderSettings,
    fit_disc_grader,
    probabilities_of,
)
from lumbargrade.training.sagittal.network import DiscGrader
from lumbargrade.training.sagittal.scores import agreement


@dataclass(frozen=True)
class GradedFiles:
    """Files of graded discs, and the codes of the systems to learn; none: all that are graded."""

    tracings: Tracings
    systems: tuple[str, ...] = ()


def train_disc_grader(
    graded: GradedFiles, settings: DiscGraderSettings, out: Path, listener: Listener
) -> dict[str, Any]:
    """Train a disc grader and return what is written of it to ``out/metrics.json``.

    Raises OutlineError if a tracing or its picture cannot be read or a file grades no disc,
    OutputError if there is nothing to train on.
    """
    data = read_graded(graded, listener)
    network = fit_disc_grader(data, settings, out, listener)
    people, aside = ~data.aside & ~data.simulated, data.at(np.flatnonzero(data.aside))
    metrics = {
        "credit": graded.tracings.credit,
        "training_discs": int(people.sum()),
        "training_patients": len(set(data.patients[people].tolist())),
        "simulated_discs": int(data.simulated.sum()),
        "simulated_patients": len(set(data.patients[data.simulated].tolist())),
        "settings": asdict(settings),
        "graded": dict(zip(data.systems, _set_aside(network, aside), strict=True)),
    }
    write_json(out / METRICS, metrics, indent=2)
    return metrics


def _set_aside(network: DiscGrader, aside: GradedDiscs) -> Iterator[dict[str, Any]]:
    """Yield the scores of each system on the discs set aside; empty without any."""
    if not len(aside.values):
        yield from ({} for _ in aside.systems)
        return
    for values, chances in zip(aside.values.T, probabilities_of(network, aside), strict=True):
        scores = agreement(values, chances)
        people = len(set(aside.patients[values != MISSING].tolist()))
        yield {**scores, "patients": people} if scores else {}


def read_graded(graded: GradedFiles, listener: Listener) -> GradedDiscs:
    """Read all files as one set. Raises OutlineError as :func:`train_disc_grader`."""
    tracings = graded.tracings
    records = {file: read_disc_tracings(file) for file in tracings.files}
    there = _named(records.values())
    systems = graded.systems or there or tuple(SAGITTAL_SYSTEMS)
    missing = [code for code in graded.systems if code not in there]
    if missing:
        raise OutlineError(
            f"no disc of the files has a grade of {missing[0]} (there are grades of "
            f"{', '.join(there) or 'nothing'}): add 'grades' to their records"
        )
    each = []
    for file, own in records.items():
        folders = [file.parent, *([tracings.pictures] if tracings.pictures else [])]
        advance = partial(listener.at, f"reading {file.name}")
        found = load_graded(own, systems, folders, advance)
        if not any(one.grades for one in own):
            raise OutlineError(f"{file}: no disc has a grade: add 'grades' to its records")
        each.append(found)
    return joined(each)


def _named(files: Iterable[Sequence[DiscTracing]]) -> tuple[str, ...]:
    """Return the systems by which some disc is graded, in the order in which they are shown."""
    given = {
        code
        for records in files
        for one in records
        for grades in one.grades.values()
        for code in grades
    }
    return tuple(code for code in SAGITTAL_SYSTEMS if code in given)


def joined(parts: list[GradedDiscs]) -> GradedDiscs:
    """Return all discs of several sets, graded by the same systems, as one."""

    def all_of(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(one, name) for one in parts])

    return GradedDiscs(
        all_of("squares"),
        all_of("values"),
        all_of("patients"),
        all_of("simulated"),
        all_of("aside"),
        parts[0].systems,
    )
