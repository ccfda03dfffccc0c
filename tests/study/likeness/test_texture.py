"""The texture as text and as signs."""

from __future__ import annotations

import numpy as np

from lumbargrade.study.likeness.texture import GRID, is_texture, signs, texture


def test_a_bright_block_is_a_one() -> None:
    picture = np.zeros((80, 80))
    picture[:2, 2:4] = 100
    text = texture(picture)
    assert is_texture(text)
    assert not is_texture(text[1:])
    (frame,) = signs([text])
    assert frame.shape == (GRID, GRID)
    assert frame[0, 1] == 1
    assert frame.sum() == 2 - GRID**2
    assert texture(picture[:39]) == ""
