from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.errors import StudyError
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.patch import PatchSpec
from lumbargrade.study.squares import DRAWN, FIXED_SQUARE, RegionRule, rule_from

PATCH = PatchSpec(75.0, 128)
RULE = RegionRule(DRAWN, 1.2)


def geometry(between_rows: float = 0.5, between_columns: float = 0.5) -> SliceGeometry:
    spacing = (between_rows, between_columns)
    return SliceGeometry((0, 0, 0), (1, 0, 0), (0, 1, 0), spacing, 320, 320)


def test_a_fixed_square_does_not_ask_for_the_box() -> None:
    assert FIXED_SQUARE.square(PATCH, geometry(), (0, 0, 1, 900)) == PATCH
    assert RULE.square(PATCH, geometry(), None) == PATCH


@given(
    st.floats(20, 130), st.floats(1, 130), st.floats(0.3, 1.2), st.floats(0.3, 1.2), st.booleans()
)
def test_the_longer_edge_in_mm_counts_whatever_the_pixels(
    long: float, other: float, rows: float, columns: float, upright: bool
) -> None:
    short = min(long, other)
    width, height = (short, long) if upright else (long, short)
    # A hair inside the limits, which a division and a product may leave.
    box = (3.0, 4.0, width / columns, height / rows)
    try:
        square = RULE.square(PATCH, geometry(rows, columns), box)
    except StudyError:
        assert long in (pytest.approx(20, rel=1e-9), pytest.approx(130, rel=1e-9))
        return
    assert square.size_mm == pytest.approx(1.2 * long)
    assert square.pixels == PATCH.pixels


@pytest.mark.parametrize("edge", [0.0, -60.0, 10.0, 300.0, math.nan])
def test_a_box_that_is_none_around_a_disc_is_refused(edge: float) -> None:
    with pytest.raises(StudyError, match="one around a disc and its canal is 20 to 130 mm long"):
        RULE.square(PATCH, geometry(), (10.0, 10.0, edge, edge))


def test_the_rule_of_a_bundle() -> None:
    assert rule_from({"size_mm": 75.0}, maps=True) == FIXED_SQUARE
    assert rule_from({"region": "drawn", "expand": 1.3}, maps=False) == RegionRule(DRAWN, 1.3)


@pytest.mark.parametrize(
    ("patch", "maps", "message"),
    [
        ({"region": "round"}, False, "patch has region 'round', not one of fixed, drawn"),
        ({"region": "drawn", "expand": 0}, False, r"patch has expand 0\.0, not a positive number"),
        ({"region": "drawn", "expand": "nan"}, False, "patch has expand nan"),
        ({"region": "drawn"}, True, "outlines and drawn boxes, which do not go together"),
    ],
)
def test_a_rule_that_is_none(patch: dict[str, object], maps: bool, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rule_from(patch, maps)
