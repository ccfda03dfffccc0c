"""Weak labels of levels and hints for exclusion."""

from __future__ import annotations

import pytest

from lumbargrade.grading.level import Level
from lumbargrade.reports.labels import Basis, WeakLabel, exclusion_hints, weak_labels
from lumbargrade.reports.lexicon import Kind
from lumbargrade.reports.reader import read_report


def label(text: str, level: Level = Level.L4_L5) -> WeakLabel:
    (found,) = (one for one in weak_labels(read_report(text)) if one.level is level)
    return found


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("mild bulge at L4/5", "mild"),
        ("protrusion at L4/5", "mild"),
        ("bulge at L4/5 abutting the sac", "mild"),
        ("bulge at L4/5 compressing the sac", "marked"),
        ("bulge at L4/5 mildly compressing the sac", "mild"),
        ("stenosis at L4/5", "marked"),
        ("bulge at L4/5. No compression of sac or roots.", "mild"),
        ("no bulge at L4/5", "none"),
        ("bulge at L3/4", ""),
        ("no severe stenosis at L4/5", ""),
        ("adequate spinal canal", ""),
    ],
)
def test_severity(text: str, severity: str) -> None:
    assert label(text).severity == severity


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("bulge at L4/5", Basis.STATED),
        ("no herniation", Basis.DENIED),
        ("bulge at L3/4", Basis.SILENT),
        ("", Basis.SILENT),
        ("adequate spinal canal", Basis.SILENT),
        ("multilevel bulges, noticeably at L3/4", Basis.UNNAMED),
    ],
)
def test_silence_is_told_apart_from_denial(text: str, basis: Basis) -> None:
    assert label(text).basis is basis


def test_what_is_there_wins_over_what_is_denied_everywhere() -> None:
    found = label("Left protrusion at L4/5 touching the root.\nNo herniation.\nAdequate canal.")
    assert (found.herniation, found.bulge, found.stenosis) == ("some", "", "none")
    assert (found.sac, found.root, found.side) == ("", "mild", "left")
    assert found.sentence == "Left protrusion at L4/5 touching the root"


def test_the_sentence_that_denies_is_kept() -> None:
    assert label("All is well. No disc bulge.").sentence == "No disc bulge"


def test_a_hint_is_given_once_a_sentence_and_not_if_denied() -> None:
    text = "Fusion with screws at L4/5.\nNo fracture.\nA lesion, query metastasis."
    found = exclusion_hints(read_report(text))
    assert [(one.reason, one.possible) for one in found] == [
        (Kind.SURGERY, False),
        (Kind.MALIGNANCY, True),
    ]
    assert found[0].sentence == "Fusion with screws at L4/5"
