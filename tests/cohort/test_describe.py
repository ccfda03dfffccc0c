"""What a header says of a slice, and what it leaves unknown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from tests.archive.archive import write_study

from lumbargrade.cohort.describe import described
from lumbargrade.errors import StudyError
from lumbargrade.study.dicom.references import read_references
from lumbargrade.study.likeness.perceptual_hash import is_picture_code
from lumbargrade.study.model import Slice
from lumbargrade.study.read import read_study


def test_a_header_says_nothing_of_grades_and_regions(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "one", "ID1", "1")
    picture = read_study(folder).series[0].slices[0]
    reference = read_references([folder])[picture.sop_instance_uid]
    one = described(picture, tmp_path / "0001.dcm", "P1", reference)
    assert (one.patient_id, one.sop_instance_uid, one.contrast) == ("P1", "1.2.1.1.1", "t2")
    assert (one.scanner, one.field_strength_t, one.external) == ("Maker One", 1.5, False)
    assert (one.age_years, one.sex) == (61.0, "F")
    assert (one.level, one.disc_in_plane, one.center_px, one.grades) == (None, None, None, {})
    assert one.picture_code is not None
    assert is_picture_code(one.picture_code)
    assert described(picture, Path("a"), "P1", reference, contrast="t1").contrast == "t1"


@pytest.fixture
def picture(tmp_path: Path) -> Slice:
    return read_study(write_study(tmp_path / "one", "ID1", "1")).series[0].slices[0]


@pytest.mark.parametrize(
    ("manufacturer", "model", "scanner"),
    [("Maker", "One", "Maker One"), ("", "One", "One"), ("", "", "unknown")],
)
def test_a_scanner_is_maker_and_model(
    picture: Slice, manufacturer: str, model: str, scanner: str
) -> None:
    made_by = replace(picture.acquisition, manufacturer=manufacturer, model_name=model)
    one = replace(picture, acquisition=made_by)
    assert described(one, Path("a"), "P1", Dataset()).scanner == scanner


def test_a_picture_that_cannot_be_decoded_has_no_code(picture: Slice) -> None:
    def broken() -> NDArray[np.float32]:
        raise StudyError("damaged")

    one = replace(picture, load_pixels=broken)
    assert described(one, Path("a"), "P1", Dataset()).picture_code is None
