from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.serving.reading_room.viewing.grey import sixteen_bit


def test_whole_numbers_stay_what_they_are() -> None:
    pixels = np.array([[0, 1], [4095, 65535]], np.float32)
    assert sixteen_bit(pixels).tolist() == [[0, 1], [4095, 65535]]


def test_negative_numbers_move_up_together() -> None:
    assert sixteen_bit(np.array([[-1024, 0, 3071]], np.float32)).tolist() == [[0, 1024, 4095]]


@pytest.mark.parametrize("pixels", [[[0.5, 1.0, 1.5]], [[0.0, 50000.0, 100000.0]]])
def test_others_are_spread_over_all_values(pixels: list[list[float]]) -> None:
    assert sixteen_bit(np.array(pixels, np.float32)).tolist() == [[0, 32768, 65535]]


def test_a_blank_picture_stays_blank() -> None:
    assert sixteen_bit(np.full((2, 2), 0.5, np.float32)).tolist() == [[0, 0], [0, 0]]
