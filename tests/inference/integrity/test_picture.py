"""The known picture is the same everywhere, and shows what a slice shows."""

from __future__ import annotations

import numpy as np

from lumbargrade.inference.integrity.picture import STEPS, known_picture
from lumbargrade.morphometry.layers import INPUT_LAYERS


def test_it_has_a_map_for_each_layer_and_survives_bytes() -> None:
    drawn = known_picture(1 + len(INPUT_LAYERS), 128, 75 / 128)
    assert drawn.shape == (6, 128, 128)
    stored = np.rint(STEPS * drawn).astype(np.uint8)
    np.testing.assert_array_equal(drawn, (stored / STEPS).astype(np.float32))
    assert (drawn.min(), drawn.max()) == (0, 1)
    assert all(0 < layer.mean() < 0.5 for layer in drawn[1:])


def test_the_sac_is_bright_and_the_disc_lies_before_it() -> None:
    drawn = known_picture(3, 128, 1.0)
    picture, disc, sac = drawn
    assert picture[sac == 1].mean() > picture[disc == 1].mean() + 0.3
    rows = np.arange(128)[:, np.newaxis]
    assert (rows * disc).sum() / disc.sum() < (rows * sac).sum() / sac.sum()


def test_the_picture_alone_is_its_first_channel() -> None:
    np.testing.assert_array_equal(known_picture(1, 64, 2.0), known_picture(6, 64, 2.0)[:1])
