"""Slices of a level: near the mark, at the disc, whatever says where the mark is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.evaluation.graded import graded_slice
from tests.external.world import axial, label

from lumbargrade.external.locate import AxialSlice, Basis, Locator, mark_distances
from lumbargrade.grading.finding import Cut, Plane, Side

HEIGHTS = (0.0, 4.0, 8.0, 40.0)
SLICES = [axial(f"1.{number}", z, None) for number, z in enumerate(HEIGHTS)]
RECESS = label(1, 4.0, "1.1", "RSNARECESS", Side.LEFT)


def sops(slices: tuple[AxialSlice, ...]) -> list[str]:
    return [one.sop for one in slices]


def test_the_slices_within_reach_of_the_own_mark() -> None:
    found = Locator(SLICES, [RECESS], 4.5).locate(RECESS)
    assert (sops(found.slices), found.basis) == (["1.0", "1.1", "1.2"], Basis.OWN_MARK)
    assert sops(Locator(SLICES, [RECESS], 3.0).locate(RECESS).slices) == ["1.1"]


def test_an_axial_mark_of_the_level_goes_before_coordinates() -> None:
    canal = label(1, 40.0, "sagittal")
    found = Locator(SLICES, [RECESS, canal], 3.0).locate(canal)
    assert (sops(found.slices), found.basis) == (["1.1"], Basis.OTHER_MARK)
    alone = Locator(SLICES, [canal], 3.0).locate(canal)
    assert (sops(alone.slices), alone.basis) == (["1.3"], Basis.COORDINATES)
    elsewhere = replace(RECESS, level="L1/L2")
    assert Locator(SLICES, [elsewhere], 3.0).locate(canal).basis is Basis.COORDINATES


def test_without_a_mark_the_level_of_the_cohort_counts() -> None:
    named = [replace(SLICES[0], level="L4/L5"), *SLICES[1:]]
    found = Locator(named, [], 3.0).locate(label(1))
    assert (sops(found.slices), found.basis) == (["1.0"], Basis.LEVEL)
    nothing = Locator(SLICES, [], 3.0).locate(label(1))
    assert (nothing.slices, nothing.basis) == ((), Basis.NOTHING)


def test_a_vertebral_body_is_no_slice_of_the_level_and_a_slice_nowhere_neither() -> None:
    graded = graded_slice("1.1", 3)
    bone = replace(SLICES[1], grades=replace(graded, cut=Cut(Plane.BODY, (0.0, 0.0, 1.0))))
    disc = replace(SLICES[1], grades=replace(graded, cut=Cut(Plane.DISC, (1.0, 0.0, 0.0))))
    assert Locator([bone], [], 3.0).locate(RECESS).slices == ()
    assert Locator([disc], [], 3.0).locate(RECESS).slices == (disc,)
    nowhere = replace(SLICES[1], geometry=None)
    assert Locator([nowhere], [], 3.0).locate(RECESS).slices == ()


def test_patients_are_kept_apart() -> None:
    locator = Locator(SLICES, [], 3.0)
    assert locator.knows("P")
    assert not locator.knows("Q")
    assert locator.locate(replace(RECESS, patient="Q")).slices == ()


def test_how_far_marks_of_other_series_lie_from_the_axial_one() -> None:
    by_sop = {one.sop: one for one in SLICES}
    labels = [RECESS, label(1, 7.5, "sagittal"), label(1, 1.0, level="L1/L2")]
    assert mark_distances(labels, by_sop) == pytest.approx([3.5])
