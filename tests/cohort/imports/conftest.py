"""A study of two oblique stacks as import sees it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.archive.archive import write_study

from lumbargrade.cohort.imports.assembly import StudyDrafts
from lumbargrade.cohort.imports.studies import ReadStudy, StudySource, read_material
from lumbargrade.readings.faults import Faults


@pytest.fixture
def read_case(tmp_path: Path) -> ReadStudy:
    """Study ``case1`` of patient ``ID1``: six axial T2 slices of 48 x 40 pixels."""
    folder = write_study(tmp_path / "studies" / "case1", "ID1", "1")
    return read_material(StudySource("case1", folder))


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def drafts(read_case: ReadStudy, faults: Faults) -> StudyDrafts:
    """Nothing is known of the study yet."""
    return StudyDrafts(read_case.material, {}, faults)
