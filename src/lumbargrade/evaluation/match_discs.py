"""Match the discs that a model graded on sagittal series with the cohort's, disc by disc."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from lumbargrade.cohort.discs import GradesOfDiscs
from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.evaluation.match_records import Records
from lumbargrade.evaluation.records import ImageRecord
from lumbargrade.grading.finding import DiscGrades, Finding, StudyGrades
from lumbargrade.grading.level import Level
from lumbargrade.grading.system import SAGITTAL_SYSTEMS


def disc_records(
    studies: Sequence[StudyGrades],
    cohort: Cohort,
    reference: Mapping[str, GradesOfDiscs],
    seen: Collection[str] = (),
) -> Records:
    """Return one record for each disc that has a reference, by sagittal grading system.

    ``reference`` is by patient of the cohort; patients of the slices in ``seen`` (the model's
    training) have no record. A disc is known by its name: one that the model did not find, did
    not name or did not grade is a disc that was not graded. Discs above L1/L2 have no name.
    """
    trained = {one.patient_id for one in cohort.slices if one.sop_instance_uid in seen}
    people = {one.patient_id: one for one in cohort.slices if one.patient_id not in trained}
    given = _given(studies, cohort)
    found: Records = {}
    for patient, discs in reference.items():
        if patient not in people:
            continue
        for level in Level:
            for system, grade in discs.get(level, {}).items():
                record = _record(people[patient], level, grade, given.get((patient, level)), system)
                found.setdefault(system, []).append(record)
    return {
        code: found[code]
        for code in SAGITTAL_SYSTEMS
        if any(one.predicted is not None for one in found.get(code, ()))
    }


def _given(studies: Sequence[StudyGrades], cohort: Cohort) -> dict[tuple[str, Level], DiscGrades]:
    """Return the named discs by patient and name; of several studies, those of the first."""
    patients = {one.sop_instance_uid: one.patient_id for one in cohort.slices}
    found: dict[tuple[str, Level], DiscGrades] = {}
    for study in studies:
        owner = next(_owners(study, patients), None)
        for disc in study.discs:
            if owner is not None and disc.level.level is not None:
                found.setdefault((owner, disc.level.level), disc)
    return found


def _owners(study: StudyGrades, patients: Mapping[str, str]) -> Iterator[str]:
    for one in study.slices:
        if one.sop_instance_uid in patients:
            yield patients[one.sop_instance_uid]


def _record(
    person: CohortSlice, level: Level, grade: int, disc: DiscGrades | None, system: str
) -> ImageRecord:
    finding = None if disc is None else _finding(disc, system)
    graded = finding is not None and finding.grade is not None
    return ImageRecord(
        image=f"{level} of patient {person.patient_id}",
        patient=person.patient_id,
        scanner=person.scanner,
        external=person.external,
        reference=grade,
        predicted=None if finding is None else finding.grade,
        probabilities=finding.probabilities if finding is not None and graded else (),
    )


def _finding(disc: DiscGrades, system: str) -> Finding | None:
    return next((one for one in disc.findings if one.system == system), None)
