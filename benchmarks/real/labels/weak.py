"""Four weak labels of a level of a real patient, from ``levels.csv`` and the notes.

They are what a note says in passing: half of what is called a bulge is diffuse, and "serious"
is mostly compression by a bulge. None of them is LDH, LCCS or LNRC.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.data import Labelled, read_levels
from benchmarks.real.drawing.slices import RealSlice
from lumbargrade.reports.csv import read_reports
from lumbargrade.reports.labels import NONE, Basis, WeakLabel
from lumbargrade.reports.make import read_all
from lumbargrade.training.heads import MISSING

BULGE, SERIOUS, HERNIATION, ROOT = "bulge", "serious", "herniation", "root"

TITLES = {
    BULGE: "bulge or mild bulge against none",
    SERIOUS: "serious against no significance (mild left out)",
    HERNIATION: "named protrusion, extrusion or herniation against neither",
    ROOT: "named compression of a root, recess or foramen against none",
}

Labels = dict[str, NDArray[np.int64]]
"""Name of a label -> (n,) 1, 0, or ``MISSING`` where it is not known."""


def weak_labels_of(folder: Path, slices: Sequence[RealSlice]) -> Labels:
    """Return the labels of slices whose level is known.

    Raises CohortError if a table cannot be read.
    """
    known = {(f"P{one.patient}", one.level): one for one in read_levels(folder)}
    notes = {
        (f"P{one.patient_id}", label.level.replace("/", "-")): label
        for one in read_all(read_reports(folder / "notes.csv"))
        for label in one.labels
    }
    rows = [
        {
            **_of_table(known[one.patient, one.level]),
            **_of_note(notes.get((one.patient, one.level))),
        }
        for one in slices
    ]
    return {name: np.array([row[name] for row in rows], dtype=np.int64) for name in TITLES}


def _of_table(one: Labelled) -> dict[str, int]:
    """Mild significance is neither; a mild bulge is a bulge."""
    bulge, significance = one.labels["BULGE"], one.labels["CS"]
    return {
        BULGE: MISSING if bulge == MISSING else int(bulge > 0),
        SERIOUS: {0: 0, 2: 1}.get(significance, MISSING),
    }


def _of_note(label: WeakLabel | None) -> dict[str, int]:
    """What a note does not name is not there, unless it names findings without their level."""
    if label is None:
        return {HERNIATION: MISSING, ROOT: MISSING}
    return {name: _named(label, value) for name, value in _NAMED.items()}


_NAMED: Mapping[str, Callable[[WeakLabel], str]] = {
    HERNIATION: lambda label: label.herniation,
    ROOT: lambda label: label.root,
}


def _named(label: WeakLabel, value: Callable[[WeakLabel], str]) -> int:
    if value(label) not in ("", NONE):
        return 1
    return MISSING if label.basis is Basis.UNNAMED else 0
