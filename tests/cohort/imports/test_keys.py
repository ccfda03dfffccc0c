"""Which slices of a study fit a row."""

from __future__ import annotations

from lumbargrade.cohort.imports.studies import ReadStudy
from lumbargrade.readings.slice_key import SliceKey


def test_a_slice_is_found_by_uid_file_or_image(read_case: ReadStudy) -> None:
    for key in (
        SliceKey(patient="ID1", sop="1.2.1.1.2"),
        SliceKey(file="axial_t2/0002.png"),
        SliceKey(image="1.2.1.1.2"),
        SliceKey(image="axial_t2/0002.dcm"),
    ):
        (one,) = read_case.material.find(key)
        assert one.picture.sop_instance_uid == "1.2.1.1.2"
    assert read_case.material.find(SliceKey(patient="ID2", sop="1.2.1.1.2")) == []
