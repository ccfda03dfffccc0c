"""Notes become warnings: those of the study first, those of slices once a series."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.study.conftest import axial_slice

from lumbargrade.study.intake.notes import notes_on
from lumbargrade.study.read import read_study


def test_a_note_is_told_once_a_series(study_folder: Callable[..., Path]) -> None:
    read = read_study(
        study_folder(axial_slice(1), axial_slice(2), axial_slice(3), axial_slice(1, 2))
    )
    study = replace(read, notes=("of the study",))
    first, second, third, other = (one for series in study.series for one in series.slices)
    slices = [
        replace(first, notes=("a", "b")),
        replace(second, notes=("a",)),
        third,
        replace(other, notes=("a",)),
    ]
    assert notes_on(study, slices) == (
        "of the study",
        "0000 and 1 more of its series: a",
        "0000: b",
        "0003: a",
    )
    assert notes_on(read, [third]) == ()
