"""From the released form to the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.evaluation.graded import cohort_of, sixteen_slices
from tests.external.world import QUICK, adapted, write_grades

from lumbargrade.errors import EvaluationError, GradingSystemError, OutputError
from lumbargrade.evaluation.inputs import Graded
from lumbargrade.external.evaluate import CrosswalkOptions, compare_with_labels


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lumbargrade.external.evaluate.Options", lambda: QUICK)


def test_the_report_is_written_whole(tmp_path: Path) -> None:
    predictions = write_grades(tmp_path / "graded", {1: 2, 4: 1})
    told: list[tuple[int, int]] = []
    found = compare_with_labels(
        predictions,
        [adapted()],
        tmp_path / "out",
        CrosswalkOptions("rsna2024"),
        lambda done, total: told.append((done, total)),
    )
    assert found.options == QUICK
    assert (12, 12) in told
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"report.html", "report.pdf", "crosswalk.json", "compared.csv", "tables"} <= names


def test_nothing_is_written_over_what_is_read(tmp_path: Path) -> None:
    predictions = write_grades(tmp_path / "graded", {})
    with pytest.raises(GradingSystemError, match="no such file: give a TOML file"):
        compare_with_labels(predictions, [adapted()], tmp_path / "out", CrosswalkOptions("none"))
    assert not (tmp_path / "out").exists()
    with pytest.raises(OutputError, match="which is read and would be replaced"):
        compare_with_labels(predictions, [adapted()], predictions, CrosswalkOptions("rsna2024"))


def test_internal_and_external_patients_are_not_pooled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = Graded([], cohort_of(sixteen_slices()), None, None, None, ())
    monkeypatch.setattr("lumbargrade.external.evaluate.read_graded", lambda *_: both)
    with pytest.raises(EvaluationError, match="holds internal and external patients, which are"):
        compare_with_labels(tmp_path, [tmp_path], tmp_path / "out", CrosswalkOptions("rsna2024"))
    assert not (tmp_path / "out").exists()
