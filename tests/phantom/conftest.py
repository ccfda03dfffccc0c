"""A stand-in for the simulation: right in form, empty of anatomy, and instant."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from lumbargrade.grading.level import Level
from lumbargrade.phantom.simulate import StudyOptions
from lumbargrade.phantom.simulated import (
    DiscTruth,
    ScannerIdentity,
    SimulatedSeries,
    SimulatedSlice,
    SimulatedStudy,
    SliceTruth,
)
from lumbargrade.study.geometry import SliceGeometry

ROWS, COLUMNS = 24, 32


def _slice(rng: np.random.Generator, z_mm: float, plane: str, grade: int) -> SimulatedSlice:
    axial = plane == "axial"
    tilt = np.deg2rad(12.0)
    geometry = SliceGeometry(
        position_mm=(-10.5, -4.25, z_mm) if axial else (z_mm, -60.0, 40.0),
        row_direction=(1.0, 0.0, 0.0) if axial else (0.0, 1.0, 0.0),
        column_direction=(
            (0.0, float(np.cos(tilt)), float(np.sin(tilt))) if axial else (0.0, 0.0, -1.0)
        ),
        pixel_spacing_mm=(0.625, 0.625),
        rows=ROWS,
        columns=COLUMNS,
    )
    truth = SliceTruth(
        level=Level.L4_L5,
        disc_in_plane=grade > 0,
        canal_center_px=(16.0, 12.5),
        grades={
            "LDH": grade if grade > 0 else None,
            "LCCS": grade,
            "LNRC_left": 0 if grade > 0 else None,
            "LNRC_right": grade if grade > 0 else None,
        },
        measures={"sac_area_mm2": 150.0 - 10 * grade, "gap_left_mm": float("nan")},
    )
    pixels = rng.integers(0, 4096, (ROWS, COLUMNS), dtype=np.uint16)
    return SimulatedSlice(geometry, pixels, truth if axial else None)


def make_stub_study(seed: int, index: int, options: StudyOptions) -> SimulatedStudy:
    """Two series of three slices; the first axial slice has no disc in its plane."""
    rng = np.random.default_rng([seed, index])
    series = tuple(
        SimulatedSeries(
            kind=f"{plane}_{options.contrast}",
            contrast=options.contrast,
            plane=plane,
            description=f"{options.contrast}_tse_{plane}",
            echo_time_ms=103.0,
            repetition_time_ms=4000.0,
            slice_thickness_mm=4.0,
            spacing_between_slices_mm=4.4,
            slices=tuple(_slice(rng, 4.4 * i, plane, i) for i in range(3)),
        )
        for plane in ("sagittal", "axial")
    )
    return SimulatedStudy(
        patient_id=f"stub-{index}",
        age_years=54,
        sex="F",
        scanner=ScannerIdentity(options.scanner or "stub-3t", "Maker", "Model", 3.0, False),
        series=series,
        discs=(DiscTruth(Level.L4_L5, (0.0, 1.0, 2.0), {"height_mm": 9.0}),),
    )


@pytest.fixture
def stub_simulate() -> Callable[[int, int, StudyOptions], SimulatedStudy]:
    return make_stub_study
