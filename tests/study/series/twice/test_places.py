"""One place, one slice: which one is graded, and what is said of the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.study.series.spines import (
    Pixels,
    copied,
    discs,
    flat,
    flipped,
    pixels_of,
    series_of,
    slice_at,
    turned,
)

from lumbargrade.study.model import Slice
from lumbargrade.study.series.twice.places import one_per_place


def judged(*slices: Slice) -> tuple[list[str], dict[str, str]]:
    """Return the files that are graded and, for the others, what -> reason."""
    found = one_per_place(slices, series_of(*slices))
    left = {one.what: one.reason for one in found.repeated}
    return [item.source_file for item in found.slices], left


def with_echo(item: Slice, echo_ms: float | None) -> Slice:
    return replace(item, acquisition=replace(item.acquisition, echo_time_ms=echo_ms))


def with_pixels(item: Slice, spacing_mm: float) -> Slice:
    return replace(item, geometry=replace(item.geometry, pixel_spacing_mm=(spacing_mm, spacing_mm)))


def test_a_study_without_repetition_is_kept_as_it_is() -> None:
    slices = flat(discs())
    assert judged(*slices) == ([item.source_file for item in slices], {})
    assert judged() == ([], {})


def test_copies_in_the_same_series_are_named_one_by_one() -> None:
    slices = flat(discs())
    kept, left = judged(*slices, *copied(slices))
    assert kept == [item.source_file for item in slices]
    assert left["z03 frame 1"] == "at the same place as b00, which was chosen (same pixels)"
    assert len(left) == 15


def test_copies_in_another_series_are_named_with_the_slice_that_stands_for_each() -> None:
    slices = flat(discs(series="1.2"))
    kept, left = judged(*copied(slices, "1.1"), *slices)
    assert kept == [f"z{n:02d}" for n in range(15)]
    assert left["e02 frame 1"] == "at the same place as z14, which was chosen (same pixels)"


def test_a_copy_that_is_stored_mirrored_lies_at_the_same_place() -> None:
    one = slice_at((0, 0, 0), 20, "a")
    again = replace(flipped(one), source_file="b", load_pixels=pixels_of("b"))
    kept, left = judged(one, again)
    assert kept == ["a"]
    assert list(left.values()) == [
        "at the same place as a, which was chosen (another acquisition or reconstruction)"
    ]


@pytest.mark.parametrize(("echo_ms", "graded"), [(20.0, "a"), (180.0, "a"), (100.0, "b")])
def test_of_several_echoes_the_usual_one_is_graded(echo_ms: float, graded: str) -> None:
    other_ms = 62.0 if graded == "b" else 100.0
    first = with_echo(slice_at((0, 0, 0), 0, "a"), other_ms)
    second = with_echo(replace(slice_at((0, 0, 0), 0, "b")), echo_ms)
    second = replace(second, acquisition=replace(second.acquisition, repetition_time_ms=3500.0))
    if echo_ms == 20.0:
        # Not of the same contrast: where a model takes both, each is graded.
        assert judged(first, second) == (["a", "b"], {})
        return
    kept, left = judged(first, second)
    assert kept == [graded]
    lost_ms = other_ms if graded == "b" else echo_ms
    assert list(left.values()) == [
        f"at the same place as {graded}, which was chosen (another echo, TE {lost_ms:g} ms)"
    ]


def test_of_two_reconstructions_the_finer_one_is_graded() -> None:
    fine, coarse = slice_at((0, 0, 0), 0, "b"), slice_at((0, 0, 0), 0, "a")
    coarse = with_pixels(coarse, 0.82)  # as fine
    assert judged(coarse, fine)[0] == ["a"]
    again = slice_at((-40 + 0.4 * 0.4, -40 + 0.4 * 0.4, 0), 0, "0")
    coarser = with_pixels(replace(again), 1.2)
    kept, left = judged(coarser, fine)
    assert kept == ["b"]
    assert list(left.values()) == [
        "at the same place as b, which was chosen "
        "(another reconstruction, pixels of 1.20 x 1.20 mm)"
    ]


def test_the_lower_series_number_goes_first_and_no_number_last() -> None:
    ten, nine = slice_at((0, 0, 0), 0, "a", "1.10"), slice_at((0, 0, 0), 0, "b", "1.9")
    assert judged(ten, nine)[0] == ["b"]
    series = [replace(one, series_number=None) for one in series_of(nine)]
    found = one_per_place([nine, ten], [*series, *series_of(ten)])
    assert [item.source_file for item in found.slices] == ["a"]
    assert found.stand_ins == {found.slices[0].identity}


def test_a_slice_that_can_be_decoded_stands_for_one_that_cannot() -> None:
    broken = replace(slice_at((0, 0, 0), 0, "a"), load_pixels=Pixels(None))
    blank = replace(slice_at((0, 0, 0), 0, "b"), load_pixels=Pixels(0.0))
    good = slice_at((0, 0, 0), 0, "c")
    assert judged(broken, blank, good)[0] == ["c"]
    assert judged(broken, blank)[0] == ["a"]


@pytest.mark.parametrize(
    ("apart_mm", "thickness_mm", "count"),
    [(0.9, 4.0, 1), (1.1, 4.0, 2), (0.9, None, 1), (0.24, 1.0, 1), (0.26, 1.0, 2), (1.1, 9, 2)],
)
def test_one_place_is_within_a_quarter_of_the_thickness(
    apart_mm: float, thickness_mm: float | None, count: int
) -> None:
    # In two series that overlap by half at most, so that no stack is judged as a whole.
    slices = [slice_at((0, 0, z), 0, f"a{z}") for z in (0, 9, 18, 27)]
    slices.append(slice_at((0, 0, 27 + apart_mm), 0, "b", "1.2"))
    slices += [slice_at((0, 0, z), 0, f"b{z}", "1.2") for z in (36, 45, 54)]
    slices = [
        replace(one, acquisition=replace(one.acquisition, slice_thickness_mm=thickness_mm))
        for one in slices
    ]
    assert len([name for name in judged(*slices)[0] if name in ("a27", "b")]) == count


def test_other_frames_of_reference_are_other_places_unless_all_is_the_same() -> None:
    one = slice_at((0, 0, 0), 0, "a")
    elsewhere = replace(
        one, source_file="b", frame_of_reference_uid="2", load_pixels=pixels_of("b")
    )
    assert judged(one, elsewhere) == (["a", "b"], {})
    renewed = replace(elsewhere, load_pixels=one.load_pixels)
    assert judged(one, renewed)[1] == {
        "b frame 1": "at the same place as a, which was chosen (same pixels)"
    }


def test_fields_beside_each_other_are_two_places() -> None:
    left, right = slice_at((-60, 0, 0), 0, "a"), slice_at((60, 0, 0), 0, "b")
    assert judged(left, right)[0] == ["a", "b"]


def test_one_sop_instance_uid_in_two_series_is_two_slices() -> None:
    one = slice_at((0, 0, 0), 0, "a")
    other = replace(slice_at((0, 0, 35), 0, "b", "1.2"), sop_instance_uid=one.sop_instance_uid)
    assert judged(one, other)[0] == ["a", "b"]
    again = replace(one, series_instance_uid="1.3", source_file="c")
    assert judged(one, other, again)[0] == ["a", "b"]


def test_neither_order_nor_posture_decides_what_is_graded() -> None:
    slices = [*flat(discs()), *copied(flat(discs())), *copied(flat(discs(count=5)), "1.2", "y")]
    expected = sorted(judged(*slices)[0])
    rng = np.random.default_rng(1)
    for _ in range(5):
        angle = rng.uniform(-12, 12) * np.pi / 180
        cosine, sine = np.cos(angle), np.sin(angle)
        rotation = np.array(((1, 0, 0), (0, cosine, -sine), (0, sine, cosine)))
        shift = rng.normal(0, 50, 3)
        moved = [turned(slices[int(n)], rotation, shift) for n in rng.permutation(len(slices))]
        assert sorted(judged(*moved)[0]) == expected
