"""Levels in every spelling that reports use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.grading.level import Level
from lumbargrade.reports.levels import LEVELS, find_levels, level_of

ALL = "12 23 34 45 51"


def short(text: str) -> str:
    """The levels of a text as "34 45"."""
    found = [level for one in find_levels(text) for level in one.levels]
    return " ".join(
        str(level).replace("L", "").replace("S", "").replace("/", "") for level in found
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("bulge at L4-L5 level", "45"),
        ("L4/5", "45"),
        ("l4_l5", "45"),
        ("L 4 - L 5", "45"),
        ("L4\u2013L5", "45"),
        ("L45 and L34", "45 34"),
        ("L5/S1", "51"),
        ("L5-1", "51"),
        ("notedatL4/L5levels", "45"),
        ("L3-4, L4/5 & L5-S1", "34 45 51"),
        ("L3/4, 4/5 and 5/1", "34 45 51"),
        ("L3 to S1", "34 45 51"),
        ("from L1 through L3", "12 23"),
        ("L3-L4-L5", "34 45"),
        ("L3/4 to L5/S1", "34 45 51"),
        ("S1-L5", "51"),
        ("L4 over L5", "45"),
        ("T12 to S1", ALL),
        ("L23-L3", "23"),
        ("D12/L1", ""),
        ("C4/C5 and S1/S2", ""),
        ("C5/6, T11/12 and D9-10", ""),
        ("the L5 vertebra and the S1 root", ""),
        ("hemangioma of L2&L3", ""),
        ("L5 over L5", ""),
        ("T1/T2 signal at L4", ""),
        ("on 4/5 of the days", ""),
        ("L4 - 5 mm lesion", ""),
        ("L4-5mm", ""),
    ],
)
def test_a_level_is_found(text: str, wanted: str) -> None:
    assert short(text) == wanted


def test_a_place_outside_is_a_mention_without_levels() -> None:
    (found,) = find_levels("at T11-T12 only")
    assert found.levels == ()


def test_a_cell_names_one_level() -> None:
    assert level_of("L3-L4") is Level.L3_L4
    assert level_of("L3-L5") is None
    assert level_of("middle") is None


@given(st.text(alphabet="L12345S/- ,&andtoT\u2013C0", max_size=60))
def test_levels_are_lumbar_and_in_place(text: str) -> None:
    end = 0
    for found in find_levels(text):
        assert set(found.levels) <= set(LEVELS)
        assert list(found.levels) == sorted(set(found.levels))
        assert end <= found.start < found.end <= len(text)
        end = found.end
