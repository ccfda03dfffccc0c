"""What a model makes of real slices: its grades, and its own measures where it has them.

The grading path refuses T1; here it is graded all the same. The squares lie where those of the
outlines do.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from benchmarks.real.changes.change import View
from benchmarks.real.drawing.cache import DrawnSet
from benchmarks.real.drawing.draw import AT_ONCE
from benchmarks.real.drawing.places import geometry_of
from benchmarks.real.drawing.slices import pictures_of
from lumbargrade.cli.progress import progress
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.grader.inputs import bundle_inputs
from lumbargrade.inference.measures.names import MEASURES

Floats = NDArray[np.float64]
Logits = dict[str, NDArray[np.float32]]
"""Output -> (n, grades); under ``MEASURES`` the model's own measures (n, measures)."""


def grade_slices(engine: Engine, folder: Path, drawn: DrawnSet, out: Path) -> Logits:
    """Return what the model says of every slice; kept in ``out`` by the bundle's hash."""
    file = out / f"grades-{drawn.slices[0].contrast}-{engine.bundle.sha256[:12]}.npz"
    if not file.exists():
        found = grade_views(engine, views_of(folder, drawn, range(len(drawn.slices))))
        partial = file.with_suffix(".partial.npz")
        np.savez(partial, allow_pickle=False, **found)
        os.replace(partial, file)
    with np.load(file, allow_pickle=False) as saved:
        return {name: saved[name] for name in saved.files}


def grade_features(engine: Engine, folder: Path, drawn: DrawnSet, out: Path) -> dict[str, Floats]:
    """Return name -> (n,): the logits of every output of the model.

    Each is less the first of its output, which says as much.
    """
    found = grade_slices(engine, folder, drawn, out)
    return flat({name: values for name, values in found.items() if name != MEASURES})


def flat(logits: Mapping[str, NDArray[np.floating]]) -> dict[str, Floats]:
    """Return output -> logits (n, grades) as name -> (n,), less the first of each output."""
    return {
        f"{name} {grade}": np.asarray(values[:, grade] - values[:, 0], dtype=np.float64)
        for name, values in logits.items()
        for grade in range(1, values.shape[1])
    }


def views_of(folder: Path, drawn: DrawnSet, rows: Sequence[int]) -> list[View]:
    """Return the pictures of some slices, each around the middle of its square."""
    pictures = pictures_of(folder, [drawn.slices[row] for row in rows])
    return [
        View(picture.astype(np.float32), geometry_of(picture), drawn.masks.centres[row])
        for row, picture in zip(rows, pictures, strict=True)
    ]


def grade_views(engine: Engine, views: Sequence[View]) -> Logits:
    """Grade pictures around the middle of their regions.

    Raises StudyError if a square does not fit.
    """
    parts = []
    with progress(len(views), "grading", Console(stderr=True)) as advance:
        for start in range(0, len(views), AT_ONCE):
            parts.append(_graded(engine, views[start : start + AT_ONCE]))
            advance(min(start + AT_ONCE, len(views)))
    names = [name for name in parts[0] if not name.endswith("_map")]
    return {name: np.concatenate([one[name] for one in parts]) for name in names}


def _graded(engine: Engine, views: Sequence[View]) -> Mapping[str, NDArray[np.float32]]:
    """Cut the grader's squares and grade them: the one place that knows what it reads."""
    return engine.grade(bundle_inputs(engine, [one.placed for one in views]))
