"""Several cohorts as the material of one training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lumbargrade.cohort.merge import join_cohorts
from lumbargrade.cohort.read import Cohort, CohortSlice, read_cohort
from lumbargrade.cohort.split.file import FILE_NAME, read_split
from lumbargrade.cohort.split.leakage import split_for, trainable
from lumbargrade.training.run_folder import DataRecord


@dataclass(frozen=True)
class Material:
    """What a training may learn from.

    Attributes
    ----------
    cohort : all slices; those that must not be trained on are marked as external.
    split : locked split that the training must follow, or None.
    simulated : name of a cohort (empty where there is one alone) -> whether it is simulated.
    """

    cohort: Cohort
    split: Path | None
    simulated: Mapping[str, bool]

    def is_real(self, one: CohortSlice) -> bool:
        """Return whether a slice is of a patient and not of a simulation."""
        return not self.simulated[one.site if one.site in self.simulated else ""]


def read_material(folders: Sequence[Path], split: Path | None) -> Material:
    """Read one cohort, or several as one (``cohort.merge``).

    A split that lies in the folder of one cohort alone is followed. Of several, none is: patients
    have other names there. But whom a split in one of the folders keeps for tests is not trained
    on. Raises CohortError if a cohort or a split cannot be read, or a cohort is an external set.
    """
    if len(folders) == 1:
        followed = split_for(folders[0], split)
        one = trainable(read_cohort(folders[0]), followed)
        return Material(one, followed, {"": one.simulated})
    cohorts = [_without_tests(folder) for folder in folders]
    joined = trainable(join_cohorts(cohorts), split)
    return Material(joined, split, {one.folder.name: one.simulated for one in cohorts})


def record_of(
    material: Material,
    slices: Sequence[CohortSlice],
    trained_rows: NDArray[np.int64],
    squares_mm: NDArray[np.float32] | None = None,
) -> DataRecord:
    """Return what a run says of its data.

    ``trained_rows`` (n,) index ``slices`` and ``squares_mm``, the edges of their squares; None
    where all are of one size.
    """
    trained = {slices[row].patient_id for row in trained_rows}
    cohort, real = material.cohort, [one for one in slices if material.is_real(one)]
    return DataRecord(
        fingerprint=cohort.fingerprint,
        simulated=len(real) < len(slices),
        patients=len({item.patient_id for item in slices}),
        slices=len(slices),
        training_patients=len(trained),
        training_slices=len(trained_rows),
        scanners=tuple(sorted({item.scanner for item in slices})),
        contrasts=tuple(sorted({item.contrast for item in slices})),
        real_patients=len({item.patient_id for item in real}),
        real_slices=len(real),
        origin=cohort.origin,
        square_mm=None
        if squares_mm is None
        else round(float(np.median(squares_mm[trained_rows])), 1),
    )


def _without_tests(folder: Path) -> Cohort:
    """Return a cohort with external patients, and those its own split tests on, as external."""
    own = split_for(folder, None)
    cohort = trainable(read_cohort(folder), own)
    if own is None:
        return cohort
    tested = {patient for patient, part in read_split(folder / FILE_NAME).items() if part == "test"}
    return replace(
        cohort,
        slices=tuple(
            replace(one, external=one.external or one.patient_id in tested) for one in cohort.slices
        ),
    )
