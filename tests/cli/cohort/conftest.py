"""Two studies, and the cohort that is imported of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.archive.archive import HIGH, LOW, save_mask, write_study
from tests.cli.calls import call


@pytest.fixture
def studies(tmp_path: Path) -> Path:
    for number in (1, 2):
        write_study(tmp_path / "studies" / f"case{number}", f"ID{number}", str(number))
    return tmp_path / "studies"


@pytest.fixture
def cohort(studies: Path, tmp_path: Path) -> Path:
    save_mask(tmp_path / "masks" / "case1.voi", LOW, {1: (10, 8, 20, 16)})
    save_mask(tmp_path / "masks" / "case2.nii", HIGH, {0: (12, 9, 15, 14)})
    (tmp_path / "grades.csv").write_text(
        "patient,sop,level,LDH,LCCS,LNRC_left,LNRC_right\n"
        "case1,1.2.1.1.2,L4/L5,2,0,1,\n"
        "case2,1.2.2.1.4,,,3,,0\n"
        "case2,1.2.2.1.1,,,,,\n",
        "utf-8",
    )
    told = call(
        *("cohort", "import", studies, "--regions", tmp_path / "masks"),
        *("--grades", tmp_path / "grades.csv", "-o", tmp_path / "cohort"),
    )
    assert "2 patients, 3 slices, 2 with a region" in told
    assert "grades: LCCS 2, LDH 1, LNRC_left 1, LNRC_right 1" in told
    return tmp_path / "cohort"
