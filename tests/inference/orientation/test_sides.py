"""What is said per side where left and right are not known."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import nibabel
import numpy as np
import pytest

from lumbargrade.grading.columns import columns_of
from lumbargrade.grading.finding import Finding, Measure, Side
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.orientation.sides import (
    findings_without_sides,
    measures_without_sides,
    sides_warnings,
)
from lumbargrade.inference.predict import grade_study
from lumbargrade.study.read import read_study

WHY = "left and right are not known: no one says so"
LEFT = Finding("LNRC", Side.LEFT, 2, (0.1, 0.2, 0.6, 0.1), grade_set=(2, 3))
IMAGE = Finding("LNRC", None, 2, (0.1, 0.2, 0.6, 0.1), grade_set=(2,))


def test_grades_per_side_are_withheld_with_all_that_belongs_to_them() -> None:
    side, image = findings_without_sides((LEFT, IMAGE), WHY)
    assert side == Finding("LNRC", Side.LEFT, None, (), WHY)
    assert image == IMAGE
    assert findings_without_sides((LEFT, IMAGE), "") == (LEFT, IMAGE)


def test_measures_that_name_a_side_are_withheld() -> None:
    measures = (
        Measure("recess_depth_mm", Side.RIGHT, 4.0),
        Measure("displacement_apex_mm", None, -3.0),
        Measure("sac_area_mm2", None, 150.0),
    )
    found = measures_without_sides(measures, WHY)
    assert [one.value for one in found] == [None, None, 150.0]
    assert [one.reason for one in found] == [WHY, WHY, ""]
    assert measures_without_sides(measures, "") == measures


def test_one_warning_a_reason() -> None:
    doubts = [("a.nii", WHY), ("a.nii", WHY), ("b.dcm", "")]
    (warning,) = sides_warnings(doubts)
    assert warning == (
        f"{WHY}; grades and measures per side are withheld, the image grade is the worse side "
        "(a.nii)"
    )
    files = [f"{number}.dcm" for number in range(5)]
    several, other = sides_warnings([*((one, WHY) for one in files), ("a.nii", "another reason")])
    assert several.startswith(WHY)
    assert several.endswith("(0.dcm, 1.dcm, 2.dcm and 2 more)")
    assert other.startswith("another reason; ")


def nifti(folder: Path, tiny: ModuleType, codes: tuple[int, int]) -> Path:
    """Two of the tiny study's slices as a NIfTI file, with its qform and sform code."""
    picture = tiny.blob_picture((70.0, 95.0), 1)
    volume = np.stack([picture.T[::-1, ::-1]] * 2, axis=-1).astype(np.float32)
    image = nibabel.Nifti1Image(volume, np.diag([1.0, 1.0, 4.0, 1.0]))
    image.set_qform(image.affine, codes[0])
    image.set_sform(image.affine, codes[1])
    image.header["qform_code"], image.header["sform_code"] = codes
    nibabel.save(image, folder / "a.nii")
    return folder / "a.nii"


@pytest.mark.parametrize(("codes", "known"), [((0, 0), False), ((1, 0), True), ((0, 2), True)])
def test_a_nifti_without_orientation_is_graded_without_sides(
    engine: Engine, tiny: ModuleType, tmp_path: Path, codes: tuple[int, int], known: bool
) -> None:
    graded = grade_study(read_study(nifti(tmp_path, tiny, codes)), engine)
    warnings = " ".join(graded.grades.warnings)
    assert ("left and right are not known" in warnings) is not known
    for item in graded.grades.slices:
        for side in Side:
            found = item.finding("LNRC", side)
            assert found is not None
            assert (found.grade is not None) is known
            assert ("left and right are not known" in found.reason) is not known
        image = item.finding("LNRC", None)
        assert image is not None
        assert image.grade == max(tiny.GRADES["LNRC_left"], tiny.GRADES["LNRC_right"])
    titles = [one.title for one in columns_of(graded.grades, graded.systems)]
    assert ("LNRC left" in titles) is known
    assert ("LNRC" in titles) is not known
    assert all(picture.sides_known is known for picture in graded.pictures)
