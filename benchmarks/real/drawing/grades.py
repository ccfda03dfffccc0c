"""What the model in the package makes of T1 slices that it was never taught: its grades."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from benchmarks.real.drawing.cache import DrawnSet
from benchmarks.real.drawing.draw import AT_ONCE
from benchmarks.real.drawing.places import geometry_of
from benchmarks.real.drawing.slices import pictures_of
from lumbargrade.cli.progress import progress
from lumbargrade.inference.answers.measure_names import MEASURES
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.grader.inputs import bundle_inputs

Floats = NDArray[np.float64]


def grade_features(folder: Path, drawn: DrawnSet, out: Path) -> dict[str, Floats]:
    """Return name -> (n,): the logits of every output of the model in the package.

    Each is less the first of its output, which says as much. Kept in ``out`` by the model's hash.
    The squares lie where those of ``drawn`` do.
    """
    engine = Engine(load_bundle())
    file = out / f"grades-{drawn.slices[0].contrast}-{engine.bundle.sha256[:12]}.npz"
    if not file.exists():
        found = _graded(engine, folder, drawn)
        partial = file.with_suffix(".partial.npz")
        np.savez(partial, allow_pickle=False, **found)
        os.replace(partial, file)
    with np.load(file, allow_pickle=False) as saved:
        return flat({name: saved[name] for name in saved.files})


def flat(logits: Mapping[str, NDArray[np.floating]]) -> dict[str, Floats]:
    """Return output -> logits (n, grades) as name -> (n,), less the first of each output."""
    return {
        f"{name} {grade}": np.asarray(values[:, grade] - values[:, 0], dtype=np.float64)
        for name, values in logits.items()
        for grade in range(1, values.shape[1])
    }


def _graded(engine: Engine, folder: Path, drawn: DrawnSet) -> dict[str, NDArray[np.float32]]:
    parts = []
    with progress(len(drawn.slices), "grading", Console(stderr=True)) as advance:
        for start in range(0, len(drawn.slices), AT_ONCE):
            rows = range(start, min(start + AT_ONCE, len(drawn.slices)))
            pictures = pictures_of(folder, [drawn.slices[row] for row in rows])
            slices = []
            for row, picture in zip(rows, pictures, strict=True):
                column, line = (float(one) for one in drawn.masks.centres[row])
                slices.append((picture.astype(np.float32), geometry_of(picture), (column, line)))
            parts.append(engine.grade(bundle_inputs(engine, slices)))
            advance(rows.stop)
    names = [name for name in parts[0] if not name.endswith("_map") and name != MEASURES]
    return {name: np.concatenate([one[name] for one in parts]) for name in names}
