"""Which slices of a patient belong to the level that a label is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from lumbargrade.external.labels import Point, ReferenceLabel
from lumbargrade.grading.finding import Plane, SliceGrades
from lumbargrade.study.geometry import SliceGeometry

RULE = (
    "The grade of a level is the worst of its slices. These are the graded slices whose plane "
    "passes within {reach:g} mm of the mark of the label, and that do not cut a vertebral body. "
    "The mark is taken from an axial slice where there is one: the label's own, else another "
    "label's of the same level; else it is placed by its coordinates in the patient, which "
    "assumes that the series of a study share their frame of reference; without a mark, the "
    "slices are those that the cohort names as of this level."
)


class Basis(StrEnum):
    """How it was known which slices belong to a label."""

    OWN_MARK = "its own mark on an axial slice"
    OTHER_MARK = "another mark of the level on an axial slice"
    COORDINATES = "coordinates of its mark on another series"
    LEVEL = "level that the cohort gives for slices"
    NOTHING = "neither mark nor level"


@dataclass(frozen=True)
class AxialSlice:
    """A slice of the cohort that the model could grade.

    Attributes
    ----------
    level : as the cohort says; empty where it says nothing.
    geometry : None where its header does not say where it lies.
    grades : what the model said; None where it was not graded.
    """

    sop: str
    patient: str
    scanner: str
    external: bool
    level: str
    geometry: SliceGeometry | None
    grades: SliceGrades | None


@dataclass(frozen=True)
class Located:
    """The slices of a label, in the order of the cohort, and how they were found."""

    slices: tuple[AxialSlice, ...]
    basis: Basis


class Locator:
    """Finds the slices of labels, in one set of slices.

    ``reach_mm`` is how far from a mark, along its normal, the plane of a slice may lie.
    """

    def __init__(
        self, slices: Sequence[AxialSlice], labels: Iterable[ReferenceLabel], reach_mm: float
    ) -> None:
        self._reach_mm = reach_mm
        self._slices: dict[str, list[AxialSlice]] = defaultdict(list)
        for one in slices:
            self._slices[one.patient].append(one)
        axial = {one.sop for one in slices}
        self._axial = axial
        self._marks: dict[tuple[str, str], list[Point]] = defaultdict(list)
        for label in labels:
            if label.sop in axial and label.place_mm is not None and label.level:
                self._marks[label.patient, label.level].append(label.place_mm)

    def knows(self, patient: str) -> bool:
        """Whether the cohort has an axial slice of this patient."""
        return patient in self._slices

    def locate(self, label: ReferenceLabel) -> Located:
        """Return the slices of the label's level; see :data:`RULE`."""
        there = self._slices.get(label.patient, [])
        marks, basis = self._marks_of(label)
        if marks:
            near = [one for one in there if self._is_near(one, marks)]
        elif label.level and any(one.level == label.level for one in there):
            basis = Basis.LEVEL
            near = [one for one in there if one.level == label.level]
        else:
            near = []
        return Located(tuple(one for one in near if not _cuts_bone(one)), basis)

    def _marks_of(self, label: ReferenceLabel) -> tuple[list[Point], Basis]:
        if label.place_mm is not None and label.sop in self._axial:
            return [label.place_mm], Basis.OWN_MARK
        if others := self._marks.get((label.patient, label.level)):
            return others, Basis.OTHER_MARK
        if label.place_mm is not None:
            return [label.place_mm], Basis.COORDINATES
        return [], Basis.NOTHING

    def _is_near(self, one: AxialSlice, marks: Iterable[Point]) -> bool:
        if one.geometry is None:
            return False
        places = (one.geometry.to_pixel(np.array(mark)) for mark in marks)
        return any(abs(away_mm) <= self._reach_mm for _, _, away_mm in places)


def mark_distances(
    labels: Iterable[ReferenceLabel], slices: Mapping[str, AxialSlice]
) -> list[float]:
    """Return how far marks of other series lie from the axial slice marked at the same level, mm.

    Far more than the height of a disc says that the series of a study do not share their frame
    of reference, or that a mark lies at another level. ``slices`` are by SOP Instance UID.
    """
    axial: dict[tuple[str, str], list[SliceGeometry]] = defaultdict(list)
    elsewhere = []
    for label in labels:
        marked = slices.get(label.sop)
        if marked is not None and marked.geometry is not None:
            axial[label.patient, label.level].append(marked.geometry)
        elif label.place_mm is not None:
            elsewhere.append(label)
    return [
        min(abs(plane.to_pixel(np.array(label.place_mm))[2]) for plane in planes)
        for label in elsewhere
        if (planes := axial.get((label.patient, label.level)))
    ]


def _cuts_bone(one: AxialSlice) -> bool:
    cut = None if one.grades is None else one.grades.cut
    return cut is not None and cut.plane is Plane.BODY
