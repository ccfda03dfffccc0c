"""Grades of a made-up study with everything that an output must be able to say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lumbargrade.grading.doubts import set_doubt
from lumbargrade.grading.finding import (
    Finding,
    ModelIdentity,
    NotGraded,
    Region,
    Side,
    SliceGrades,
    StudyGrades,
)
from lumbargrade.grading.level import Level, LevelAssignment, LevelSource
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.graded import SlicePicture

HOSTILE = "<script>alert('x')</script>\"&{{ 7 * 7 }}"
GEOMETRY = SliceGeometry((-90.0, -60.0, 10.0), (1, 0, 0), (0, 1, 0), (0.6, 0.6), 300, 320)


def _findings(rng: np.random.Generator, disc: bool) -> tuple[Finding, ...]:
    found = []
    for system, side in (
        ("LDH", None),
        ("LCCS", None),
        ("LNRC", Side.LEFT),
        ("LNRC", Side.RIGHT),
        ("LNRC", None),
    ):
        chances = tuple(float(value) for value in rng.dirichlet([0.5] * 4))
        if disc or system == "LCCS":
            grade = int(np.argmax(chances))
            grade_set = tuple(range(grade, min(grade + 2, 4)))
            doubts = set_doubt(grade_set, GRADING_SYSTEMS[system])
            said = (doubts,) if doubts else ()
            found.append(Finding(system, side, grade, chances, grade_set=grade_set, doubts=said))
        else:
            reason = "no disc in the plane of this slice"
            found.append(Finding(system, side, None, (), reason))
    return tuple(found)


def _slice(number: int, level: LevelAssignment, rng: np.random.Generator) -> SliceGrades:
    center = (160.25 + number, 150.5)
    x, y, z = (float(value) for value in GEOMETRY.to_patient(*center))
    return SliceGrades(
        series_instance_uid="1.2.3",
        sop_instance_uid=f"1.2.3.{number}",
        frame_number=1,
        source_file=f"axial/{number:04d}.dcm",
        level=level,
        region=Region(
            (x, y, z), center, 75.0, (center[0] - 62.5, 88.0, 125.0, 125.0), "locator", 0.93
        ),
        findings=_findings(rng, disc=number % 4 != 3),
        warnings=("region reaches over the edge of the slice",) if number == 2 else (),
    )


@pytest.fixture(scope="session")
def study_grades() -> StudyGrades:
    rng = np.random.default_rng(3)
    levels = [
        LevelAssignment(Level.L5_S1, LevelSource.STACK, 0),
        LevelAssignment(Level.L5_S1, LevelSource.STACK, 0),
        LevelAssignment(Level.L4_L5, LevelSource.STACK, 1),
        LevelAssignment(Level.L4_L5, LevelSource.STACK, 1),
        LevelAssignment(),
    ]
    return StudyGrades(
        study_instance_uid="1.2.840.99",
        patient_id="P00001",
        model=ModelIdentity("default", "0.1.0", "ab" * 32, "simulation: 800 patients"),
        software_version="0.1.0",
        slices=tuple(_slice(number, level, rng) for number, level in enumerate(levels, 1)),
        not_graded=(
            NotGraded("sagittal/0001.dcm", "sagittal, not axial", "1.2.9.1", "1.2.9"),
            NotGraded("sagittal/0002.dcm", "sagittal, not axial", "1.2.9.2", "1.2.9"),
            NotGraded("notes.txt", "not an image"),
        ),
        warnings=("level names are assumed",),
    )


@pytest.fixture(scope="session")
def hostile_grades(study_grades: StudyGrades) -> StudyGrades:
    first = replace(
        study_grades.slices[0],
        source_file=HOSTILE,
        sop_instance_uid=HOSTILE,
        warnings=(HOSTILE,),
    )
    return replace(
        study_grades,
        patient_id=HOSTILE,
        study_instance_uid=HOSTILE,
        model=replace(study_grades.model, name=HOSTILE, trained_on=HOSTILE),
        slices=(first, *study_grades.slices[1:]),
        not_graded=(NotGraded(HOSTILE, HOSTILE),),
        warnings=(HOSTILE,),
    )


@pytest.fixture
def pictures(study_grades: StudyGrades) -> tuple[SlicePicture, ...]:
    rng = np.random.default_rng(4)
    return tuple(
        SlicePicture(
            series_instance_uid=item.series_instance_uid,
            sop_instance_uid=item.sop_instance_uid,
            frame_number=item.frame_number,
            source_file=item.source_file,
            geometry=GEOMETRY,
            pixels=rng.random((300, 320), dtype=np.float32),
            patch=rng.random((128, 128), dtype=np.float32),
            maps={
                name: rng.standard_normal((4, 4, 4)).astype(np.float32)
                for name in ("LDH", "LCCS", "LNRC_left", "LNRC_right")
            },
        )
        for item in study_grades.slices
    )
