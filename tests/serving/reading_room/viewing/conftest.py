"""The simulated patient as readers see them."""

from __future__ import annotations

from pathlib import Path

import pytest

from lumbargrade.cohort.read import CohortSlice, read_cohort
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine


@pytest.fixture(scope="session")
def model() -> Engine:
    """The networks of the package."""
    return Engine(load_bundle())


@pytest.fixture(scope="session")
def known(simulated_cohort: Path) -> tuple[CohortSlice, ...]:
    """The slices of the simulated cohort."""
    return read_cohort(simulated_cohort).slices
