"""The box holds what a person would draw it around, by the outlines and the truth."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lumbargrade.phantom.simulate import StudyOptions, simulate_study
from lumbargrade.phantom.simulated import SimulatedSlice
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.squares import BOX_MM


@pytest.fixture(scope="module")
def slices() -> tuple[SimulatedSlice, ...]:
    """Axial slices of a patient with much disease, without pictures."""

    def blank(
        anatomy: object, roots: object, geometry: SliceGeometry, *rest: object
    ) -> NDArray[np.uint16]:
        return np.zeros((geometry.rows, geometry.columns), dtype=np.uint16)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lumbargrade.phantom.simulate.scan_slice", blank)
        return simulate_study(5, 1, StudyOptions(severe=True)).series[1].slices


def edges_mm(item: SimulatedSlice) -> tuple[float, float, float, float]:
    """Left, right, front and back of the box, from the centre of the canal."""
    assert item.box_px is not None
    assert item.truth is not None
    x, y, width, height = item.box_px
    column, row = item.truth.canal_center_px
    between_rows, between_columns = item.geometry.pixel_spacing_mm
    return (
        (x - column) * between_columns,
        (x + width - column) * between_columns,
        (y - row) * between_rows,
        (y + height - row) * between_rows,
    )


def test_disc_and_sac_lie_inside(slices: tuple[SimulatedSlice, ...]) -> None:
    assert len(slices) >= 10
    for item in slices:
        left, right, front, back = edges_mm(item)
        assert item.outlines is not None
        for line in (item.outlines.disc, item.outlines.sac):
            assert line is not None
            assert line[:, 0].min() >= left - 1.5
            assert line[:, 0].max() <= right + 1.5
            assert line[:, 1].min() >= front - 1.5
            assert line[:, 1].max() <= back + 1.5


def test_it_ends_behind_the_canal_and_has_a_plausible_size(
    slices: tuple[SimulatedSlice, ...],
) -> None:
    for item in slices:
        left, right, _, back = edges_mm(item)
        assert 10 < back < 35  # lamina, and not the tip of the spinous process
        assert left < -15
        assert right > 15
        assert item.box_px is not None
        size = np.array(item.box_px[2:]) * item.geometry.pixel_spacing_mm[::-1]
        assert BOX_MM[0] < size.min()
        assert size.max() < BOX_MM[1]


def test_it_stays_on_the_slice(slices: tuple[SimulatedSlice, ...]) -> None:
    for item in slices:
        assert item.box_px is not None
        x, y, width, height = item.box_px
        assert min(x, y) >= -0.5
        assert x + width <= item.geometry.columns - 0.5
        assert y + height <= item.geometry.rows - 0.5
