"""Cut, moved and mirrored copies are known; other pictures are not."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from lumbargrade.study.likeness.copies import copies, varied
from lumbargrade.study.likeness.texture import texture

CHANGES = {
    "crop 80": lambda one: one[32:-32, 32:-32],
    "crop 93": lambda one: one[11:-11, 11:-11],
    "shift": lambda one: ndimage.shift(one, (2, 2), order=0),
    "left-right": lambda one: one[:, ::-1],
    "up-down": lambda one: one[::-1],
    "turn": lambda one: one[::-1, ::-1],
    "all": lambda one: ndimage.shift(one, (3, 2))[16:-16, 16:-16][:, ::-1],
}


def picture(seed: int) -> NDArray[np.float64]:
    noise = np.random.default_rng(seed).normal(size=(320, 320))
    return np.asarray(ndimage.gaussian_filter(noise, 20))


@pytest.mark.parametrize("change", CHANGES)
def test_an_altered_copy_is_known(change: str) -> None:
    originals = [texture(picture(seed)) for seed in range(6)]
    altered = texture(CHANGES[change](picture(2)))
    found = copies([*originals, altered], np.arange(7))
    assert found.tolist() == [[2, 6]]
    assert copies([*originals, altered], np.array([0, 1, 2, 3, 4, 5, 2])).tolist() == []


def test_blank_textures_match_nothing() -> None:
    blank = texture(np.zeros((64, 64)))
    assert varied([blank]).tolist() == [False]
    assert copies([blank, blank], np.arange(2)).tolist() == []
    assert copies([], np.zeros(0, dtype=np.int64)).tolist() == []
