"""From tracing files to a run, and from a run into a bundle that draws."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.training.outlines.traced import write_tracings

from lumbargrade.errors import OutlineError, OutputError
from lumbargrade.morphometry.tracing import read_tracings
from lumbargrade.training.outlines.data import load_traced
from lumbargrade.training.outlines.fit import OutlineSettings
from lumbargrade.training.outlines.run import Tracings, joined, train_outlines
from lumbargrade.training.progress_log import NOBODY


def test_a_run_says_what_it_learned_from(tmp_path: Path) -> None:
    path = write_tracings(tmp_path / "traced")
    given = Tracings((path,), credit="drawn shapes, public domain")
    out = tmp_path / "run"
    metrics = train_outlines(given, OutlineSettings(steps=1, batch=2), out, NOBODY)
    assert metrics == json.loads((out / "metrics.json").read_text(encoding="utf-8"))
    assert (metrics["training_slices"], metrics["training_patients"]) == (2, 2)
    assert metrics["credit"] == "drawn shapes, public domain"
    assert metrics["set_aside"]["t2"]["slices"] == 1
    assert metrics["settings"]["steps"] == 1


def test_a_file_without_outlines_is_named(tmp_path: Path) -> None:
    (tmp_path / "none.json").write_text("[]", encoding="utf-8")
    with pytest.raises(OutlineError, match=r"none\.json: holds no outlines: trace at least one"):
        train_outlines(
            Tracings((tmp_path / "none.json",)), OutlineSettings(), tmp_path / "run", NOBODY
        )


def test_several_files_are_learned_from_together(tmp_path: Path) -> None:
    parts = []
    for name in ("one", "two"):
        path = write_tracings(tmp_path / name, ("A", name))
        parts.append(load_traced(read_tracings(path), [tmp_path / name], lambda done, total: None))
    both = joined(parts)
    assert both.patients.tolist() == ["A", "one", "A", "two"]
    assert len(both.outlines) == len(both.pictures) == len(both.masks) == 4
    np.testing.assert_array_equal(both.pictures[2], parts[1].pictures[0])


def test_a_bundle_without_outlines_cannot_be_started_from(
    tmp_path: Path, tiny_bundle: Path
) -> None:
    given = Tracings((write_tracings(tmp_path / "traced"),))
    settings = OutlineSettings(steps=1, start_from=str(tiny_bundle))
    with pytest.raises(OutputError, match="this bundle draws no outlines"):
        train_outlines(given, settings, tmp_path / "run", NOBODY)
