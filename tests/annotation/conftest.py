"""A cohort of small studies."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.archive.archive import write_study

from lumbargrade.cohort.imports.filling import ImportOptions
from lumbargrade.cohort.imports.run import import_cohort


@pytest.fixture(scope="session")
def graded_cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four patients named as a spreadsheet cuts them, six slices each; do not write into it."""
    folder = tmp_path_factory.mktemp("graded")
    rows = ["patient,sop,LDH,LCCS,LNRC_left,LNRC_right"]
    for number in range(1, 5):
        write_study(folder / "studies" / f"00{number}", f"ID{number}", str(number))
        rows += [f"00{number},1.2.{number}.1.{slice_},2,0,1,3" for slice_ in range(1, 7)]
    (folder / "grades.csv").write_text("\n".join(rows) + "\n", "utf-8")
    out = folder / "cohort"
    import_cohort(folder / "studies", [], folder / "grades.csv", out, ImportOptions())
    return out
