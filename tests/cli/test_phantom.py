from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from lumbargrade.cli import phantom
from lumbargrade.cli.main import app
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
    options = CohortOptions(2, 9, ("verio-3t",), "t1", True, 1, True)
    phantom.run(tmp_path, options)
    assert asked == [options]
    printed = capsys.readouterr().out
    for cell in ("75.0%", "6 / 2", "25.0%", "2 / 1"):
        assert cell in printed
    assert "1 patients made, 1 found" in printed


def test_an_unknown_scanner_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["phantom", str(tmp_path / "out"), "--scanner", "verio-9t"]
    with pytest.raises(SystemExit):
        app(arguments)
    assert "error: scanner 'verio-9t' is not a preset" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
