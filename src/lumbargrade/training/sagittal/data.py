"""Graded discs packed for training: squares with room around them, and their grades."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lumbargrade.inference.discs.square import DISC_SQUARE, disc_squares
from lumbargrade.spine.tracing import NAMES, DiscTracing
from lumbargrade.study.model import Slice
from lumbargrade.training.discs.data import read_sagittal
from lumbargrade.training.heads import MISSING
from lumbargrade.training.outlines.data import is_set_aside, traced_file

MARGIN_PX = 10
"""Room on each edge for turning, moving and shrinking a square."""


@dataclass(frozen=True, eq=False)
class GradedDiscs:
    """Squares (N, p, p) float16 with a margin of ``MARGIN_PX``; values (N, S) 0 to n - 1 of their
    grades, ``MISSING`` where there is none; patients (N,); simulated (N,) whether no person saw the
    slice; aside (N,) whether it is never trained on; systems (S) the codes of what is graded.
    """

    squares: NDArray[np.float16]
    values: NDArray[np.int64]
    patients: NDArray[np.str_]
    simulated: NDArray[np.bool_]
    aside: NDArray[np.bool_]
    systems: tuple[str, ...]

    def at(self, rows: NDArray[np.int64]) -> GradedDiscs:
        """Return some of the discs."""
        return GradedDiscs(
            self.squares[rows],
            self.values[rows],
            self.patients[rows],
            self.simulated[rows],
            self.aside[rows],
            self.systems,
        )


def load_graded(
    tracings: Sequence[DiscTracing],
    systems: Sequence[str],
    folders: Sequence[Path],
    at: Callable[[int, int], None],
) -> GradedDiscs:
    """Cut the discs that have a grade of one of ``systems`` out of slices, in one of ``folders``.

    A quarter of the people, by a hash of their names, is set aside. ``at`` is told how many slices
    are done, of how many. Raises OutlineError if one cannot be read.
    """
    squares, values, patients, simulated = [], [], [], []
    for number, tracing in enumerate(tracings):
        graded = [name for name in NAMES if set(systems) & set(tracing.grades.get(name, {}))]
        if graded:
            item = read_sagittal(traced_file(tracing.file, folders), tracing.pixel_spacing_mm)
            cut = cut_discs(item, tracing)
            squares += [cut[name] for name in graded]
            values += [
                [tracing.grades[name].get(one, MISSING) for one in systems] for name in graded
            ]
            patients += [tracing.patient] * len(graded)
            simulated += [tracing.simulated] * len(graded)
        at(number + 1, len(tracings))
    aside = [not s and is_set_aside(p) for p, s in zip(patients, simulated, strict=True)]
    edge = DISC_SQUARE.pixels + 2 * MARGIN_PX
    return GradedDiscs(
        np.array(squares, dtype=np.float16).reshape(-1, edge, edge),
        np.array(values, dtype=np.int64).reshape(-1, len(systems)),
        np.array(patients, dtype=np.str_),
        np.array(simulated, dtype=bool),
        np.array(aside, dtype=bool),
        tuple(systems),
    )


def cut_discs(item: Slice, tracing: DiscTracing) -> dict[str, NDArray[np.float16]]:
    """Return the squares of all discs of a slice by name, with their margin.

    Discs without a grade are cut too: neighbours share the brightness of CSF.
    """
    names = [name for name in NAMES if name in tracing.discs]
    corners = np.array(
        [[item.geometry.to_patient(*place) for place in tracing.discs[name]] for name in names]
    )
    cut = disc_squares(item.load_pixels(), item.geometry, corners, MARGIN_PX)
    return dict(zip(names, cut.pictures.astype(np.float16), strict=True))
