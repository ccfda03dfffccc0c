"""The numbers of the options of ``lumbargrade grade``."""

from __future__ import annotations

import pytest

from lumbargrade.cli.grade.said import Numbers, Said, numbers_of, parse_numbers
from lumbargrade.errors import StudyError


def test_numbers_of_an_option() -> None:
    assert parse_numbers(None, (4,), "--box", "X") is None
    assert parse_numbers("0.5", (1, 2), "--pixel-spacing", "MM") == (0.5,)
    assert parse_numbers("0.5, 0.6", (1, 2), "--pixel-spacing", "MM") == (0.5, 0.6)
    with pytest.raises(StudyError, match="--pixel-spacing '1;2' cannot be read: give MM"):
        parse_numbers("1;2", (1, 2), "--pixel-spacing", "MM")


def test_numbers_of_what_is_wanted() -> None:
    assert numbers_of(Said()) == Numbers(None, None)
    assert numbers_of(Said("1,2,3,4", "0.5")) == Numbers((1.0, 2.0, 3.0, 4.0), (0.5,))
    with pytest.raises(StudyError, match="--box '1,2' cannot be read: give X,Y,W,H in pixels"):
        numbers_of(Said(box="1,2"))
