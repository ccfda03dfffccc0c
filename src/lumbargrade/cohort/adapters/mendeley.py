"""Lumbar Spine MRI Dataset (Mendeley Data, doi:10.17632/k57fr854j2.2, CC BY 4.0).

``01_MRI_Data/<patient>/<study>/<series>/*.ima``: DICOM under another name, one folder a
patient of four digits, one or more studies each. The set holds no grades; the notes of its
radiologist are a set of their own.
"""

from __future__ import annotations

from pathlib import Path

from lumbargrade.cohort.adapters.adapted import AdaptedCohort, Progress
from lumbargrade.cohort.write import safe_name
from lumbargrade.errors import CohortError, StudyError
from lumbargrade.study.read import read_study
from lumbargrade.study.series.select import select_axial

ROOT = "01_MRI_Data"
CONTRASTS = ("t2", "t1")


def adapt(folder: Path, cohort: AdaptedCohort, progress: Progress) -> None:
    """Take in every axial T1 and T2 slice; a study without any is noted, with its reason.

    Raises CohortError if there is no folder of a patient.
    """
    root = folder / ROOT if (folder / ROOT).is_dir() else folder
    patients = sorted(path for path in root.glob("*") if path.is_dir() and path.name.isdecimal())
    if not patients:
        raise CohortError(
            f"{folder}: has no {ROOT}/0001, 0002, ...: give the folder unpacked from "
            "01_MRI_Data.zip"
        )
    for done, patient in enumerate(patients, start=1):
        for study in sorted(path for path in patient.iterdir() if path.is_dir()):
            _take_study(study, safe_name(patient.name), cohort)
        progress(done, len(patients))


def _take_study(folder: Path, patient: str, cohort: AdaptedCohort) -> None:
    try:
        study = read_study(folder)
        selection = select_axial(study, CONTRASTS, narrowest_mm=0.0)
    except StudyError as error:
        cohort.leave_out("studies without axial T1 or T2", example=str(error))
        return
    cohort.add(patient, cohort.take(study, folder, patient, selection.slices))
