"""Who is tuned on, who is reported on, and how often the latter were looked at."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from benchmarks.real.halves import (
    LOOKED,
    Half,
    half_of,
    note_look,
    traced,
    trained_patients,
)
from lumbargrade.inference.bundle import Bundle
from lumbargrade.training.outlines.data import is_set_aside

PATIENTS = [f"P{number:04d}" for number in range(1, 576)]


def bundle_of(sha256: str) -> Bundle:
    return SimpleNamespace(sha256=sha256)  # type: ignore[return-value]


def test_about_half_are_in_each_half_and_the_name_alone_decides() -> None:
    halves = [half_of(one) for one in PATIENTS]
    assert halves == [half_of(one) for one in PATIENTS]
    assert 240 < halves.count(Half.REPORT) < 340
    known = {"P0001": Half.REPORT, "P0083": Half.TUNE, "P0170": Half.REPORT}
    assert {one: half_of(one) for one in known} == known


def test_no_traced_patient_is_trained_on_and_reported_on(real_data: Path) -> None:
    tracings = traced(real_data)
    learned = trained_patients(tracings)
    assert learned
    for one in {each.patient for each in tracings}:
        reported = half_of(one, learned) is Half.REPORT
        assert not (reported and one in learned)
        assert not reported or is_set_aside(one)


def test_a_look_at_the_half_to_report_on_is_written_down(tmp_path: Path) -> None:
    file = tmp_path / "looked.csv"
    file.write_text(LOOKED.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert "looked at 0 times" in note_look("few", Half.TUNE, bundle_of("a"), file)
    assert len(file.read_text(encoding="utf-8").splitlines()) == 1
    assert "look 1 of all, 1 of this meter" in note_look("few", Half.REPORT, bundle_of("a"), file)
    said = note_look("measures", Half.REPORT, bundle_of("b"), file)
    assert "look 2 of all, 1 of this meter" in said
    rows = file.read_text(encoding="utf-8").splitlines()
    assert [row.split(",")[1:] for row in rows[1:]] == [["few", "a"], ["measures", "b"]]
