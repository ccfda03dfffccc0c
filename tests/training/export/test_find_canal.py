"""A locator that finds nothing is told from one that finds something."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lumbargrade.errors import OutputError
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine, Precision
from lumbargrade.inference.integrity.picture import known_picture
from lumbargrade.training.export.find_canal import check_locator


def test_what_the_packaged_locator_finds_is_counted() -> None:
    engine = Engine(load_bundle(), Precision.F32)
    drawn = known_picture(1, 128, 2.0)
    share = check_locator(engine, np.concatenate([drawn, np.zeros_like(drawn)]))
    assert share in (0.5, 1.0)  # it finds the drawn canal; what it says of nothing is its own
    assert check_locator(engine, np.zeros((0, 128, 128), np.float32)) == 0.0


def test_flat_maps_find_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    engine = Engine(load_bundle(), Precision.F32)
    monkeypatch.setattr(engine, "locate", lambda given: np.zeros((len(given), 64, 64), np.float32))
    with pytest.raises(OutputError, match=r"on none of 3 validation slices; nothing was exported"):
        check_locator(engine, np.zeros((3, 128, 128), np.float32))
