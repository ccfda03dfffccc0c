"""What is said where the axial slices and the sagittal series contradict each other."""

from __future__ import annotations

import pytest
from tests.study.series.spines import slice_at

from lumbargrade.grading.finding import Cut, Plane
from lumbargrade.grading.level import DiscPlace, Level, LevelAssignment, LevelSource, Through
from lumbargrade.inference.levels.agreement import (
    listed,
    missed_discs,
    moved,
    other_names,
    steep_slices,
)
from lumbargrade.inference.levels.project import Beside

DISC, BONE = DiscPlace(0.0, 1.0, Through.DISC), DiscPlace(12.0, 1.0, Through.BONE)
EDGE = DiscPlace(5.0, 1.0, Through.ENDPLATE)
SHOWS_DISC = Cut(Plane.DISC, (0.9, 0.05, 0.05))
SHOWS_BODY = Cut(Plane.BODY, (0.05, 0.05, 0.9))
SHOWS_EDGE = Cut(Plane.ENDPLATE, (0.05, 0.9, 0.05))
UNSURE = Cut(Plane.DISC, (0.7, 0.2, 0.1))


def test_a_patient_who_moved_is_said() -> None:
    told = moved([(BONE, SHOWS_DISC), (BONE, SHOWS_DISC), (DISC, SHOWS_BODY), (DISC, SHOWS_DISC)])
    assert told == (
        "only 1 of 4 axial slices show disc or bone as their place on the sagittal series says: "
        "the patient may have moved between the series, so check the levels, and which slices "
        "count for them"
    )


def test_half_of_the_slices_is_enough() -> None:
    agree, differ = [(DISC, SHOWS_DISC), (BONE, SHOWS_BODY)], [(BONE, SHOWS_DISC)] * 2
    assert moved([*agree, *differ]) is None
    assert moved([*agree, *differ, *differ[:1]]) is not None


def test_three_slices_say_nothing() -> None:
    assert moved([(BONE, SHOWS_DISC)] * 3) is None
    assert moved([(BONE, SHOWS_DISC)] * 4) is not None
    assert moved([]) is None


@pytest.mark.parametrize(
    "silent",
    [(None, SHOWS_DISC), (BONE, None), (EDGE, SHOWS_BODY), (DISC, SHOWS_EDGE), (BONE, UNSURE)],
)
def test_who_is_not_sure_is_not_asked(silent: tuple[DiscPlace | None, Cut | None]) -> None:
    assert moved([(BONE, SHOWS_DISC)] * 3 + [silent] * 9) is None
    told = moved([(BONE, SHOWS_DISC)] * 4 + [silent] * 9)
    assert told is not None
    assert told.startswith("only 0 of 4 ")


def test_a_block_that_misses_every_disc_is_said() -> None:
    slices = [slice_at((0, 0, 4.0 * n), 0, f"{n}") for n in range(4)]
    bone, disc = Beside(0, BONE), Beside(1, DISC)
    assert list(missed_discs(slices, (0, 0, 1, 1), (bone, bone, bone, disc))) == [
        "the slices 0 to 1 seem planned for one disc, but by the sagittal series they run through "
        "bone: it may have missed a disc, or the patient moved; check the levels"
    ]
    assert list(missed_discs(slices, (None,) * 4, (bone,) * 4)) == []
    assert list(missed_discs(slices, (0, 1, 1, 1), (bone, disc, bone, bone))) == []
    assert list(missed_discs(slices, (0, 0, 1, 1), (None, None, disc, disc))) == []


def test_slices_askew_to_their_disc_are_named_once() -> None:
    slices = [slice_at((0, 0, 4.0 * n), 0, f"{n}") for n in range(6)]

    def at(angle_deg: float, through: Through = Through.DISC) -> Beside:
        return Beside(0, DiscPlace(0.0, angle_deg, through))

    found = (at(20.1), at(20.0), at(30, Through.BONE), None, at(45), at(0))
    assert list(steep_slices(slices, found)) == [
        "slices 0, 4 are angled by more than 20 degrees to the disc on the sagittal series and "
        "cut it obliquely: read that disc on the sagittal series, too"
    ]
    assert list(steep_slices(slices, (at(20),) * 6)) == []
    (one,) = steep_slices(slices[:1], [at(21)])
    assert one.startswith("slice 0 is angled by more than 20 degrees")


def test_the_lowest_slice_that_would_have_another_name_is_said() -> None:
    slices = [slice_at((0, 0, 4.0 * n), 0, f"{n}") for n in range(4)]

    def named(level: Level | None, place: DiscPlace | None = None) -> LevelAssignment:
        return LevelAssignment(level, LevelSource.SAGITTAL, 0, place)

    order = [named(Level.L5_S1), named(Level.L5_S1), named(Level.L4_L5), named(Level.L3_L4)]
    discs = [named(Level.L5_S1, DISC), named(Level.L4_L5, BONE)]
    assert list(other_names(slices[:2], order[:2], discs)) == []
    discs += [named(Level.L3_L4, DISC), named(Level.L2_L3, DISC)]
    assert list(other_names(slices, order, discs)) == [
        "2 shows L3/L4 by the sagittal series; counted from the axial slices alone it would be "
        "L4/L5"
    ]
    assert list(other_names(slices, [named(None)] * 4, discs)) == []


def test_long_lists_are_cut() -> None:
    slices = [slice_at((0, 0, 0), 0, name) for name in "abcde"]
    assert listed(slices[:1]) == "slice a"
    assert listed(slices[:3]) == "slices a, b, c"
    assert listed(slices) == "slices a, b, c and 2 more"
