"""Soft labels of training slices, by the tables of readings beside their cohorts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lumbargrade.annotation.reader_table import read_given_table
from lumbargrade.annotation.soft_labels import SoftWay, soft_labels
from lumbargrade.cohort.read import COHORT_FILE, CohortSlice
from lumbargrade.errors import RecipeError
from lumbargrade.grading.finding import Side
from lumbargrade.grading.sides import worse_side_probabilities
from lumbargrade.grading.system import output_name
from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.readings.faults import Faults
from lumbargrade.training.recipe import LabelSettings

READINGS_FILE = "readings.csv"
"""In the folder of a cohort: a table of readings that names images by their SOP Instance UID."""

Labels = Mapping[str, tuple[float, ...]]


def soft_targets(
    slices: Sequence[CohortSlice],
    others: int,
    specs: Sequence[OutputSpec],
    settings: LabelSettings,
) -> NDArray[np.float32] | None:
    """Return the probability of each grade by the readings, or None where the recipe wants none.

    An output at image level of a system that was read per side gets the worse side. Readings of
    other patients, such as those of the tests, help to tell how a reader errs.

    Parameters
    ----------
    others : so many slices follow that nobody has read.

    Returns
    -------
    (n + others, outputs, most grades), NaN where nobody has read.

    Raises
    ------
    RecipeError
        If no slice has a reading.
    ReadingError
        If a table cannot be used.
    """
    if not settings.soft:
        return None
    read: dict[str, dict[str, tuple[float, ...]]] = {}
    for folder in sorted({_cohort_of(one.file) for one in slices}):
        for sop, labels in _labels_in(folder / READINGS_FILE, SoftWay(settings.soft)).items():
            read[sop] = labels
    if not any(one.sop_instance_uid in read for one in slices):
        raise RecipeError(
            f"[labels] soft = {settings.soft}: no training slice is in a {READINGS_FILE} in the "
            "folder of its cohort: put the table there, with SOP Instance UIDs"
        )
    size = (len(slices) + others, len(specs), max(spec.grades for spec in specs))
    found = np.full(size, np.nan, dtype=np.float32)
    for row, one in enumerate(slices):
        for column, spec in enumerate(specs):
            label = _label(read.get(one.sop_instance_uid, {}), spec)
            found[row, column, : len(label)] = label
    return found


def _cohort_of(file: Path) -> Path:
    """Return the folder of the cohort in which a picture lies."""
    return next(one for one in file.parents if (one / COHORT_FILE).is_file())


def _labels_in(path: Path, way: SoftWay) -> dict[str, dict[str, tuple[float, ...]]]:
    """Return image -> output -> label; nothing where there is no table."""
    if not path.is_file():
        return {}
    faults = Faults()
    given = read_given_table(path, faults).given
    faults.check(RecipeError)
    readers = sorted({one.reader for one in given})
    found: dict[str, dict[str, tuple[float, ...]]] = {}
    for item, label in soft_labels(given, readers, way).items():
        found.setdefault(item.image, {})[item.output] = label
    return found


def _label(labels: Labels, spec: OutputSpec) -> tuple[float, ...]:
    if spec.name in labels:
        return labels[spec.name]
    left, right = (labels.get(output_name(spec.name, side)) for side in Side)
    return worse_side_probabilities(left, right) if left and right else ()
