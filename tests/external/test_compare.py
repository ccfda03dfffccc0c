"""A label beside the worst slice of its level, merged, or the reason why not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.evaluation.graded import graded_slice
from tests.external.world import axial, label

from lumbargrade.external.compare import ComparedLabel, Reason, compare_labels, reasons
from lumbargrade.external.labels import ReferenceLabel
from lumbargrade.external.locate import AxialSlice, Locator
from lumbargrade.grading.crosswalk import load_crosswalk
from lumbargrade.grading.finding import Finding, Side

CANAL, RECESS = load_crosswalk("rsna2024").maps


def compared(one: ReferenceLabel, *slices: AxialSlice) -> ComparedLabel:
    (found,) = compare_labels(
        [one], CANAL if one.system == "RSNACANAL" else RECESS, Locator(slices, [one], 6.0)
    )
    return found


def test_the_worst_slice_counts_and_its_grade_is_merged() -> None:
    found = compared(
        label(1, 0.0),
        axial("1.1", 0.0, graded_slice("1.1", 1)),
        axial("1.2", 4.0, graded_slice("1.2", 2)),
        axial("1.3", 40.0, graded_slice("1.3", 3)),
    )
    assert (found.grade, found.merged, found.expected) == (2, 1, 2.0)
    assert found.slices == ("1.1", "1.2")
    assert found.reason is None
    assert (found.record.reference, found.record.predicted) == (1, 1)
    assert found.record.probabilities == (0.0, 1.0, 0.0)


def test_a_label_of_a_side_meets_that_side() -> None:
    graded = graded_slice("1.1", 0)
    worse = Finding("LNRC", Side.RIGHT, 3, (0.0, 0.25, 0.25, 0.5))
    findings = [worse if one.side is Side.RIGHT else one for one in graded.findings]
    slice_ = axial("1.1", 0.0, replace(graded, findings=tuple(findings)))
    left, right = (compared(label(2, 0.0, system="RSNARECESS", side=side), slice_) for side in Side)
    assert (left.grade, right.grade) == (0, 3)
    assert right.expected == pytest.approx(0.25 + 0.5 + 1.5)
    assert right.record.probabilities == (0.25, 0.25, 0.5)


def test_without_probabilities_the_grade_is_the_score() -> None:
    graded = graded_slice("1.1", 2)
    bare = tuple(replace(one, probabilities=()) for one in graded.findings)
    found = compared(label(2, 0.0), axial("1.1", 0.0, replace(graded, findings=bare)))
    assert (found.expected, found.record.probabilities) == (2.0, ())


def test_why_a_label_is_not_compared() -> None:
    there = axial("1.1", 0.0, graded_slice("1.1", 1, disc=False))
    side = {"system": "RSNARECESS", "side": Side.LEFT}
    found = [
        compared(label(None, 0.0), there),
        compared(label(1, 0.0, patient="Q"), there),
        compared(label(1), there),
        compared(label(1, 99.0), there),
        compared(label(1, 0.0, **side), there),  # type: ignore[arg-type]
        compared(label(1, 0.0), axial("1.1", 0.0, None)),
    ]
    assert [one.reason for one in found] == [*Reason, Reason.NOT_GRADED]
    assert all(one.grade is None and one.record.predicted is None for one in found)
    assert reasons(found)[Reason.NOT_GRADED] == 2
