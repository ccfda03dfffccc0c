"""Which slice a row means."""

from __future__ import annotations

import pytest

from lumbargrade.grading.level import Level
from lumbargrade.readings.slice_key import SliceKey, read_key, read_level, same_file


@pytest.mark.parametrize(
    ("named", "same"),
    [
        ("0004.dcm", True),
        ("axial/0004.png", True),
        ("case/axial/0004", True),
        ("case\\axial\\0004.dcm", True),
        ("xial/0004.dcm", False),
        ("other/case/axial/0004.dcm", False),
        ("0005.dcm", False),
        ("", False),
    ],
)
def test_files_are_compared_from_the_end(named: str, same: bool) -> None:
    assert same_file("case/axial/0004.dcm", named) is same


def test_a_uid_as_a_name_has_no_ending() -> None:
    assert not same_file("case/1.2.3.9", "1.2.3.4")
    assert not same_file("case/1.2.3.9.dcm", "1.2.3.4")
    assert same_file("case/1.2.3.9.dcm", "1.2.3.9")


@pytest.mark.parametrize("text", ["L4/L5", "L4-5", "l4_l5", "L4 / L5", "L45"])
def test_levels_as_people_write_them(text: str) -> None:
    assert read_level(text) == (Level.L4_L5, "")


def test_other_levels_are_unknown() -> None:
    assert read_level("") == (None, "")
    assert read_level("L5/S2")[1].startswith("level 'L5/S2' is unknown: use L1/L2")
    assert read_level("L5S1") == (Level.L5_S1, "")


def test_a_slice_is_its_instance_number() -> None:
    key, fault = read_key({"series_instance_uid": "1.2", "slice": "7", "patient": "A"})
    assert (key.series, key.number, key.patient, key.names_slice, fault) == (
        "1.2",
        7,
        "A",
        True,
        "",
    )
    assert read_key({"slice": "7.5"})[1] == (
        "slice '7.5' is no Instance Number: give a whole number"
    )
    assert not read_key({"patient": "A", "slice": "7"})[0].names_slice


def test_a_frame_is_part_of_the_name() -> None:
    key, fault = read_key({"sop_instance_uid": "1.2", "frame_number": "3"})
    assert (key, fault) == (SliceKey(sop="1.2", frame=3), "")
    assert str(key) == "SOP 1.2 frame 3"
    assert read_key({"sop": "1.2", "frame_number": "0"})[1].startswith("frame_number '0'")
