from pathlib import Path

import pytest

from lumbargrade.cli import bend
from lumbargrade.phantom.bending.show import ShowOptions


def test_bends_are_written_and_counted(
    simulated_cohort: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bend.run(simulated_cohort, tmp_path / "out", None, ShowOptions(slices=3, bends=1))
    assert "bends in" in capsys.readouterr().out
    assert (tmp_path / "out" / "sheet-01.png").is_file()
