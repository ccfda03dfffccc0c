from __future__ import annotations

import pytest
from rich.console import Console

from lumbargrade.cli.grade_table import slice_table, study_line
from lumbargrade.grading.finding import (
    Finding,
    ModelIdentity,
    Region,
    SliceGrades,
    StudyGrades,
)
from lumbargrade.grading.level import LevelAssignment
from lumbargrade.grading.system import GRADING_SYSTEMS

REGION = Region((0, 0, 0), (0, 0), 75.0, (0, 0, 9, 9), "locator", 1.0)


def _study(*sets: tuple[int, ...]) -> StudyGrades:
    slices = tuple(
        SliceGrades("1", str(number), 1, "a.dcm", LevelAssignment(), REGION,
                    (Finding("LDH", None, 2, (0.0, 0.2, 0.8, 0.0), grade_set=given),))
        for number, given in enumerate(sets)
    )  # fmt: skip
    return StudyGrades("1", "P", ModelIdentity("m", "1", "ab" * 32, "x"), "0", slices)


def _shown(study: StudyGrades) -> str:
    console = Console(width=100)
    with console.capture() as captured:
        console.print(slice_table(study, GRADING_SYSTEMS))
    return captured.get()


@pytest.mark.parametrize(
    ("given", "cell"),
    [((), "2  80%"), ((2,), "2  80%"), ((2, 3), "2  80% 2-3"), ((1, 2), "2  80% 1-2?")],
)
def test_a_cell_shows_the_set_and_whether_to_ask(given: tuple[int, ...], cell: str) -> None:
    text = _shown(_study(given))
    assert f"│ {cell} " in text
    assert ("? = review needed" in " ".join(text.split())) == cell.endswith("?")


def test_a_line_counts_the_slices_to_ask_about() -> None:
    line = study_line("A", _study((1, 2), (2,), (0, 1, 2)), GRADING_SYSTEMS)
    assert line == "A: 3 slices, worst LDH 2; review needed: 2 slices"
    assert study_line("A", _study((1, 2)), GRADING_SYSTEMS).endswith("needed: 1 slice")
    assert study_line("A", _study((2,), ()), GRADING_SYSTEMS) == "A: 2 slices, worst LDH 2"
