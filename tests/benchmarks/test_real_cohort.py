"""Which real slices are learned from, and that a cohort of them can be read."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.real.cohort.labels import AUXILIARY, auxiliary_grades, without_findings
from benchmarks.real.cohort.run import run, usable, write_cohort
from benchmarks.real.drawing.slices import RealSlice, t1_slices
from benchmarks.real.halves import Half, half_of
from lumbargrade.errors import CohortError
from lumbargrade.grading.level import Level
from lumbargrade.study.read import read_study
from lumbargrade.study.series.contrast import contrast_of
from lumbargrade.training.outlines.data import is_set_aside
from lumbargrade.training.recipe_file import load_recipe
from lumbargrade.training.tasks.specs import recipe_specs

TABLE = """patient_id,level,clinical_significance,bulge,pfirrmann
0001,L3-L4,no,none,
0001,L4-L5,serious,bulge,
0001,L5-S1,mild,mild bulge,
0002,L3-L4,,,
"""
NOTES = """patient_id,note
0001,"L4-L5: disc protrusion compressing the left nerve root. L5-S1: mild disc bulge, no root \
compression."
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Real slices of a few patients, each a picture of its own."""
    (tmp_path / "levels.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "notes.csv").write_text(NOTES, encoding="utf-8")
    random = np.random.default_rng(0)
    names = [one.file for one in t1_slices(tmp_path)] + ["axial_t2/P0389_D4.png"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.fromarray(random.integers(0, 255, (60, 50), dtype=np.uint8)).save(tmp_path / name)
    return tmp_path


def centres(count: int) -> np.ndarray:
    return np.stack([np.full(count, 20.0), np.arange(count) + 30.5], 1)


def test_weak_labels_are_grades_of_their_own_systems(folder: Path) -> None:
    unknown = RealSlice("axial_t2/U.png", "U", "", "t2")
    found = auxiliary_grades(folder, [*t1_slices(folder), unknown])
    each = [[one[code] for code in ("CS", "BULGE", "HERNIATION", "ROOT")] for one in found]
    assert each == [[0, 0, 0, 0], [2, 2, 1, 1], [1, 1, 0, 0], [None] * 4, [None] * 4]
    assert all(one["LDH"] is None and one["LNRC_left"] is None for one in found)
    assert [without_findings(one) for one in found] == [True, False, False, False, False]


def test_nobody_of_the_half_to_report_on_is_learned_from(tmp_path: Path) -> None:
    numbers = [f"{number:04d}" for number in range(1, 60)]
    rows = "".join(f"{number},L4-L5,no,none,\n" for number in numbers)
    (tmp_path / "levels.csv").write_text(TABLE.splitlines()[0] + "\n" + rows, encoding="utf-8")
    (tmp_path / "notes.csv").write_text("patient_id,note\n0001,none\n", encoding="utf-8")
    slices = t1_slices(tmp_path)
    first_of_other = next(one.patient for one in slices if half_of(one.patient) is Half.REPORT)
    taken = {one.slice.patient for one in usable(tmp_path, slices, centres(59), frozenset())}
    assert taken == {f"P{one}" for one in numbers if half_of(f"P{one}") is Half.TUNE}
    learned = frozenset({first_of_other})
    more = {one.slice.patient for one in usable(tmp_path, slices, centres(59), learned)}
    assert more == taken | learned
    t2 = [RealSlice(f"axial_t2/{name}.png", name, "", "t2") for name in ("P0170", "P0389")]
    (kept,) = usable(tmp_path, t2, centres(2), frozenset())
    assert not is_set_aside(kept.slice.patient)


def test_what_is_written_is_read_as_a_cohort_and_as_studies(folder: Path, tmp_path: Path) -> None:
    t2 = RealSlice("axial_t2/P0389_D4.png", "P0389", "L4-L5", "t2", clear_disc=True)
    slices = [*t1_slices(folder), t2]
    everyone = frozenset({"P0001", "P0002"})  # as if their tracings were trained on
    cohort = write_cohort(folder, usable(folder, slices, centres(5), everyone), tmp_path / "made")
    assert not cohort.simulated
    lowest, *_, last = cohort.slices
    assert (lowest.level, lowest.contrast, lowest.disc_in_plane) == (Level.L5_S1, "t1", None)
    assert lowest.center_px == (20.0, 32.5)
    assert lowest.grades["CS"] == 1
    assert (last.contrast, last.disc_in_plane, last.grades["CS"]) == ("t2", True, None)
    study = read_study(tmp_path / "made" / "studies" / "P0001")
    (series,) = study.series
    read = {one.sop_instance_uid: one for one in series.slices}
    assert {contrast_of(one.acquisition) for one in read.values()} == {"t1"}
    again = read[lowest.sop_instance_uid]
    with Image.open(folder / "axial_t1" / "P0001_L5-S1.png") as picture:
        np.testing.assert_array_equal(again.load_pixels(), np.asarray(picture))
    assert again.geometry.pixel_spacing_mm == (0.6875, 0.6875)
    place = [float(value) for value in again.geometry.to_patient(20.0, 32.5)]
    assert lowest.center_mm == pytest.approx(place, abs=1e-3)


def test_the_recipe_of_both_learns_the_systems_of_the_cohort(repository: Path) -> None:
    recipe = load_recipe(str(repository / "benchmarks" / "real" / "recipes" / "grades_weak.toml"))
    names = [spec.name for spec in recipe_specs(recipe)]
    assert names[-len(AUXILIARY) :] == list(AUXILIARY)
    assert recipe.input.contrasts == ("t2",)
    assert {name for name, _ in recipe.sampling.sites} == {"bends", "real"}


def test_a_folder_that_exists_is_not_overwritten(folder: Path) -> None:
    placed = usable(folder, t1_slices(folder), centres(4), frozenset({"P0001"}))
    with pytest.raises(CohortError, match="exists already; remove it or choose another"):
        write_cohort(folder, placed, folder)


def test_the_half_to_report_on_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match="no model may learn from the half to report on"):
        run(argparse.Namespace(half=Half.REPORT, folder=tmp_path))
