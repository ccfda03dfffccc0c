"""The reference grades of a cohort as DICOM structured reports, one a study."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from pydicom.dataset import Dataset

from lumbargrade.cohort.export.table import grades_of
from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.cohort.write import unique_name
from lumbargrade.errors import CohortError
from lumbargrade.outputs.dicom.sr import SrAuthor, SrContent, build
from lumbargrade.outputs.dicom.sr_content import SrFinding, clipped
from lumbargrade.study.dicom.references import read_references


def write(
    cohort: Cohort, folder: Path, progress: Callable[[int, int], None] = lambda *_: None
) -> list[Path]:
    """Write one structured report for each study with a grade; file names are patients'.

    Raises CohortError if no slice has a grade, or a file does not hold the slice that the cohort
    names.
    """
    author = SrAuthor(f"reference grades of {cohort.folder.name}"[:60], "")
    patients: dict[str, list[CohortSlice]] = {}
    for one in cohort.slices:
        if one.grades:
            patients.setdefault(one.patient_id, []).append(one)
    if not patients:
        raise CohortError(f"{cohort.folder}: no slice has a grade: nothing to report")
    paths: list[Path] = []
    taken: set[str] = set()
    for done, (patient, slices) in enumerate(patients.items(), start=1):
        evidence = _evidence(slices)
        for study in dict.fromkeys(str(one.StudyInstanceUID) for one in evidence.values()):
            members = [
                one
                for one in slices
                if str(evidence[one.sop_instance_uid].StudyInstanceUID) == study
            ]
            findings = [found for one in members for found in _findings(one, evidence)]
            path = folder / f"{unique_name(patient, taken)}.dcm"
            build(SrContent(findings), evidence, author).save_as(path, enforce_file_format=True)
            paths.append(path)
        progress(done, len(patients))
    return paths


def _evidence(slices: Sequence[CohortSlice]) -> dict[str, Dataset]:
    evidence = read_references([one.file for one in slices])
    for one in slices:
        reference = evidence.get(one.sop_instance_uid)
        if reference is None or "StudyInstanceUID" not in reference:
            raise CohortError(
                f"{one.file}: does not hold the slice named in the cohort: make the cohort again"
            )
    return evidence


def _findings(one: CohortSlice, evidence: Mapping[str, Dataset]) -> Iterator[SrFinding]:
    box = None
    if one.box_px is not None:
        box = clipped(one.box_px, evidence[one.sop_instance_uid])
    for system, side, grade in grades_of(one):
        yield SrFinding(one.sop_instance_uid, 1, system, side, one.level, grade, box=box)
