"""The project's own squares of the real slices, packed once for all folds."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.parts import SPACING_MM, Part
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.regions import find_regions
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.patch import PatchSpec, extract_patch
from lumbargrade.training.recipe import InputSettings

NEAR_MM = 20.0
"""The packaged locator was taught on T2 and misses about one T1 slice in nine: a place
farther than this from the middle of all places is taken for such a miss. The patients were
scanned one way, and no label is looked at."""


def packed_patches(part: Part, settings: InputSettings, out: Path) -> Path:
    """Return the file of (n, p, p) float16 patches; cut them where it is not there yet."""
    file = out / part.name / f"patches-{settings.size_mm:g}mm-{settings.pixels}px.npy"
    if file.exists():
        return file
    file.parent.mkdir(parents=True, exist_ok=True)
    spec = PatchSpec(settings.size_mm, settings.pixels)
    centers = canal_centers(part) if part.name == "axial" else part.centers
    patches = [
        extract_patch(
            picture.astype(np.float32), geometry_of(picture), (x, y), spec, settings.margin_px
        ).astype(np.float16)
        for picture, (x, y) in zip(part.pictures, centers, strict=True)
    ]
    partial = file.with_suffix(".partial.npy")
    np.save(partial, np.stack(patches))
    os.replace(partial, file)
    return file


def canal_centers(part: Part) -> NDArray[np.float64]:
    """Return (n, 2) where the packaged locator sees the canal, its misses put to the middle."""
    engine = Engine(load_bundle())
    found = [
        find_regions(engine, [geometry_of(picture)], [picture.astype(np.float32)])[0].center_px
        for picture in part.pictures
    ]
    return pull_in(np.array(found, dtype=np.float64), NEAR_MM / SPACING_MM)


def pull_in(places: NDArray[np.float64], reach: float) -> NDArray[np.float64]:
    """Return ``places`` (n, 2) with those farther than ``reach`` from the median put on it."""
    middle = np.median(places, axis=0)
    far = np.hypot(*(places - middle).T) > reach
    return np.where(far[:, None], middle, places)


def geometry_of(picture: NDArray[np.uint8]) -> SliceGeometry:
    """Return the geometry of a picture without a header."""
    rows, columns = picture.shape
    spacing = (SPACING_MM, SPACING_MM)
    return SliceGeometry((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), spacing, rows, columns)
