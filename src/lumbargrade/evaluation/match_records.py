"""What is evaluated: for each image and grading system the reference beside what graders said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from lumbargrade.cohort.read import CohortSlice
from lumbargrade.evaluation.measures.graders import Grader
from lumbargrade.evaluation.morphometry.measurer import Measurer
from lumbargrade.evaluation.records import ImageRecord
from lumbargrade.grading.finding import Side, SliceGrades
from lumbargrade.grading.sides import worse_side, worse_side_probabilities
from lumbargrade.grading.system import GRADING_SYSTEMS, GradingSystem
from lumbargrade.statistics.calibration import untempered
from lumbargrade.statistics.patients import CohortImage, Flow

Records = dict[str, list[ImageRecord]]
"""Grading system -> one record for each image."""


@dataclass(frozen=True)
class Material:
    """What is evaluated.

    Attributes
    ----------
    model, cohort : what they are called.
    simulated : the reference comes from a simulation.
    leakage_checked : a split was given, and none of its training patients is evaluated.
    tied : the model itself names that split as the one that it was trained by.
    images : all images of the cohort that the model could read, whatever their part.
    records : grading system -> one record for each image that is evaluated.
    grades : grading system -> how many grades it has.
    flow : patients and images from the cohort to the result.
    notes : what a reader must know, one sentence each.
    graders : other graders of the same images, with the same reference.
    trained_on : what the model says that it was trained on; may be empty.
    regions : which regions the model graded (``predictions.regions_of``).
    measurers : the model first, then those whose measures its own are compared with; empty without.
    discs : sagittal grading system -> one record for each disc that has a reference; empty without.
    """

    model: str
    cohort: str
    simulated: bool
    leakage_checked: bool
    images: tuple[CohortImage, ...]
    records: Mapping[str, Sequence[ImageRecord]]
    grades: Mapping[str, int]
    flow: Flow
    notes: tuple[str, ...]
    graders: tuple[Grader, ...] = ()
    tied: bool = False
    trained_on: str = ""
    regions: str = ""
    measurers: tuple[Measurer, ...] = ()
    discs: Mapping[str, Sequence[ImageRecord]] = field(default_factory=dict)


def records_of(
    slices: Sequence[CohortSlice],
    given: Mapping[str, SliceGrades],
    temperatures: Mapping[str, float] | None,
) -> Records:
    """Return the records of a model's grades, for the systems that have a reference.

    ``given`` is what the model said, by SOP Instance UID; ``temperatures`` are the model's, by
    output name; None where they are not known.
    """
    found = {
        code: [_record(one, given.get(one.sop_instance_uid), system) for one in slices]
        for code, system in GRADING_SYSTEMS.items()
    }
    known = {
        code: some for code, some in found.items() if any(one.reference is not None for one in some)
    }
    if temperatures is None:
        return known
    return {
        code: [_with_untempered(one, given.get(one.image), code, temperatures) for one in some]
        for code, some in known.items()
    }


def graded_only(records: Records) -> Records:
    """Return the systems of which something was graded."""
    return {
        code: some
        for code, some in records.items()
        if any(one.predicted is not None for one in some)
    }


def reference_of(image: CohortSlice, system: GradingSystem) -> int | None:
    """The grade of the image: the worse side of a system with sides, if both are known."""
    sides = (image.grades.get(output) for output in system.outputs)
    return worse_side(sides, system.grades[-1].value)


def cohort_image(image: CohortSlice, part: str) -> CohortImage:
    """Return what the report knows of an image of this part."""
    return CohortImage(
        image=image.sop_instance_uid,
        patient=image.patient_id,
        part=part,
        level=image.level or "",
        sex=image.sex,
        age_years=image.age_years,
        scanner=image.scanner,
        field_strength_t=image.field_strength_t,
        grades={code: reference_of(image, system) for code, system in GRADING_SYSTEMS.items()},
        site=image.site,
    )


def _record(image: CohortSlice, given: SliceGrades | None, system: GradingSystem) -> ImageRecord:
    finding = None if given is None else given.finding(system.code)
    graded = finding is not None and finding.grade is not None
    return ImageRecord(
        image=image.sop_instance_uid,
        patient=image.patient_id,
        scanner=image.scanner,
        external=image.external,
        reference=reference_of(image, system),
        predicted=finding.grade if finding is not None else None,
        probabilities=finding.probabilities if finding is not None and graded else (),
        grade_set=finding.grade_set if finding is not None and graded else (),
    )


def _with_untempered(
    record: ImageRecord, given: SliceGrades | None, code: str, temperatures: Mapping[str, float]
) -> ImageRecord:
    if given is None or not record.probabilities:
        return record
    system = GRADING_SYSTEMS[code]
    sides = (Side.LEFT, Side.RIGHT) if system.per_side else (None,)
    each = []
    for output, side in zip(system.outputs, sides, strict=True):
        finding = given.finding(code, side)
        if finding is None or not finding.probabilities:
            return record
        each.append(untempered(np.array(finding.probabilities), temperatures[output]).tolist())
    bare = worse_side_probabilities(*each) if system.per_side else each[0]
    return replace(record, untempered=tuple(bare))
