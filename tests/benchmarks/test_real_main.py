"""The command line of the meters."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.real.__main__ import METERS, main


def test_every_meter_explains_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in METERS:
        monkeypatch.setattr(sys, "argv", ["benchmarks.real", name, "--help"])
        with pytest.raises(SystemExit) as stopped:
            main()
        assert stopped.value.code == 0
        said = capsys.readouterr().out
        assert "folder" in said
        assert ("--half" in said) == (name != "folds")


def test_an_error_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    arguments = ["benchmarks.real", "folds", str(tmp_path), "--arm", "none"]
    monkeypatch.setattr(sys, "argv", arguments)
    with pytest.raises(SystemExit, match=r"^error: .*levels\.csv: cannot be read"):
        main()
