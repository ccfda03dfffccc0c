"""Where a slice lies, from its header alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom import dcmread
from tests.archive.archive import GEOMETRIES, write_study

from lumbargrade.errors import StudyError
from lumbargrade.study.dicom.place import place_of


def test_the_place_is_that_of_the_header(tmp_path: Path) -> None:
    folder = write_study(tmp_path / "study", "P1", "7")
    for path, expected in zip(sorted(folder.rglob("*.dcm")), GEOMETRIES, strict=True):
        found = place_of(path)
        assert found.position_mm == pytest.approx(expected.position_mm, abs=1e-5)
        assert found.normal == pytest.approx(expected.normal, abs=1e-5)
        assert (found.rows, found.columns) == (expected.rows, expected.columns)


def test_what_has_no_place_is_refused(tmp_path: Path) -> None:
    path = sorted(write_study(tmp_path / "study", "P1", "7").rglob("*.dcm"))[0]
    dataset = dcmread(path)
    del dataset.ImagePositionPatient
    dataset.save_as(path)
    with pytest.raises(StudyError, match=r"0001\.dcm: no usable Image Position \(Patient\)"):
        place_of(path)
    del dataset.Rows
    dataset.save_as(path)
    with pytest.raises(StudyError, match=r"its header gives no image size: export it again"):
        place_of(path)
    with pytest.raises(StudyError, match=r"none\.dcm: cannot be read \(No such file"):
        place_of(tmp_path / "none.dcm")
    path.write_bytes(b"text")
    with pytest.raises(StudyError, match=r"0001\.dcm: not DICOM: export it again"):
        place_of(path)
