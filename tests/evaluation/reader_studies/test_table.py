from __future__ import annotations

import numpy as np

from lumbargrade.evaluation.reader_studies.table import Slot, slot_of, table_of, times_of
from lumbargrade.grading.finding import Side
from lumbargrade.readings.occasion import Arm, Occasion
from lumbargrade.readings.read import Reading
from lumbargrade.readings.slice_key import SliceKey


def reading(
    reader: str, patient: str, grade: int | None, occasion: Occasion, side: Side | None = None
) -> Reading:
    key = SliceKey(patient=patient, image=f"{patient}-1")
    return Reading("r row 2", reader, key, None, "LNRC", side, grade, occasion=occasion)


READINGS = [
    reading("Ann", "P1", 2, Occasion(1, Arm.PLAIN, 30.0), Side.LEFT),
    reading("Ann", "P1", 1, Occasion(1, Arm.PLAIN, 10.0), Side.RIGHT),
    reading("Ann", "P2", None, Occasion(), Side.LEFT),
    reading("Ann", "P2", 3, Occasion(2, Arm.PLAIN, 5.0), Side.LEFT),
    reading("Ann", "P1", 0, Occasion(2, Arm.PLAIN, 1.0), Side.LEFT),
    reading("Ann", "P1", 1, Occasion(2, Arm.ASSISTED, 4.0), Side.LEFT),
]


def test_a_side_is_an_image_of_its_patient() -> None:
    table = table_of("LNRC", 4, READINGS)
    assert table.patients.tolist() == ["P1", "P1", "P2"]
    assert table.column(Slot("Ann")).tolist() == [2, 1, -1]
    assert table.column(Slot("Ann", round=2)).tolist() == [0, -1, 3]
    assert table.column(Slot("Bob")).tolist() == [-1, -1, -1]
    assert slot_of(READINGS[-1]) == Slot("Ann", Arm.ASSISTED, 2)


def test_the_first_reading_in_an_arm_counts_whatever_its_round() -> None:
    table = table_of("LNRC", 4, READINGS)
    assert table.first("Ann").tolist() == [2, 1, 3]
    assert table.first("Ann", Arm.ASSISTED).tolist() == [1, -1, -1]
    assert table.matrix(["Ann", "Bob"]).tolist() == [[2, -1], [1, -1], [3, -1]]
    assert table.matrix([]).shape == (3, 0)


def test_times_are_of_first_readings_and_0_is_none() -> None:
    times = times_of([*READINGS, reading("Bob", "P1", 1, Occasion(1, Arm.PLAIN, 0.0))])
    assert sorted(times.seconds) == [4.0, 5.0, 10.0, 30.0]
    assert set(times.readers) == {"Ann"}
    assert times.patients[times.arms == "assisted"].tolist() == ["P1"]
    assert len(times_of([]).seconds) == 0
    assert np.asarray(times.seconds).dtype == np.float64
