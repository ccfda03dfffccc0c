"""An outline that a formula needs is there, or the reason says which is not."""

from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.morphometry.outlines import NotMeasured, Outlines, drawn


def test_nothing_is_drawn_at_first() -> None:
    empty = Outlines()
    assert empty.disc is None
    assert empty.facets == {}
    assert empty.roots_in_sac is None


def test_what_is_drawn_is_handed_on() -> None:
    line = np.zeros((3, 2))
    assert drawn(line, "the disc") is line
    with pytest.raises(NotMeasured, match="the disc is not outlined"):
        drawn(None, "the disc")
