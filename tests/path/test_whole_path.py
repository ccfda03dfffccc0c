"""From the simulation to figures, with the commands that a person types."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import numpy as np
import pydicom
import pytest
from typer.testing import CliRunner, Result

from lumbargrade.cli.main import app
from lumbargrade.cohort.read import read_cohort
from lumbargrade.grading import grades_json
from lumbargrade.study.likeness.perceptual_hash import near_duplicates, picture_code


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module")
def graded(simulated_cohort: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``grade`` writes for the simulated patient, with the model in the package."""
    out = tmp_path_factory.mktemp("graded") / "out"
    run("grade", simulated_cohort, "-o", out)
    return out


def test_every_axial_slice_is_graded_and_the_rest_has_a_reason(
    simulated_cohort: Path, graded: Path
) -> None:
    grades = grades_json.read(graded / "grades.json")
    cohort = read_cohort(simulated_cohort)
    assert {one.sop_instance_uid for one in grades.slices} == {
        one.sop_instance_uid for one in cohort.slices
    }
    assert grades.not_graded
    assert all(one.reason for one in grades.not_graded)


def test_the_canal_is_found_where_the_truth_has_it(simulated_cohort: Path, graded: Path) -> None:
    """Left, right, front and back are the patient's: a mirrored picture would be far off."""
    truth = json.loads(next((simulated_cohort / "truth").glob("*.json")).read_text())
    centers = {one["sop_instance_uid"]: one["region"]["center_mm"] for one in truth["slices"]}
    distances_mm = [
        np.linalg.norm(np.subtract(one.region.center_mm, centers[one.sop_instance_uid]))
        for one in grades_json.read(graded / "grades.json").slices
    ]
    assert np.median(distances_mm) < 4
    assert max(distances_mm) < 12


def test_a_slice_without_a_disc_has_no_ldh_and_no_lnrc_but_an_lccs(graded: Path) -> None:
    slices = grades_json.read(graded / "grades.json").slices
    without = [one for one in slices if (found := one.finding("LDH")) and found.grade is None]
    assert 0 < len(without) < len(slices)
    for one in without:
        root, canal, disc = one.finding("LNRC"), one.finding("LCCS"), one.finding("LDH")
        assert root is not None
        assert canal is not None
        assert disc is not None
        assert root.grade is None
        assert canal.grade is not None
        assert "no disc" in disc.reason


def test_the_json_follows_its_schema_and_the_page_stands_alone(graded: Path) -> None:
    content = json.loads((graded / "grades.json").read_text(encoding="utf-8"))
    jsonschema.validate(content, grades_json.schema())
    page = (graded / "report.html").read_text(encoding="utf-8")
    assert "esearch use only" in page
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page)


def test_evaluate_reads_what_grade_wrote(
    simulated_cohort: Path, graded: Path, tmp_path: Path
) -> None:
    result = run("evaluate", graded, simulated_cohort, "-o", tmp_path / "report")
    assert all(system in result.stdout for system in ("LDH", "LCCS", "LNRC"))
    page = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "<h1>Simulated cohort: evaluation of" in page
    assert "There is only one patient," in page
    assert (tmp_path / "report" / "report.pdf").is_file()


def test_a_copy_of_a_simulated_slice_is_known_by_its_code(simulated_cohort: Path) -> None:
    """The code in the truth file is that of the pixels that DICOM holds."""
    for one in read_cohort(simulated_cohort).slices[:3]:
        pixels = pydicom.dcmread(one.file).pixel_array
        assert one.picture_code == picture_code(pixels)
        copy = picture_code((pixels / pixels.max() * 255).astype("uint8"))
        assert near_duplicates([copy], [one.picture_code]).all()
