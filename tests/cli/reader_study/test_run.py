from __future__ import annotations

import math
from pathlib import Path

import pytest

from lumbargrade.cli.reader_study import run
from lumbargrade.errors import EvaluationError


def test_a_size_is_for_a_width_or_a_margin() -> None:
    found = run.wish(0.1, None, 0.0, 0.8)
    assert (found.width, math.isnan(found.margin)) == (0.1, True)
    assert run.wish(None, 0.05, 0.01, 0.9).expected == 0.01
    for width, margin in ((None, None), (0.1, 0.05), (0.0, None)):
        with pytest.raises(EvaluationError, match="size: give either --width or --margin"):
            run.wish(width, margin, 0.0, 0.8)


def test_a_margin_needs_model_and_reference(tmp_path: Path) -> None:
    wanted = run.wish(None, 0.05, 0.0, 0.8)
    source = run.Source((tmp_path / "r.csv",), "net")
    with pytest.raises(EvaluationError, match="--margin is about the model and the reference"):
        run.size(source, tmp_path / "out", "ac1", wanted)
