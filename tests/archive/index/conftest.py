"""An archive of three patients, and the places of an index of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.archive.archives import write_archive

from lumbargrade.archive.index.index_paths import IndexPaths


@pytest.fixture
def places(tmp_path: Path) -> IndexPaths:
    return IndexPaths.of(tmp_path / "INDEX")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive")
