from __future__ import annotations

import numpy as np
import pytest

from benchmarks.changed.engine import RememberingEngine
from lumbargrade.inference.engine import Engine


def test_slices_that_are_known_are_not_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []

    def locate(_: Engine, overviews: np.ndarray) -> np.ndarray:
        asked.append(len(overviews))
        return overviews * 2

    monkeypatch.setattr(Engine, "locate", locate)
    engine = RememberingEngine.__new__(RememberingEngine)
    known = np.arange(12, dtype=np.float32).reshape(3, 2, 2)
    engine.learn(True)
    np.testing.assert_array_equal(engine.locate(known), known * 2)
    engine.learn(False)
    other = known[[2, 0, 1]].copy()
    other[2] += 1
    np.testing.assert_array_equal(engine.locate(other), other * 2)
    np.testing.assert_array_equal(engine.locate(other), other * 2)
    assert asked == [3, 1, 1]  # what came after learning is not kept
