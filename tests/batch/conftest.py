"""A model of known answers, and studies to grade with it."""

from pathlib import Path
from types import ModuleType

import pytest
from tests.inference.conftest import bundle_folder, engine, tiny

__all__ = ["bundle_folder", "cohort", "engine", "tiny"]


@pytest.fixture
def cohort(tiny: ModuleType, tmp_path: Path) -> Path:
    """Studies P1 to P3; P2 holds nothing that can be read."""
    for name in ("P1", "P3"):
        tiny.write_study(tmp_path / "studies" / name, [tiny.axial(number) for number in range(2)])
    (tmp_path / "studies" / "P2").mkdir()
    (tmp_path / "studies" / "P2" / "x.dcm").write_bytes(b"no DICOM")
    return tmp_path / "studies"
