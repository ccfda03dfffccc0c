from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from lumbargrade.cli import phantom
from lumbargrade.errors import CohortError
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.phantom.summary import CohortSummary


def test_settings_arrive_and_prevalence_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[CohortOptions] = []

    def generate(out: Path, options: CohortOptions, progress: Any) -> CohortSummary:
        asked.append(options)
        progress(2, 2)
        slices = Counter({("LDH", 0): 6, ("LDH", 3): 2, ("LDH", None): 4, ("LCCS", 0): 12})
        return CohortSummary(out, 1, 1, slices, Counter({("LDH", 0): 2, ("LDH", 3): 1}))

    monkeypatch.setattr(phantom, "generate_cohort", generate)
    phantom.run(tmp_path, 2, 9, ["verio-3t"], "t1", 1, True, True)
    assert asked == [CohortOptions(2, 9, ("verio-3t",), "t1", True, 1, True)]
    printed = capsys.readouterr().out
    for cell in ("75.0%", "6 / 2", "25.0%", "2 / 1"):
        assert cell in printed
    assert "1 patients made, 1 found" in printed


def test_an_unknown_scanner_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match="scanner 'verio-9t' is not a preset"):
        phantom.run(tmp_path / "out", 2, 9, ["verio-9t"], "t2", 1, False, False)
    assert not (tmp_path / "out").exists()
