from __future__ import annotations

from dataclasses import replace

import pytest
from rich.console import Console

from lumbargrade.cli.grade.table import (
    disc_lines,
    note_lines,
    refusal_lines,
    slice_table,
    study_line,
)
from lumbargrade.grading.finding import (
    Cut,
    DiscGrades,
    Finding,
    Measure,
    ModelIdentity,
    NotGraded,
    Plane,
    Region,
    SliceGrades,
    StudyGrades,
    UserWord,
)
from lumbargrade.grading.level import Level, LevelAssignment, LevelSource
from lumbargrade.grading.system import GRADING_SYSTEMS, SAGITTAL_SYSTEMS

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
    assert line == "A: 3 slices, worst LDH 2; review needed: 2 slices; levels unknown"
    assert "needed: 1 slice;" in study_line("A", _study((1, 2)), GRADING_SYSTEMS)
    plain = study_line("A", _study((2,), ()), GRADING_SYSTEMS)
    assert plain == "A: 2 slices, worst LDH 2; levels unknown"


def test_a_line_says_what_the_page_says_of_the_whole_study() -> None:
    first, second = _study((2,), (2,)).slices
    first = replace(first, warnings=("low locator confidence",))
    study = replace(
        _study(),
        slices=(first, replace(second, level=LevelAssignment(Level.L4_L5, LevelSource.USER, 0))),
        warnings=("x", "y"),
        not_graded=(NotGraded("a.dcm", "sagittal, not axial"),),
        user_word=UserWord(contrast="t2", lowest_level=Level.L4_L5),
    )
    assert study_line("A", study, GRADING_SYSTEMS) == (
        "A: 2 slices, worst LDH 2; 1 not graded; 3 warnings; levels unknown, user; "
        "said by the user: contrast t2, lowest level L4/L5"
    )
    assert list(note_lines(study)) == [
        "said by the user: contrast t2, lowest level L4/L5",
        "x",
        "y",
        "slice 1: low locator confidence",
    ]
    both = replace(study, slices=(first, replace(second, warnings=first.warnings)))
    assert list(note_lines(both))[-1] == "slices 1, 2: low locator confidence"


def test_what_has_no_grade_is_a_dash() -> None:
    (item,) = _study(()).slices
    none = replace(item, findings=(Finding("LDH", None, None, (), "no disc"),))
    study = replace(_study(()), slices=(item, none))
    assert [line.split("│")[-2].strip() for line in _shown(study).splitlines() if "│" in line] == [
        "2  80%",
        "-",
    ]
    assert study_line("A", replace(study, slices=(none,)), GRADING_SYSTEMS).endswith(
        "worst LDH -; levels unknown"
    )


def test_levels_are_parted_by_a_line_and_explained() -> None:
    first, second = _study((), ()).slices
    source = LevelSource.STACK
    slices = (
        replace(first, level=LevelAssignment(Level.L5_S1, source, 0)),
        replace(second, level=LevelAssignment(Level.L4_L5, source, 1)),
    )
    shown = _shown(replace(_study(), slices=slices))
    assert shown.index("L5/S1 │") < shown.index("├") < shown.index("L4/L5 │")
    assert (
        "slices caudal to cranial; levels from stack: lowest disc assumed to be L5/S1"
        in " ".join(shown.split())
    )


def test_reasons_are_counted_the_most_frequent_first() -> None:
    listed = tuple(NotGraded(f"{n}.dcm", "a" if n == 1 else "b") for n in range(4))
    assert list(refusal_lines(replace(_study(), not_graded=listed))) == [
        "not graded: 3 x b",
        "not graded: 1 x a",
    ]


def test_a_grade_off_the_disc_is_in_doubt_and_one_against_the_outlines_needs_review() -> None:
    (item,) = _study(()).slices
    off = replace(item, findings=(replace(item.findings[0], doubts=("the disc is in doubt",)),))
    against = replace(
        item,
        findings=(replace(item.findings[0], doubts=("by its outline",)),),
        measures=(
            Measure("disc_displacement_mm", None, 0.2),
            Measure("displacement_ratio", None, 0.02),
        ),
    )
    study = replace(_study(()), slices=(item, off, against))
    cells = [line.split("│")[-2].strip() for line in _shown(study).splitlines() if "│" in line]
    assert cells == ["2  80%", "2  80%~", "2  80%?"]
    caption = " ".join(_shown(study).split())
    assert "~ = in doubt, the page says why" in caption
    assert "? = review needed" in caption
    line = study_line("A", study, GRADING_SYSTEMS)
    assert "; review needed: 1 slice; in doubt: 1 slice; " in line


def test_a_sign_that_no_cell_shows_is_not_explained() -> None:
    (item,) = _study(()).slices
    none = (Finding("LDH", None, None, (), "no disc"),)
    study = replace(
        _study(()), slices=(replace(item, findings=none, cut=Cut(Plane.BODY, (0.0, 0.1, 0.9))),)
    )
    assert "~" not in _shown(study)


def test_discs_are_told_by_the_names_of_their_grades() -> None:
    corners = ((0.0, 0.0, 0.0),) * 4
    found = (
        Finding("PFIRRMANN", None, 3, (0.0, 0.0, 0.0, 1.0, 0.0), doubts=("unsure",)),
        Finding("PFIRRMANN", None, None, reason="T1 only"),
    )
    levels = (LevelAssignment(Level.L5_S1, LevelSource.SAGITTAL), LevelAssignment())
    discs = tuple(
        DiscGrades("1", "2", 1, "s.dcm", level, corners, 0.9, (one,))
        for level, one in zip(levels, found, strict=True)
    )
    assert list(disc_lines(replace(_study(), discs=discs), SAGITTAL_SYSTEMS)) == [
        "lumbar disc degeneration (Pfirrmann): L5/S1 4~, unknown -",
        "discs are not graded: T1 only",
    ]
    assert list(disc_lines(_study(), GRADING_SYSTEMS)) == []
