"""The intervals hold the truth as often as they say; ``benchmarks coverage`` is the long run."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.coverage import coverage

REPEATS = 150
THREE_ERRORS = 3 * np.sqrt(0.95 * 0.05 / REPEATS)


@pytest.fixture(scope="module")
def found() -> dict[str, float]:
    return coverage(REPEATS, resamples=150, patients=100)


@pytest.mark.parametrize("kind", ["clustered", "bootstrap"])
@pytest.mark.parametrize("coefficient", ["AC1", "kappa-linear", "AUC"])
def test_intervals_by_patient_cover(found: dict[str, float], coefficient: str, kind: str) -> None:
    assert abs(found[f"{coefficient} {kind}"] - 0.95) < THREE_ERRORS


@pytest.mark.parametrize("coefficient", ["AC1", "kappa-linear", "AUC"])
def test_intervals_of_independent_images_do_not(found: dict[str, float], coefficient: str) -> None:
    assert found[f"{coefficient} independent"] < 0.95 - THREE_ERRORS / 3
