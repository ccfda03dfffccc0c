from __future__ import annotations

from pathlib import Path

from tests.archive.archive import write_study

from lumbargrade.cohort.describe import described
from lumbargrade.study.dicom.references import read_references
from lumbargrade.study.perceptual_hash import is_picture_code
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
