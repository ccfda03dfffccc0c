"""Levels, from the head to the feet, as they are written."""

from __future__ import annotations

import pytest

from lumbargrade.grading.level import Level, LevelAssignment, LevelSource


def test_each_level_begins_where_the_one_above_ends() -> None:
    names = [str(level) for level in Level]
    assert (names[0], names[-1]) == ("L1/L2", "L5/S1")
    ends = [name.split("/") for name in names]
    assert [lower for _, lower in ends[:-1]] == [upper for upper, _ in ends[1:]]


def test_a_level_is_unknown_until_it_is_said() -> None:
    nothing = LevelAssignment()
    assert (nothing.level, nothing.source, nothing.block) == (None, LevelSource.UNKNOWN, None)


def test_an_assumed_name_says_so() -> None:
    assert "assumed" in LevelSource.STACK
    assert "assumed" not in LevelSource.TRUTH


def test_grades_of_earlier_versions_are_read() -> None:
    assert LevelSource("assumed: lowest block = L5/S1") is LevelSource.STACK
    with pytest.raises(ValueError, match="nobody"):
        LevelSource("nobody")
