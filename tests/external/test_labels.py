"""Labels are read as the adapter wrote them, and rows that make no sense are named."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cohort.adapters.sets import table
from tests.external.world import adapted

from lumbargrade.errors import CohortError, EvaluationError
from lumbargrade.external.labels import read_labels
from lumbargrade.grading.finding import Side

HEAD = ("patient", "level", "disc", "system", "side", "grade", "sop", "x_mm", "y_mm", "z_mm")
CANAL = ("P", "L4/L5", "", "RSNACANAL", "", "1", "", "", "", "")


def rows(folder: Path, *lines: tuple[str, ...]) -> Path:
    table(folder / "labels.csv", HEAD, *lines)
    return folder


def test_the_labels_of_an_adapted_set() -> None:
    found = read_labels(adapted(), {"RSNARECESS"}, "set/")
    assert len(found) == 10
    (severe,) = (one for one in found if one.grade == 2)
    assert (severe.patient, severe.level, severe.side) == ("set/4003253", "L4/L5", Side.LEFT)
    assert severe.place_mm is not None
    assert sum(one.grade is None for one in found) == 1


def test_a_disc_stands_for_a_level_and_other_systems_are_left_out(tmp_path: Path) -> None:
    disc = ("P", "", "6", "RSNACANAL", "", "0", "1.2", "1", "2", "3")
    (found,) = read_labels(
        rows(tmp_path, disc, ("P", "", "", "X", "", "7", *[""] * 4)), ["RSNACANAL"]
    )
    assert (found.level, found.grade, found.place_mm) == ("disc 6", 0, (1.0, 2.0, 3.0))


@pytest.mark.parametrize(
    ("column", "text", "told"),
    [
        ("grade", "3", "labels.csv row 2: grade is '3'"),
        ("grade", "mild", "grade is 'mild'"),
        ("side", "left", "side is 'left'"),
        ("side", "middle", "side is 'middle'"),
        ("patient", "", "row 2: no patient"),
        ("x_mm", "1", "x_mm, y_mm, z_mm are '1', '', ''"),
    ],
)
def test_a_row_that_makes_no_sense_is_named(
    tmp_path: Path, column: str, text: str, told: str
) -> None:
    row = list(CANAL)
    row[HEAD.index(column)] = text
    with pytest.raises(CohortError, match=told):
        read_labels(rows(tmp_path, tuple(row)), ["RSNACANAL"])


def test_a_cohort_without_such_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"has no labels\.csv: give a cohort that"):
        read_labels(tmp_path, ["RSNACANAL"])
    with pytest.raises(
        EvaluationError, match=r"has no label of X \(but of RSNACANAL\): give the cr"
    ):
        read_labels(rows(tmp_path, CANAL), ["X"])
