from __future__ import annotations

from lumbargrade.grading.finding import Side
from lumbargrade.serving.reading_room.conduct.drawing import drawing


def test_the_paper_s_grades_are_drawn_and_others_are_not() -> None:
    assert "LDH 3: beyond the line" in str(drawing("LDH", 3, None))
    assert drawing("LNRC", 1, Side.LEFT) != drawing("LNRC", 1, Side.RIGHT)
    assert drawing("LDH", 4, None) is None
    assert drawing("PFIRRMANN", 1, None) is None
