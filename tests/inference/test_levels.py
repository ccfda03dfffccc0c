from __future__ import annotations

from lumbargrade.grading.level import Level, LevelAssignment, LevelSource
from lumbargrade.inference.levels import assign_levels


def test_the_lowest_block_is_assumed_to_be_l5_s1() -> None:
    levels = assign_levels([0, 0, 1, 2, 3, 4, 5])
    assert [item.level for item in levels] == [
        Level.L5_S1, Level.L5_S1, Level.L4_L5, Level.L3_L4, Level.L2_L3, Level.L1_L2, None,
    ]  # fmt: skip
    assert {item.source for item in levels[:-1]} == {LevelSource.ASSUMED_LOWEST}
    assert levels[-1] == LevelAssignment(None, LevelSource.UNKNOWN, 5)


def test_one_block_has_no_order_and_no_name() -> None:
    assert assign_levels([0, 0, 0]) == (LevelAssignment(),) * 3
    assert assign_levels([None]) == (LevelAssignment(),)
    assert assign_levels([]) == ()
