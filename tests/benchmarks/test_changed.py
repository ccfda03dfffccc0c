from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pydicom
import pytest

from benchmarks.changed import CHANGES
from benchmarks.changed.change import Change, Files, blocks, store
from benchmarks.changed.compare import Outcome, judge
from lumbargrade.grading.finding import NotGraded, StudyGrades
from lumbargrade.grading.level import Level, LevelAssignment, LevelSource
from lumbargrade.study.read import read_study


@pytest.fixture(scope="module")
def files(simulated_study: Path) -> Files:
    folder = simulated_study / "axial_t2"
    whole = {path.name: pydicom.dcmread(path) for path in sorted(folder.iterdir())}
    return {name: whole[name] for group in blocks(whole) for name in group[:2]}


FILES = [f"{number:04d}.dcm" for number in range(1, 6)]
"""Of the made-up study."""


def _regraded(study: StudyGrades, number: int, grade: int) -> StudyGrades:
    slices = list(study.slices)
    first = replace(slices[number].findings[1], grade=grade, grade_set=(grade,))
    findings = (slices[number].findings[0], first, *slices[number].findings[2:])
    slices[number] = replace(slices[number], findings=findings)
    return replace(study, slices=tuple(slices))


def test_an_unchanged_study_is_the_same(study_grades: StudyGrades) -> None:
    assert judge(study_grades, study_grades, FILES).outcome is Outcome.SAME


def test_another_grade_is_silent_unless_something_says_so(study_grades: StudyGrades) -> None:
    before = _regraded(study_grades, 0, 1)
    after = _regraded(study_grades, 0, 3)
    found = judge(before, after, FILES)
    assert found.outcome is Outcome.SILENT
    assert "LCCS 1 became 3" in found.example
    warned = replace(after, warnings=(*after.warnings, "the series contradicts itself"))
    assert judge(before, warned, FILES).outcome is Outcome.SAID


def test_a_lost_slice_must_be_listed(study_grades: StudyGrades) -> None:
    before = study_grades
    after = replace(before, slices=before.slices[1:])
    assert judge(before, after, FILES).outcome is Outcome.SILENT
    assert judge(before, after, FILES[1:]).outcome is Outcome.SAME  # it was not given
    listed = replace(after, not_graded=(*after.not_graded, NotGraded("0001.dcm", "damaged")))
    assert judge(before, listed, FILES).outcome is Outcome.SAID


@pytest.mark.parametrize(
    ("source", "outcome"),
    [(LevelSource.STACK, Outcome.ASSUMED), (LevelSource.UNKNOWN, Outcome.SILENT)],
)
def test_another_level_counts(
    study_grades: StudyGrades, source: LevelSource, outcome: Outcome
) -> None:
    before = study_grades
    other = LevelAssignment(Level.L1_L2, source, 4)
    after = replace(before, slices=(replace(before.slices[0], level=other), *before.slices[1:]))
    assert judge(before, after, FILES).outcome is outcome


@pytest.mark.parametrize("one", CHANGES, ids=lambda one: one.name)
def test_every_change_changes_copies_and_can_be_stored(
    one: Change, files: Files, tmp_path: Path
) -> None:
    changed = store(one.apply(files), tmp_path / "changed")
    store(files, tmp_path / "unchanged")
    assert all(name[:4].isdigit() for name in changed)
    assert list(changed) != list(files) or _bytes(tmp_path / "changed") != _bytes(
        tmp_path / "unchanged"
    )
    # The next change begins from the same files.
    assert _bytes(tmp_path / "unchanged") == _bytes(_first(files, tmp_path))


def _first(files: Files, place: Path) -> Path:
    """Return the folder of the files as they were before any change."""
    folder = place.parent / "first"
    if not folder.exists():
        store(files, folder)
    return folder


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_turned_axes_show_the_same_patient(files: Files, tmp_path: Path) -> None:
    turned = next(one for one in CHANGES if one.name.endswith("turned by 10 degrees"))
    name = sorted(files)[7]
    for folder, some in (("plain", files), ("oblique", turned.apply(files))):
        store({name: some[name]}, tmp_path / folder)
    plain, oblique = (
        read_study(tmp_path / folder / name).series[0].slices[0] for folder in ("plain", "oblique")
    )
    column, row, distance = plain.geometry.to_pixel(oblique.geometry.to_patient(150, 170))
    assert abs(distance) < 1e-3
    before, after = plain.load_pixels(), oblique.load_pixels()
    spread = float(before.std())
    here = before[round(row) - 1 : round(row) + 2, round(column) - 1 : round(column) + 2].mean()
    assert abs(float(after[169:172, 149:152].mean()) - float(here)) < 0.25 * spread
