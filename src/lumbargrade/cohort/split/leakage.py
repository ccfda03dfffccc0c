"""Leakage check: recognise the patients that a model was trained on, under any name.

A split that lies in the cohort folder as ``split.json`` belongs to the cohort: a training
follows it, and its external patients are external, whether it is named on the command line
or not. An evaluation takes the training patients from the split that it is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from lumbargrade.cohort.read import Cohort
from lumbargrade.cohort.split.file import (
    FILE_NAME,
    is_texts,
    parts_of,
    read_split,
    read_split_file,
    refuse_moved,
)
from lumbargrade.cohort.split.stratify import EXTERNAL, TRAINING_PARTS
from lumbargrade.errors import CohortError
from lumbargrade.study.likeness.perceptual_hash import is_picture_code, near_duplicates


@dataclass(frozen=True)
class TrainingPatients:
    """The patients that a model was trained on, as its split says.

    Attributes
    ----------
    patients : in its train or validation part.
    series : Series Instance UIDs of these patients; None where the split does not say.
    picture_codes : of their slices, where the cohort had them (see ``study.likeness``).
    checksum : of the split; a bundle that was trained by it names it.
    """

    patients: frozenset[str]
    series: frozenset[str] | None
    picture_codes: tuple[str, ...] = ()
    checksum: str = ""

    def images_in(self, cohort: Cohort) -> frozenset[str]:
        """Return the SOP Instance UIDs of ``cohort`` that must not be evaluated.

        A patient is recognised by a series, by a picture that is nearly the same, and by
        the name, as they may have come for a second study. Two simulations use the same
        names for different patients, so there the name alone says nothing.
        """
        named = self.patients if self.series is None or not cohort.simulated else frozenset()
        again = {
            one.patient_id
            for one in cohort.slices
            if one.patient_id in named or one.series_instance_uid in (self.series or ())
        }
        again |= self._by_picture(cohort)
        return frozenset(one.sop_instance_uid for one in cohort.slices if one.patient_id in again)

    def _by_picture(self, cohort: Cohort) -> set[str]:
        coded = [
            (one.patient_id, one.picture_code)
            for one in cohort.slices
            if one.picture_code is not None
        ]
        alike = near_duplicates([code for _, code in coded], self.picture_codes)
        return {patient for (patient, _), known in zip(coded, alike, strict=True) if known}


def read_training_patients(path: Path) -> TrainingPatients:
    """Read the training and validation patients of a split.

    Raises CohortError if the file is not a split, or what it says of the training patients is no
    list.
    """
    data = read_split_file(path)
    parts = parts_of(data, path)
    patients = frozenset(patient for patient, part in parts.items() if part in TRAINING_PARTS)
    known, checksum = data.get("learnt"), str(data.get("checksum", ""))
    if known is None:
        return TrainingPatients(patients, None, checksum=checksum)
    series = known.get("series") if isinstance(known, dict) else None
    codes = known.get("picture_codes") if isinstance(known, dict) else None
    if not is_texts(series) or not is_texts(codes) or not all(map(is_picture_code, codes)):
        raise CohortError(
            f"{path}: 'learnt' does not hold lists of series and image hashes: split again"
        )
    return TrainingPatients(patients, frozenset(series), tuple(codes), checksum)


def split_for(folder: Path, split: Path | None) -> Path | None:
    """Return the split that a training on the cohort in ``folder`` must follow.

    ``split`` is the one that was named; None: that of the cohort, if it has one. Raises CohortError
    if the named split moves a patient whom the cohort's own has locked.
    """
    own = folder / FILE_NAME
    if not own.is_file():
        return split
    if split is not None:
        refuse_moved(read_split(own), read_split(split), own)
    return split or own


def trainable(cohort: Cohort, split: Path | None) -> Cohort:
    """Return the cohort with its external patients marked, so that none is trained on.

    Raises CohortError if the whole cohort is an external test set.
    """
    if split is None:
        return cohort
    parts = read_split(split)
    if cohort.slices and all(parts.get(one.patient_id) == EXTERNAL for one in cohort.slices):
        raise CohortError(
            f"{cohort.folder}: is an external test set ({split}), which must not be used for "
            "training: train on another cohort, and give this one to evaluate"
        )
    return mark_external(cohort, parts)


def as_marked(cohort: Cohort) -> Cohort:
    """Return the cohort with those marked as external whom its own split calls so.

    Raises CohortError if the split in its folder was changed after it was locked.
    """
    own = cohort.folder / FILE_NAME
    return mark_external(cohort, read_split(own)) if own.is_file() else cohort


def mark_external(cohort: Cohort, parts: Mapping[str, str]) -> Cohort:
    """Return the cohort with the patients of the external part marked as external."""
    slices = tuple(
        replace(one, external=True) if parts.get(one.patient_id) == EXTERNAL else one
        for one in cohort.slices
    )
    return replace(cohort, slices=slices)
