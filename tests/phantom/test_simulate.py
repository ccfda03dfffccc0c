"""One study from a seed; the picture is left out, everything around it is real."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lumbargrade.errors import CohortError
from lumbargrade.grading.level import Level
from lumbargrade.phantom.imaging.scan import Scan
from lumbargrade.phantom.imaging.scanner import find_scanner, training_scanners
from lumbargrade.phantom.simulate import StudyOptions, simulate_study
from lumbargrade.study.geometry import SliceGeometry


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    def blank(
        anatomy: object,
        roots: object,
        geometry: SliceGeometry,
        scan: Scan,
        rng: np.random.Generator,
    ) -> NDArray[np.uint16]:
        return rng.integers(0, 9, (2, 2)).astype(np.uint16)

    monkeypatch.setattr("lumbargrade.phantom.simulate.scan_slice", blank)


def test_a_study_is_a_sagittal_and_a_graded_axial_series() -> None:
    study = simulate_study(11, 4)
    assert study.patient_id == "P00005"
    sagittal, axial = study.series
    assert (sagittal.kind, axial.kind) == ("sagittal_t2", "axial_t2")
    assert (len(sagittal.slices), len(axial.slices)) == (9, 15)
    assert all(one.truth is None for one in sagittal.slices)
    assert all(one.truth is not None for one in axial.slices)
    assert sagittal.spacing_between_slices_mm == 4.5
    assert study.scanner.name in training_scanners()


def test_the_same_seed_and_index_give_the_same_study() -> None:
    first, second = simulate_study(11, 4), simulate_study(11, 4)
    assert [s.truth for s in first.series[1].slices] == [s.truth for s in second.series[1].slices]
    for one, other in zip(first.series[1].slices, second.series[1].slices, strict=True):
        np.testing.assert_array_equal(one.pixels, other.pixels)
    assert simulate_study(11, 5).discs != first.discs


def test_discs_are_described_from_l1_to_s1() -> None:
    study = simulate_study(2, 0)
    assert [disc.level for disc in study.discs] == list(Level)
    heights = [disc.center_mm[2] for disc in study.discs]
    assert heights == sorted(heights, reverse=True)
    for disc in study.discs:
        assert 4 < disc.measures["disc_height_mm"] < 18
        assert disc.center_mm[1] < 0  # the centre lies before the back margin of L5/S1


def test_t1_has_its_own_echo_and_the_sagittal_stays_t2() -> None:
    sagittal, axial = simulate_study(2, 0, StudyOptions(contrast="t1")).series
    assert (axial.kind, axial.echo_time_ms, axial.repetition_time_ms) == ("axial_t1", 11.0, 600.0)
    assert axial.description == "T1 TSE TRA"
    assert sagittal.kind == "sagittal_t2"


def test_a_named_scanner_is_used() -> None:
    study = simulate_study(2, 0, StudyOptions(scanner="verio-3t"))
    preset = find_scanner("verio-3t")
    assert study.scanner.name == "verio-3t"
    low, high = preset.echo_time_ms
    assert low <= study.series[1].echo_time_ms <= high
    assert not study.scanner.external


def test_an_unknown_scanner_is_refused() -> None:
    with pytest.raises(CohortError, match="scanner 'magnet' is not a preset: choose one of"):
        simulate_study(2, 0, StudyOptions(scanner="magnet"))


def test_random_contrast_changes_the_axial_signals_and_not_the_truth() -> None:
    plain, drawn = simulate_study(2, 0), simulate_study(2, 0, StudyOptions(random_contrast=True))
    for one, other in zip(plain.series[1].slices, drawn.series[1].slices, strict=True):
        assert one.truth == other.truth
        assert one.geometry == other.geometry
