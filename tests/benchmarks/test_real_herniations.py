"""What was traced by eye, and a model's grades beside it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.real.drawing.slices import t1_slices
from benchmarks.real.halves import Half, half_of, traced, trained_patients
from benchmarks.real.meters.grades import parts_of
from benchmarks.real.tracings.herniations import (
    FILE,
    Herniation,
    agreement_of,
    grade_of,
    mean_by_patient,
    read_herniations,
)
from lumbargrade.errors import CohortError

ENTRY = {
    "file": "axial_t1/P0001_L4-L5.png",
    "h_mm": 4.0,
    "d_mm": 8.0,
    "grade": 1,
    "side": "left",
    "sure": 2,
}


def written(folder: Path, **other: object) -> Path:
    path = folder / "herniations.json"
    path.write_text(json.dumps({"about": "", "slices": [{**ENTRY, **other}]}), encoding="utf-8")
    return path


def test_grades_change_at_half_the_way_and_at_the_line() -> None:
    heights = (0.0, 1.0, 1.1, 4.0, 4.1, 8.0, 8.1)
    assert [grade_of(one, 8.0) for one in heights] == [0, 0, 1, 1, 2, 2, 3]


def test_a_grade_that_contradicts_its_lengths_is_refused(tmp_path: Path) -> None:
    (one,) = read_herniations(written(tmp_path))
    assert (one.patient, one.ratio) == ("P0001", 0.5)
    (blind,) = read_herniations(written(tmp_path, d_mm=None, grade=2))
    assert (blind.ratio, blind.grade) == (None, 2)
    with pytest.raises(CohortError, match=r"P0001_L4-L5\.png: grade 2 is not that of h and D"):
        read_herniations(written(tmp_path, grade=2))
    with pytest.raises(CohortError, match="is no herniation"):
        read_herniations(written(tmp_path, h_mm="high"))
    with pytest.raises(CohortError, match="cannot be read"):
        read_herniations(tmp_path / "none.json")


def test_no_slice_is_traced_twice_and_all_are_said_how() -> None:
    found = read_herniations()
    assert len({one.file for one in found}) == len(found)
    for one in found:
        assert one.side in ({"left", "right", "central"} if one.grade else {""})
        assert one.sure in (1, 2, 3)
    about = json.loads(FILE.read_text(encoding="utf-8"))["about"]
    assert "not a radiologist" in about
    assert "without sight of any model" in about


def test_both_halves_have_enough_and_some_without_a_finding(real_data: Path) -> None:
    learned = trained_patients(traced(real_data))
    for half in Half:
        own = [one for one in read_herniations() if half_of(one.patient, learned) is half]
        assert sum(one.named for one in own) >= 40
        assert sum(not one.named and one.grade == 0 for one in own) >= 10


def test_parts_are_told_apart_by_note_and_eye() -> None:
    file = "axial_t1/P0001_L4-L5.png"
    seen, unsure = (Herniation(file, 4.0, 8.0, 1, "left", sure) for sure in (2, 1))
    unseen, plain = (Herniation(file, 0.0, None, 0, "", 2, named) for named in (True, False))
    found = {name: one.tolist() for name, one in parts_of([seen, unsure, unseen, plain]).items()}
    assert list(found.values()) == [
        [True, True, True, False],
        [True, True, False, False],
        [True, False, False, False],
        [False, False, True, False],
        [False, False, False, True],
    ]


def test_every_traced_slice_is_there(real_data: Path) -> None:
    files = {one.file for one in t1_slices(real_data)}
    assert {one.file for one in read_herniations()} <= files


def test_agreement_counts_slices_and_signs_the_difference() -> None:
    seen = [Herniation(f"axial_t1/P{n}_L4-L5.png", 1.0, 8.0, n, "", 3) for n in range(4)]
    given = np.array([9, 1, 1, 0, 3])  # the first slice was not traced
    expected = np.array([9.0, 0.5, 1.0, 2.5, 3.0])
    both = agreement_of(seen, [1, 2, 3, 4], given, expected)
    figures = {name: one.mean() for name, one in both.figures().items()}
    assert figures == pytest.approx(
        {
            "within one": 0.75,
            "exact": 0.5,
            "given less traced": -0.25,
            "expected less traced": 0.25,
        }
    )
    assert both.table().tolist() == [[0, 1, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]]
    blind = {name: one.mean() for name, one in both.always(2).figures().items()}
    assert blind["within one"] == 0.75
    assert blind["given less traced"] == blind["expected less traced"] == 0.5
    above = both.where(both.traced > 0)
    assert above.patients.tolist() == ["P1", "P2", "P3"]


def test_a_mean_has_its_interval_over_patients() -> None:
    values = np.tile([0.0, 0.0, 1.0, 1.0], 4)
    patients = np.array([f"{one}{copy}" for copy in range(4) for one in "aabc"])
    found = mean_by_patient(values, patients, 500).estimate()
    assert found.value == 0.5
    assert found.low < 0.5 < found.high
    few = mean_by_patient(values[:4], patients[:4], 500).estimate()
    assert few.reason == "3 patients, 10 needed"
