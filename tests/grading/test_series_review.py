"""Grades that are raised nearly everywhere."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.grading.finding import Finding, Region, SliceGrades
from lumbargrade.grading.level import LevelAssignment
from lumbargrade.grading.series_review import series_review
from lumbargrade.grading.system import GRADING_SYSTEMS

REGION = Region((0, 0, 0), (0, 0), 75.0, (0, 0, 1, 1), "truth")
SURE, LIKELY = (0.0, 0.1, 0.5, 0.4), (0.0, 0.3, 0.4, 0.3)
PLAIN = (0.9, 0.1, 0.0, 0.0)


def slices_of(
    rows: Sequence[tuple[int | None, tuple[float, ...] | None]],
    system: str = "LCCS",
    series: str = "1",
) -> list[SliceGrades]:
    """One slice per row (block, probabilities); None is a slice without a grade."""
    return [
        SliceGrades(
            series,
            f"{series}.{number}",
            1,
            f"{series}/{number}.dcm",
            LevelAssignment(block=block),
            REGION,
            (
                Finding(system, None, None, (), "no disc")
                if chances is None
                else Finding(system, None, max(range(4), key=chances.__getitem__), chances),
            ),
        )
        for number, (block, chances) in enumerate(rows)
    ]


@pytest.mark.parametrize("system", ["LCCS", "LDH", "LNRC"])
@pytest.mark.parametrize("blocks", [(0, 0, 1, 1, 2, 2), (None,) * 6])
def test_a_series_raised_throughout_needs_review(
    system: str, blocks: tuple[int | None, ...]
) -> None:
    (said,) = series_review(slices_of([(one, SURE) for one in blocks], system), GRADING_SYSTEMS)
    assert said.startswith(
        f"the study needs review as a whole: {system} is graded 2 or more with confidence on "
        "6 of 6 slices, "
    )


@pytest.mark.parametrize(
    "rows",
    [
        [(block, SURE) for block in (0, 0, 1, 1, 2)],  # too few slices
        [(block, SURE) for block in (0, 0, 0, 1, 1, 1)],  # two diseased discs
        [(block, LIKELY) for block in (0, 0, 1, 1, 2, 2)],  # not sure
        [(block, SURE if block < 3 else PLAIN) for block in (0, 0, 1, 1, 2, 2, 3, 3)],  # one spared
        [(block // 2, SURE if block % 2 else None) for block in range(8)],  # half without a disc
    ],
)
def test_a_patient_needs_none(rows: list[tuple[int, tuple[float, ...] | None]]) -> None:
    assert series_review(slices_of(rows), GRADING_SYSTEMS) == ()


def test_one_series_of_a_study_is_named() -> None:
    rows = [(block, SURE) for block in (0, 0, 1, 1, 2, 2)]
    usual = slices_of([(block, PLAIN) for block, _ in rows], series="2")
    (said,) = series_review([*slices_of(rows), *usual], GRADING_SYSTEMS)
    assert said.startswith("the series of 1/0.dcm needs review as a whole: LCCS is graded 2 or")


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from([SURE, PLAIN])), max_size=20))
def test_no_series_with_a_fourth_of_its_slices_spared_needs_review(
    rows: list[tuple[int, tuple[float, ...]]],
) -> None:
    spared = [(block, PLAIN) for block, _ in rows[: len(rows) // 3 + 1]]
    assert series_review(slices_of([*rows, *spared]), GRADING_SYSTEMS) == ()
