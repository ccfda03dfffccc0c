"""Set each label beside what the model said of its level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from lumbargrade.evaluation.measures.units import worst_of
from lumbargrade.evaluation.records import ImageRecord
from lumbargrade.external.labels import ReferenceLabel
from lumbargrade.external.locate import AxialSlice, Basis, Locator
from lumbargrade.grading.crosswalk import GradeMap


class Reason(StrEnum):
    """Why a label is not compared."""

    NO_GRADE = "no grade in the set"
    NO_IMAGE = "no axial slice of the patient in the cohort"
    NO_MARK = "neither mark nor level known"
    NO_SLICE = "no disc slice near the mark"
    NOT_GRADED = "slices there, none graded"


@dataclass(frozen=True)
class ComparedLabel:
    """A label, and what the model said.

    Attributes
    ----------
    basis : how its slices were found.
    slices : SOP Instance UIDs of the slices that were graded for it.
    grade : of the model, the worst slice; None where the label is not compared.
    merged : the grade of the label's own system that it becomes.
    expected : mean of the model's grades by their probability; the grade itself where a model
        gives no probabilities.
    reason : why the label is not compared; None where it is.
    record : the same as figures take it, in the grades of the label's own system.
    """

    label: ReferenceLabel
    basis: Basis
    slices: tuple[str, ...]
    grade: int | None
    merged: int | None
    expected: float | None
    reason: Reason | None
    record: ImageRecord


def compare_labels(
    labels: Sequence[ReferenceLabel], grade_map: GradeMap, locator: Locator
) -> list[ComparedLabel]:
    """Return every label of the map's reference system beside the model's grade of its level."""
    mine = (one for one in labels if one.system == grade_map.reference.code)
    return [_compared(label, grade_map, locator) for label in mine]


def reasons(compared: Sequence[ComparedLabel]) -> Counter[Reason]:
    """Count why labels are not compared."""
    return Counter(one.reason for one in compared if one.reason is not None)


def _compared(label: ReferenceLabel, grade_map: GradeMap, locator: Locator) -> ComparedLabel:
    located = locator.locate(label)
    records = [_record(one, label, grade_map) for one in located.slices]
    graded = [one for one in records if one.predicted is not None]
    empty = ImageRecord(_name(label), label.patient, "", False, label.grade, None)
    reason = _reason(label, locator, located.basis, len(records), len(graded))
    if reason is not None:
        return ComparedLabel(label, located.basis, (), None, None, None, reason, empty)
    own = worst_of(_name(label), graded)
    if own.predicted is None:  # not so: those that are graded have a grade
        raise AssertionError(own.image)
    return ComparedLabel(
        label=label,
        basis=located.basis,
        slices=tuple(one.image for one in graded),
        grade=own.predicted,
        merged=grade_map.merged[own.predicted],
        expected=_expected(own),
        reason=None,
        record=_merged(own, grade_map),
    )


def _name(label: ReferenceLabel) -> str:
    where = " ".join(filter(None, (label.system, label.side, label.level)))
    return f"{where} of patient {label.patient}"


def _reason(
    label: ReferenceLabel, locator: Locator, basis: Basis, slices: int, graded: int
) -> Reason | None:
    if label.grade is None:
        return Reason.NO_GRADE
    if not locator.knows(label.patient):
        return Reason.NO_IMAGE
    if basis is Basis.NOTHING:
        return Reason.NO_MARK
    if not slices:
        return Reason.NO_SLICE
    return None if graded else Reason.NOT_GRADED


def _record(one: AxialSlice, label: ReferenceLabel, grade_map: GradeMap) -> ImageRecord:
    """Return what the model said of one slice, in its own grades."""
    side = label.side if grade_map.model.per_side else None
    found = None if one.grades is None else one.grades.finding(grade_map.model.code, side)
    graded = found is not None and found.grade is not None
    return ImageRecord(
        image=one.sop,
        patient=one.patient,
        scanner=one.scanner,
        external=one.external,
        reference=label.grade,
        predicted=found.grade if found is not None else None,
        probabilities=found.probabilities if found is not None and graded else (),
    )


def _expected(record: ImageRecord) -> float:
    if not record.probabilities:
        return float(record.predicted or 0)
    return sum(grade * share for grade, share in enumerate(record.probabilities))


def _merged(record: ImageRecord, grade_map: GradeMap) -> ImageRecord:
    """Return a record in the grades of the reference system."""
    shares = [0.0] * len(grade_map.reference.grades)
    for grade, share in enumerate(record.probabilities):
        shares[grade_map.merged[grade]] += share
    given = record.predicted
    return replace(
        record,
        predicted=None if given is None else grade_map.merged[given],
        probabilities=tuple(shares) if record.probabilities else (),
    )
