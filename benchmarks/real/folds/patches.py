"""The project's own squares of the real slices, packed once for all folds."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.drawing.places import canal_places, geometry_of
from benchmarks.real.folds.parts import Part
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.study.patch import PatchSpec, extract_patch
from lumbargrade.training.recipe import InputSettings


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
    return canal_places(Engine(load_bundle()), part.pictures)
