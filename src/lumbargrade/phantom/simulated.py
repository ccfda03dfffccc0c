"""What the simulation hands over: slices, their place in the patient, and the truth.

Nothing here knows how a file is written (``dicom.py``) or how a picture is made
(``simulate.py``); both speak these values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.level import Level
from lumbargrade.morphometry.outlines import Outlines
from lumbargrade.study.geometry import SliceGeometry


@dataclass(frozen=True)
class SliceTruth:
    """What is known about one axial slice.

    Attributes
    ----------
    level : the disc whose block the slice belongs to.
    disc_in_plane : whether the slice cuts the disc.
    canal_center_px : (column, row) of the centre of the spinal canal.
    grades : ``LDH``, ``LCCS``, ``LNRC_left``, ``LNRC_right``; None = missing, never 0.
    measures : continuous measurements by name, the unit at the end of the name.
    """

    level: Level
    disc_in_plane: bool
    canal_center_px: tuple[float, float]
    grades: Mapping[str, int | None]
    measures: Mapping[str, float]


@dataclass(frozen=True)
class SimulatedSlice:
    """One picture, (rows, columns) of stored values; if it is axial, truth, outlines and the box
    (x, y, width, height) that an expert would draw, in pixels.
    """

    geometry: SliceGeometry
    pixels: NDArray[np.uint16]
    truth: SliceTruth | None = None
    outlines: Outlines | None = None
    box_px: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class SimulatedSeries:
    """Slices that were acquired together.

    ``kind`` is plane and contrast, ``"axial_t2"``, ``"sagittal_t2"``, ``"axial_t1"`` or
    ``"sagittal_t1"``; also the name of the series' folder.
    """

    kind: str
    contrast: str
    plane: str
    description: str
    echo_time_ms: float
    repetition_time_ms: float
    slice_thickness_mm: float
    spacing_between_slices_mm: float
    slices: tuple[SimulatedSlice, ...]


@dataclass(frozen=True)
class DiscTruth:
    """One disc of the patient: centre in patient coordinates and its measurements.

    ``corners_mm`` (4, 3) are those of the disc space in the midline, as ``spine.tracing`` orders
    them.
    """

    level: Level
    center_mm: tuple[float, float, float]
    measures: Mapping[str, float] = field(default_factory=dict)
    corners_mm: NDArray[np.float64] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class ScannerIdentity:
    """Which simulated scanner took the study; ``external`` ones train no model."""

    name: str
    manufacturer: str
    model_name: str
    magnetic_field_strength_t: float
    external: bool


@dataclass(frozen=True)
class SimulatedStudy:
    """One simulated patient."""

    patient_id: str
    age_years: int
    sex: str
    scanner: ScannerIdentity
    series: tuple[SimulatedSeries, ...]
    discs: tuple[DiscTruth, ...]
