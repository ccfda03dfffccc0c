"""A model of known answers, and studies to grade with it."""

from pathlib import Path
from types import ModuleType

import pytest
from tests.inference.conftest import bundle_folder, engine, tiny

__all__ = ["bundle_folder", "engine", "study", "tiny"]


@pytest.fixture
def study(tiny: ModuleType, tmp_path: Path) -> Path:
    return Path(tiny.write_study(tmp_path / "study", [tiny.axial(n) for n in range(3)]))
