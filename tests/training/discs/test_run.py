"""From files of traced discs to a run, and what it says of itself."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.training.discs.traced import write_tracings

from lumbargrade.errors import OutlineError
from lumbargrade.spine.tracing import read_disc_tracings, write_disc_tracings
from lumbargrade.training.discs.data import load_discs
from lumbargrade.training.discs.fit import FinderSettings, load_finder
from lumbargrade.training.discs.run import joined, train_finder
from lumbargrade.training.outlines.run import Tracings
from lumbargrade.training.progress_log import NOBODY


def test_a_run_says_what_it_learned_from(tmp_path: Path) -> None:
    people = write_tracings(tmp_path / "people")
    drawn = write_tracings(tmp_path / "drawn", ("P1", "P2"))
    simulated = [replace(one, simulated=True) for one in read_disc_tracings(drawn)]
    write_disc_tracings(drawn, simulated)
    given = Tracings((people, drawn), credit="Drawn spines, public domain.")
    out = tmp_path / "run"
    metrics = train_finder(given, FinderSettings(steps=1, batch=2), out, NOBODY)
    assert metrics == json.loads((out / "metrics.json").read_text(encoding="utf-8"))
    assert (metrics["training_slices"], metrics["training_patients"]) == (2, 2)
    assert (metrics["simulated_slices"], metrics["simulated_patients"]) == (2, 2)
    assert metrics["credit"] == "Drawn spines, public domain."
    assert (metrics["set_aside"]["slices"], metrics["set_aside"]["discs"]) == (1, 5)
    assert metrics["settings"]["steps"] == 1
    assert load_finder(out)[1] == metrics


def test_a_file_without_discs_is_named(tmp_path: Path) -> None:
    (tmp_path / "none.json").write_text("[]", encoding="utf-8")
    given = Tracings((tmp_path / "none.json",))
    with pytest.raises(OutlineError, match=r"none\.json: holds no discs: trace at least one slice"):
        train_finder(given, FinderSettings(), tmp_path / "run", NOBODY)
    assert not (tmp_path / "run").exists()


def test_several_files_are_learned_from_together(tmp_path: Path) -> None:
    parts = []
    for name in ("one", "two"):
        path = write_tracings(tmp_path / name, ("A", name))
        tracings = read_disc_tracings(path)
        parts.append(load_discs(tracings, [tmp_path / name], lambda done, total: None))
    both = joined(parts)
    assert both.patients.tolist() == ["A", "one", "A", "two"]
    for field in ("pictures", "corners_mm", "on_sacrum", "simulated"):
        np.testing.assert_array_equal(getattr(both, field)[2:], getattr(parts[1], field))
