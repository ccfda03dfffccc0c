"""Traced discs are read as they were written, and each fault is named with its record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lumbargrade.errors import OutlineError
from lumbargrade.spine.tracing import (
    CORNERS,
    LUMBOSACRAL,
    NAMES,
    DiscTracing,
    read_disc_tracings,
    write_disc_tracings,
)

PLACES = {key: [10.0 + number, 20.5] for number, key in enumerate(CORNERS)}


def record(**changes: Any) -> dict[str, Any]:
    given = {"file": "slices/B_1.png", "discs": {"L4/L5": PLACES}, "sacrum_seen": True}
    return {**given, **changes}


def written(folder: Path, *records: Any) -> Path:
    path = folder / "discs.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    return path


def test_names_go_from_the_sacrum_upward() -> None:
    assert NAMES[0] == LUMBOSACRAL
    assert NAMES[4:8] == ("L1/L2", "T12/L1", "T11/T12", "T10/T11")
    assert NAMES[-1] == "T1/T2"


def test_a_record_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, record(pixel_spacing_mm=1, note="oblique", numbering="by hand"))
    (found,) = read_disc_tracings(path)
    assert (found.file, found.sacrum_seen, found.simulated) == ("slices/B_1.png", True, False)
    assert found.pixel_spacing_mm == 1.0
    assert list(found.discs) == ["L4/L5"]
    assert found.discs["L4/L5"].tolist() == [[10, 20.5], [11, 20.5], [12, 20.5], [13, 20.5]]


@pytest.mark.parametrize(
    ("changes", "patient"),
    [
        ({}, "B"),
        ({"patient": "C"}, "C"),
        ({"file": "a_b\\D7_x.dcm"}, "D7"),
        ({"file": "alone.png"}, "alone.png"),
        ({"patient": ""}, "B"),
    ],
)
def test_the_patient_is_named_or_stands_before_the_first_underscore(
    tmp_path: Path, changes: dict[str, Any], patient: str
) -> None:
    assert read_disc_tracings(written(tmp_path, record(**changes)))[0].patient == patient


def test_corners_may_come_in_any_order(tmp_path: Path) -> None:
    turned = dict(reversed(PLACES.items()))
    (found,) = read_disc_tracings(written(tmp_path, record(discs={"L5/S1": turned})))
    assert found.discs["L5/S1"][0].tolist() == PLACES["anterior_upper"]


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    discs = {"L5/S1": np.array([[1.234, 2], [3, 4], [5, 6.0], [7, -8.5]])}
    given = [
        DiscTracing("a.dcm", discs, True, "P1", simulated=True),
        DiscTracing("b.png", discs, False, "P2", pixel_spacing_mm=0.7),
    ]
    write_disc_tracings(tmp_path / "discs.json", given)
    for one, other in zip(read_disc_tracings(tmp_path / "discs.json"), given, strict=True):
        np.testing.assert_allclose(one.discs["L5/S1"], other.discs["L5/S1"], atol=0.0051)
        for field in ("file", "sacrum_seen", "patient", "pixel_spacing_mm", "simulated"):
            assert getattr(one, field) == getattr(other, field)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sacrum": True}, "record 2: 'sacrum' is not known: correct its name or take it out"),
        ({"file": 7}, "record 2: 'file' must name the slice"),
        ({"sacrum_seen": "yes"}, "record 2: 'sacrum_seen' must be true or false"),
        ({"pixel_spacing_mm": 0}, "record 2: 'pixel_spacing_mm' must be a length in mm"),
        ({"pixel_spacing_mm": True}, "record 2: 'pixel_spacing_mm' must be a length in mm"),
        ({"pixel_spacing_mm": 90}, "record 2: 'pixel_spacing_mm' must be a length in mm"),
        ({"discs": {}}, "record 2: 'discs' must name at least one disc"),
        ({"discs": [PLACES]}, "record 2: 'discs' must name at least one disc"),
        (
            {"discs": {"L4-L5": PLACES}},
            "record 2: disc 'L4-L5' is not known: write it as L5/S1 or T12/L1",
        ),
        (
            {"discs": {"L5/S1": {"anterior_upper": [1, 2]}}},
            "record 2: disc L5/S1 needs the corners anterior_upper, posterior_upper, "
            "posterior_lower, anterior_lower, and no others",
        ),
        (
            {"discs": {"L5/S1": {**PLACES, "middle": [1, 2]}}},
            "record 2: disc L5/S1 needs the corners",
        ),
        *(
            (
                {"discs": {"L5/S1": {**PLACES, "anterior_lower": place}}},
                "record 2: disc L5/S1: a corner must be [column, row] in pixels",
            )
            for place in ([1], [1, "2"], [1, True], [1, 1e9], None, [1, float("nan")])
        ),
    ],
)
def test_a_fault_is_named_with_its_record(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    path = written(tmp_path, record(), record(**changes))
    with pytest.raises(OutlineError) as caught:
        read_disc_tracings(path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{path}: ")
    assert "record 1" not in str(caught.value)


def test_all_faults_are_named_up_to_twenty(tmp_path: Path) -> None:
    bad = record(sacrum_seen=None, discs={})
    with pytest.raises(OutlineError, match=r"record 1: 'sac.*; record 10: 'discs'.*; and 4 more$"):
        read_disc_tracings(written(tmp_path, *[bad] * 12))


@pytest.mark.parametrize("text", ["{}", "[1]", '"discs"', '[{"file": "a"}, null]'])
def test_what_is_no_list_of_records_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "discs.json").write_text(text)
    with pytest.raises(OutlineError, match="traced discs are a list of records, one a slice"):
        read_disc_tracings(tmp_path / "discs.json")


@pytest.mark.parametrize("data", [b"{", b"\xff\xfe", b"", b"[" * 100_000])
def test_what_is_no_json_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "discs.json").write_bytes(data)
    with pytest.raises(OutlineError, match=r"discs\.json: no JSON: write a list of records"):
        read_disc_tracings(tmp_path / "discs.json")


def test_a_file_that_is_not_there_or_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutlineError, match=r"none\.json: the traced discs cannot be read: No such"):
        read_disc_tracings(tmp_path / "none.json")
    with pytest.raises(OutlineError, match="the discs cannot be written: No such"):
        write_disc_tracings(tmp_path / "none" / "discs.json", [])


def test_grades_are_read_by_their_names_and_written_back(tmp_path: Path) -> None:
    grades = {"L4/L5": {"PFIRRMANN": 3}}
    (found,) = read_disc_tracings(written(tmp_path, record(grades=grades)))
    assert found.grades == {"L4/L5": {"PFIRRMANN": 2}}
    write_disc_tracings(tmp_path / "again.json", [found])
    assert read_disc_tracings(tmp_path / "again.json")[0].grades == found.grades


@pytest.mark.parametrize(
    ("grades", "fault"),
    [
        ([], "'grades' must give each graded disc its grades by system"),
        ({"L4/L5": 3}, "'grades' must give each graded disc its grades by system"),
        ({"L1/L2": {"PFIRRMANN": 1}}, "grades of disc 'L1/L2': it has no corners: add them"),
        ({"L4/L5": {"LDH": 1}}, "disc L4/L5: system 'LDH' is unknown: use PFIRRMANN"),
        ({"L4/L5": {"PFIRRMANN": 0}}, "disc L4/L5: PFIRRMANN is 0: use 1, 2, 3, 4, 5"),
    ],
)
def test_faults_of_grades_are_named(tmp_path: Path, grades: Any, fault: str) -> None:
    with pytest.raises(OutlineError, match=fault):
        read_disc_tracings(written(tmp_path, record(grades=grades)))
