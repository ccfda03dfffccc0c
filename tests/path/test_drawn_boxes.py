"""Drawn boxes from the cohort through training, export and grading to the comparison."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.evaluation.graded import evaluate_quickly
from tests.evaluation.undrawn import draw_nothing
from tests.inference.conftest import bundle_folder, tiny
from tests.training.conftest import TINY, write_cohort
from typer.testing import CliRunner

from lumbargrade.cli.main import app
from lumbargrade.errors import CohortError
from lumbargrade.grading import grades_json
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.study.squares import RegionRule
from lumbargrade.training.export.export import export
from lumbargrade.training.train import TrainOptions, train

__all__ = ["bundle_folder", "tiny"]

BOXES = [[18.0, 20.0, 60.0, 50.0], [16.0, 22.0, 56.0, 60.0], None]
"""Of the three slices of each patient; the slices are 96 mm wide."""


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_cohort(tmp_path_factory.mktemp("drawn") / "COHORT", 10)
    for path in (folder / "truth").glob("*.json"):
        truth = json.loads(path.read_text())
        for one, box in zip(truth["slices"], BOXES, strict=True):
            one["region"]["box_px"] = box
        path.write_text(json.dumps(truth))
    return folder


def recipe(folder: Path) -> Path:
    """The tiny recipe on drawn boxes, in one epoch."""
    text = TINY.replace("[input]\n", '[input]\nregion = "drawn"\nexpand = 1.25\n')
    text = text.replace("epochs = 3", "epochs = 1").replace("[0.0, 24], [0.5, 32]", "[0.0, 32]")
    path = folder / "drawn.toml"
    path.write_text(text)
    return path


@pytest.fixture(scope="module")
def bundle(cohort: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawn-run")
    train(cohort, folder / "run", TrainOptions(recipe=str(recipe(folder)), workers=1))
    with pytest.MonkeyPatch.context() as patch:  # one epoch teaches the locator nothing
        patch.setattr("lumbargrade.training.export.export.check_locator", lambda *_: 1.0)
        export(folder / "run", folder / "bundle")
    return folder / "bundle"


def test_the_bundle_keeps_the_rule_and_the_median_size(bundle: Path) -> None:
    manifest = load_bundle(bundle).manifest
    assert manifest.region_rule == RegionRule("drawn", 1.25)
    assert manifest.patch.size_mm == 75.0  # of boxes 60 mm long
    data = json.loads((bundle / "bundle.json").read_text())
    # Two slices of each patient have a box, and the third is not learned from.
    assert data["data"]["training_slices"] == 2 * data["data"]["training_patients"]
    card = (bundle / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "made square and expanded by 1.25 (median 75 mm" in card


def test_it_grades_each_box_and_lists_what_has_none(
    bundle: Path, cohort: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One epoch teaches the locator nothing, which the check of the orientation would ask.
    monkeypatch.setattr(
        "lumbargrade.inference.cutting.chosen.not_turned", lambda _, given, *rest: given
    )
    out, given = tmp_path / "OUT", ["--regions", "drawn", "--model", str(bundle)]
    run = CliRunner().invoke(app, ["grade", str(cohort), "-o", str(out), *given])
    assert run.exit_code == 0, run.output
    for number in range(1, 11):
        grades = grades_json.read(out / f"P{number:05d}" / grades_json.FILE_NAME)
        assert {(one.region.source, one.region.size_mm) for one in grades.slices} == {
            ("drawn box", 75.0)
        }
        assert [one.reason for one in grades.not_graded] == ["no region was drawn on this slice"]


def test_a_cohort_without_boxes_is_no_material_for_it(tmp_path: Path) -> None:
    plain = write_cohort(tmp_path / "C", 10)
    with pytest.raises(CohortError, match="no slice has a drawn box that can be learned from"):
        train(plain, tmp_path / "run", TrainOptions(recipe=str(recipe(tmp_path)), workers=1))


@pytest.fixture
def seen(tiny: ModuleType, tmp_path: Path) -> Path:
    """Two patients of two slices, on which the known bundle's locator finds something."""
    folder = tmp_path / "SEEN"
    for patient in (1, 2):
        uids = {"StudyInstanceUID": f"1.2.{patient}", "SeriesInstanceUID": f"1.2.{patient}.1"}
        numbers = [2 * patient, 2 * patient + 1]
        slices = [tiny.axial(i, PatientID=f"P{patient}", **uids) for i in numbers]
        tiny.write_study(folder / f"studies/P{patient}", slices)
        _write_truth(folder, f"P{patient}", slices)
    head = {"schema": "lumbargrade.cohort/1", "patients": 2, "simulated": True}
    (folder / "cohort.json").write_text(json.dumps(head))
    return folder


def _write_truth(folder: Path, patient: str, slices: list[Any]) -> None:
    entries = [
        {
            "file": f"studies/{patient}/{number:04d}.dcm",
            "series_instance_uid": one.SeriesInstanceUID,
            "sop_instance_uid": one.SOPInstanceUID,
            "contrast": "t2",
            "level": "L4/L5",
            "disc_in_plane": True,
            "region": {"center_px": [88.0, 90.0], "box_px": [58.0, 60.0, 60.0, 60.0]},
            "grades": {"LDH": 2 - number, "LCCS": number, "LNRC_left": 0, "LNRC_right": 3},
        }
        for number, one in enumerate(slices)
    ]
    truth = {
        "schema": "lumbargrade.truth/1",
        "patient_id": patient,
        "scanner": {"name": "S", "external": False},
        "slices": entries,
    }
    (folder / "truth").mkdir(exist_ok=True)
    (folder / f"truth/{patient}.json").write_text(json.dumps(truth))


def test_two_commands_grade_both_ways_and_compare(
    bundle_folder: Path, seen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lumbargrade.evaluation.evaluate.evaluate_material", evaluate_quickly)
    draw_nothing(monkeypatch)
    out, report = tmp_path / "OUT", tmp_path / "REPORT"
    given = ["--regions", "both", "--model", str(bundle_folder)]
    run = CliRunner().invoke(app, ["grade", str(seen), "-o", str(out), *given])
    assert run.exit_code == 0, run.output
    (line,) = [one for one in run.stdout.splitlines() if one.startswith("compare: ")]
    told = line.removeprefix("compare: lumbargrade ").split()
    assert told == [
        *("evaluate", str(out / "located"), str(seen)),
        *("-o", "REPORT", "--compare", str(out / "drawn")),
    ]
    done = CliRunner().invoke(app, [str(report) if one == "REPORT" else one for one in told])
    assert done.exit_code == 0, done.output
    assert "tiny 1, located regions minus tiny 1, drawn regions" in " ".join(done.stdout.split())
    assert (
        json.loads((report / "evaluation.json").read_text())["model"] == "tiny 1, located regions"
    )
    assert "tiny 1, drawn regions" in (report / "tables/comparison.csv").read_text()
