"""What a table and a note say of each level, and what they leave open."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.real.drawing.slices import RealSlice, t1_slices
from benchmarks.real.labels.weak import BULGE, HERNIATION, ROOT, SERIOUS, weak_labels_of

LEVELS = ("L3-L4", "L4-L5", "L5-S1")
TABLE = """patient_id,level,clinical_significance,bulge,pfirrmann
0001,L3-L4,no,none,
0001,L4-L5,serious,bulge,
0001,L5-S1,mild,mild bulge,
0002,L3-L4,,,
0002,L4-L5,,,
0002,L5-S1,,,
"""
NOTES = """patient_id,note
0001,"L4-L5: disc protrusion compressing the left nerve root. L5-S1: mild disc bulge, no root \
compression."
"""


@pytest.fixture
def slices(tmp_path: Path) -> tuple[RealSlice, ...]:
    (tmp_path / "levels.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "notes.csv").write_text(NOTES, encoding="utf-8")
    return t1_slices(tmp_path)


def test_labels_of_table_and_note(slices: tuple[RealSlice, ...], tmp_path: Path) -> None:
    found = weak_labels_of(tmp_path, slices)
    assert [one.level for one in slices] == [*LEVELS, *LEVELS]
    assert found[BULGE].tolist() == [0, 1, 1, -1, -1, -1]
    assert found[SERIOUS].tolist() == [0, 1, -1, -1, -1, -1]
    assert found[HERNIATION].tolist() == [0, 1, 0, -1, -1, -1]
    assert found[ROOT].tolist() == [0, 1, 0, -1, -1, -1]


def test_a_finding_without_a_level_leaves_the_others_open(
    slices: tuple[RealSlice, ...], tmp_path: Path
) -> None:
    text = 'patient_id,note\n0001,"Multilevel disc protrusions."\n'
    (tmp_path / "notes.csv").write_text(text, encoding="utf-8")
    assert weak_labels_of(tmp_path, slices)[HERNIATION].tolist() == [-1] * 6
