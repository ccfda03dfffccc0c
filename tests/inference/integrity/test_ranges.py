"""Every number of ``bundle.json`` lies in its range, ends included."""

from __future__ import annotations

import math
from typing import Any

import pytest

from lumbargrade.inference.integrity.ranges import RANGES, number, whole_number


@pytest.mark.parametrize("field", RANGES)
def test_the_ends_are_in_and_what_lies_beyond_is_out(field: str) -> None:
    low, high = RANGES[field]
    assert (number(low, field), number(high, field)) == (low, high)
    beyond = (math.nextafter(low, -math.inf), math.nextafter(high, math.inf), math.nan, math.inf)
    for value in beyond:
        with pytest.raises(ValueError, match="not a number from"):
            number(value, field)


@pytest.mark.parametrize("value", ["0.5", True, None, [0.5], "x" * 10_000])
def test_what_is_no_number_is_refused_in_a_short_line(value: Any) -> None:
    with pytest.raises(ValueError, match="not a number from 0 to 1") as caught:
        number(value, "disc_threshold")
    assert len(str(caught.value)) < 100


def test_pixels_are_whole() -> None:
    assert whole_number(128, "patch.pixels") == 128
    assert whole_number(128.0, "patch.pixels") == 128
    with pytest.raises(ValueError, match=r"128\.5, which is not a whole number"):
        whole_number(128.5, "patch.pixels")
