"""From files of graded discs to a run, and what it says of itself."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.training.discs.traced import write_tracings
from tests.training.sagittal.graded import discs, write_graded

from lumbargrade.errors import OutlineError
from lumbargrade.spine.tracing import read_disc_tracings, write_disc_tracings
from lumbargrade.training.outlines.run import Tracings
from lumbargrade.training.progress_log import NOBODY
from lumbargrade.training.sagittal.fit import DiscGraderSettings, load_disc_grader
from lumbargrade.training.sagittal.run import (
    GradedFiles,
    joined,
    read_graded,
    train_disc_grader,
)

SHORT = DiscGraderSettings(steps=1, batch=2)


def test_a_run_says_what_it_learned_from(tmp_path: Path) -> None:
    people = write_graded(tmp_path / "people")
    drawn = write_graded(tmp_path / "drawn", ("P1", "P2"))
    write_disc_tracings(drawn, [replace(one, simulated=True) for one in read_disc_tracings(drawn)])
    out = tmp_path / "run"
    given = GradedFiles(Tracings((people, drawn), credit="Drawn spines, public domain."))
    metrics = train_disc_grader(given, SHORT, out, NOBODY)
    assert metrics == json.loads((out / "metrics.json").read_text(encoding="utf-8"))
    assert (metrics["training_discs"], metrics["training_patients"]) == (6, 2)
    assert (metrics["simulated_discs"], metrics["simulated_patients"]) == (6, 2)
    assert metrics["credit"] == "Drawn spines, public domain."
    (scores,) = metrics["graded"].values()
    assert (scores["discs"], scores["patients"]) == (3, 1)
    assert load_disc_grader(out)[1] == metrics


def test_nobody_set_aside_is_no_score(tmp_path: Path) -> None:
    given = GradedFiles(Tracings((write_graded(tmp_path / "a", ("A",)),)))
    found = train_disc_grader(given, SHORT, tmp_path / "run", NOBODY)["graded"]
    assert found == {"PFIRRMANN": {}}


def test_all_systems_are_learned_or_those_that_are_asked_for(tmp_path: Path) -> None:
    files = Tracings((write_graded(tmp_path / "a", slips=True), write_graded(tmp_path / "b")))
    data = read_graded(GradedFiles(files), NOBODY)
    assert data.systems == ("PFIRRMANN", "SLIP")
    assert data.values.shape == (3 * 4 + 3 * 3, 2)
    metrics = train_disc_grader(GradedFiles(files), SHORT, tmp_path / "run", NOBODY)
    assert [*metrics["graded"]] == ["PFIRRMANN", "SLIP"]
    assert metrics["graded"]["SLIP"]["discs"] == 2
    assert "merged" not in metrics["graded"]["SLIP"]
    assert load_disc_grader(tmp_path / "run")[0].grades == (5, 2)
    alone = read_graded(GradedFiles(replace(files, files=files.files[:1]), ("SLIP",)), NOBODY)
    assert (alone.systems, alone.values.shape) == (("SLIP",), (6, 1))
    both = read_graded(GradedFiles(files, ("SLIP",)), NOBODY)
    assert both.values.shape == (6, 1)  # the other file has none, as simulated ones
    with pytest.raises(OutlineError, match=r"grade of MODIC \(there are grades of PFIRRMANN, SLIP"):
        read_graded(GradedFiles(files, ("SLIP", "MODIC")), NOBODY)


def test_a_file_without_grades_is_named(tmp_path: Path) -> None:
    given = GradedFiles(Tracings((write_tracings(tmp_path),)))
    with pytest.raises(OutlineError, match=r"discs\.json: no disc has a grade: add"):
        train_disc_grader(given, SHORT, tmp_path / "run", NOBODY)


def test_several_sets_are_one() -> None:
    both = joined([discs(3), discs(4)])
    assert both.values[:, 0].tolist() == [0, 1, 2, 0, 1, 2, 3]
