"""``lumbargrade evaluate --crosswalk``: what it prints, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.calls import call, refused
from tests.evaluation.undrawn import draw_nothing
from tests.external.world import QUICK, adapted, evaluated, write_grades

from lumbargrade.cli.evaluation.crosswalk import map_lines


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lumbargrade.external.evaluate.Options", lambda: QUICK)
    draw_nothing(monkeypatch)


def test_the_merging_is_printed_with_the_figures(tmp_path: Path) -> None:
    graded = write_grades(tmp_path / "graded", {1: 3})
    told = call(
        "evaluate", graded, adapted(), "-o", tmp_path / "out", "--crosswalk", "rsna2024"
    )  # fmt: skip
    said = " ".join(told.split())
    assert "RSNACANAL / LCCS: LCCS 0, 1 -> normal or mild; 2 -> moderate; 3 -> severe." in said
    assert "AUC, severe" in said
    assert "majority class" in said
    assert "report.html" in said
    assert "…" not in told  # the table fits on a screen of 80 columns


def test_what_is_left_out_is_counted() -> None:
    lines = map_lines(evaluated().material)
    assert lines[1] == (
        "RSNACANAL / LCCS: of 25 labels not compared: 1 no disc slice near the mark."
    )


def test_other_graders_do_not_go_with_a_crosswalk(tmp_path: Path) -> None:
    graded = write_grades(tmp_path / "graded", {})
    common = ("evaluate", graded, adapted(), "-o", tmp_path / "out")
    told = refused(*common, "--crosswalk", "rsna2024", "--compare", graded)
    assert "--crosswalk cannot be combined with --compare: the set's labels are of other" in told
    told = refused(*common)
    assert "give a cohort with grades, or evaluate against its labels.csv with --crosswalk" in told
