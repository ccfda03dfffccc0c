"""Axial slices of made-up spines, planned as people plan them; no pixels but a number each."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import StudyError
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import Acquisition, FloatImage, Series, Slice

SIZE_PX, PIXEL_MM = 200, 0.8
T2 = Acquisition(
    modality="MR",
    echo_time_ms=105.0,
    repetition_time_ms=3500.0,
    slice_thickness_mm=4.0,
    series_description="t2_tse_tra",
)
Point = Sequence[float] | NDArray[np.float64]
LORDOSIS_DEG = (28.0, 18.0, 3.0, -5.0, -8.0)
"""Tilt of the discs from L5/S1 up."""


def slice_at(center_mm: Point, tilt_deg: float = 0.0, name: str = "", series: str = "1.1") -> Slice:
    """A slice through ``center_mm``, tilted about the patient's left-right axis."""
    tilt = np.radians(tilt_deg)
    row, column = np.array((1.0, 0.0, 0.0)), np.array((0.0, np.cos(tilt), np.sin(tilt)))
    corner = np.asarray(center_mm) - (row + column) * PIXEL_MM * (SIZE_PX - 1) / 2
    geometry = SliceGeometry(
        _triple(corner), _triple(row), _triple(column), (PIXEL_MM, PIXEL_MM), SIZE_PX, SIZE_PX
    )
    return Slice(series, f"{series}.{name}", 1, name, geometry, T2, pixels_of(name))


def pixels_of(name: str) -> Pixels:
    """A picture of its own for each name."""
    return Pixels(float(zlib.crc32(name.encode()) % 60_000))


class Pixels:
    """Decodes to a picture of one number and a zero; equal numbers are equal pictures."""

    def __init__(self, value: float | None) -> None:
        self.value = value

    def __call__(self) -> FloatImage:
        if self.value is None:
            raise StudyError("truncated file: copy or export it again")
        return np.array([[0.0, self.value]], dtype=np.float32)


def block(
    middle_mm: Point, tilt_deg: float, name: str, count: int = 3, series: str = "1.1"
) -> list[Slice]:
    """Parallel slices 4.4 mm apart, caudal to cranial; the first is named ``name`` and 0."""
    tilt = np.radians(tilt_deg)
    normal = np.array((0.0, -np.sin(tilt), np.cos(tilt)))
    offsets = 4.4 * (np.arange(count) - (count - 1) / 2)
    return [
        slice_at(np.asarray(middle_mm) + normal * off, tilt_deg, f"{name}{n:02d}", series)
        for n, off in enumerate(offsets)
    ]


def middles(distance_mm: float = 34.0) -> list[NDArray[np.float64]]:
    """The middles of five discs along a lordotic spine, L5/S1 first, at the origin."""
    places = [np.zeros(3)]
    for lower, upper in pairwise(LORDOSIS_DEG):
        tilt = np.radians((lower + upper) / 2)
        step = distance_mm * np.array((0.0, -np.sin(tilt), np.cos(tilt)))
        places.append(places[-1] + step)
    return places


def discs(distance_mm: float = 34.0, count: int = 3, series: str = "1.1") -> list[list[Slice]]:
    """Five blocks, each angled to its disc, L5/S1 first; files a00 ... e02."""
    return [
        block(middle, tilt, name, count, series)
        for middle, tilt, name in zip(middles(distance_mm), LORDOSIS_DEG, "abcde", strict=True)
    ]


def flat(blocks: Sequence[Sequence[Slice]]) -> list[Slice]:
    """The slices of all blocks."""
    return [item for own in blocks for item in own]


def turned(item: Slice, rotation: NDArray[np.float64], shift_mm: Point) -> Slice:
    """The same slice of a patient who lies otherwise: rotated (3, 3) and shifted."""
    old = item.geometry
    geometry = replace(
        old,
        position_mm=_triple(rotation @ np.asarray(old.position_mm) + np.asarray(shift_mm)),
        row_direction=_triple(rotation @ np.asarray(old.row_direction)),
        column_direction=_triple(rotation @ np.asarray(old.column_direction)),
    )
    return replace(item, geometry=geometry)


def flipped(item: Slice) -> Slice:
    """The same slice stored with its rows from right to left: the normal points the other way."""
    old = item.geometry
    corner = old.to_patient(old.columns - 1, 0)
    row = _triple(-np.asarray(old.row_direction))
    return replace(item, geometry=replace(old, position_mm=_triple(corner), row_direction=row))


def copied(items: Sequence[Slice], series: str = "1.1", prefix: str = "z") -> list[Slice]:
    """The same pictures at the same places under new UIDs and file names."""
    return [
        replace(
            item,
            series_instance_uid=series,
            sop_instance_uid=f"9.{series}.{n}",
            source_file=f"{prefix}{n:02d}",
        )
        for n, item in enumerate(items)
    ]


def series_of(*slices: Slice) -> list[Series]:
    """The series of the slices; the number is the last part of the UID."""
    own: dict[str, list[Slice]] = {}
    for item in slices:
        own.setdefault(item.series_instance_uid, []).append(item)
    return [
        Series(uid, int(uid.rsplit(".", 1)[1]), items[0].acquisition, tuple(items))
        for uid, items in own.items()
    ]


def _triple(values: NDArray[np.float64]) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in values)
    return x, y, z
