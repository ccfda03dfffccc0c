"""Which boxes are the lowest three discs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.real.folds.discs import Box, lowest_discs, read_boxes
from lumbargrade.errors import CohortError

SPINE = [
    Box(1, 0.54, 0.06, 0.12, 0.05),
    Box(1, 0.48, 0.28, 0.12, 0.06),
    Box(1, 0.45, 0.40, 0.13, 0.07),
    Box(1, 0.43, 0.53, 0.13, 0.06),
    Box(0, 0.42, 0.65, 0.18, 0.08),
    Box(2, 0.49, 0.64, 0.03, 0.05),
    Box(2, 0.50, 0.95, 0.04, 0.05),
    Box(3, 0.45, 0.90, 0.10, 0.05),
    Box(4, 0.43, 0.77, 0.18, 0.12),
]
LOWEST = {"L5-S1": SPINE[8], "L4-L5": SPINE[4], "L3-L4": SPINE[3]}


@given(st.permutations(SPINE))
def test_discs_are_counted_from_the_bottom_whatever_the_order(boxes: list[Box]) -> None:
    assert lowest_discs(boxes) == LOWEST


def test_a_second_box_of_the_same_disc_counts_once() -> None:
    twice = [*SPINE, Box(1, 0.42, 0.64, 0.16, 0.08)]
    found = lowest_discs(twice)
    assert found["L3-L4"] == SPINE[3]
    assert found["L4-L5"].y == pytest.approx(0.645, abs=0.006)


def test_fewer_discs_give_fewer_levels() -> None:
    assert lowest_discs(SPINE[4:5]) == {"L5-S1": SPINE[4]}
    assert lowest_discs([SPINE[5]]) == {}


def test_a_box_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "boxes.txt"
    file.write_text("0 0.5 0.25 0.125 0.0625\n\n4 0.5 0.75 0.2 0.1\n", encoding="utf-8")
    assert read_boxes(file) == [Box(0, 0.5, 0.25, 0.125, 0.0625), Box(4, 0.5, 0.75, 0.2, 0.1)]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("0 0.5 0.5\n", "values to unpack"),
        ("disc 0.5 0.5 0.1 0.1\n", "invalid literal"),
        ("0 0.5 1.5 0.1 0.1\n", "a share of the picture is outside 0..1: 0 0.5 1.5 0.1 0.1"),
        ("0 nan 0.5 0.1 0.1\n", "a share of the picture is outside 0..1"),
    ],
)
def test_a_bad_box_file_is_refused(tmp_path: Path, text: str, what: str) -> None:
    file = tmp_path / "boxes.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CohortError, match=rf"boxes\.txt: is not a file of boxes: .*{what}"):
        read_boxes(file)


def test_a_missing_box_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"none\.txt: is not a file of boxes"):
        read_boxes(tmp_path / "none.txt")
