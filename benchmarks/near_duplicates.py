"""How many altered copies of a slice are known again, and how many strangers are taken for one.

``python -m benchmarks near_duplicates [FOLDER]``: slices of simulated patients, or of each folder
of PNG below FOLDER that names the patient before the first underscore. Every copy also has another
window and 8 bits. A false alarm is a pair of patients whose slices, all unaltered, are taken for
one picture: in real sets look at these, as one patient may have two names.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from lumbargrade.phantom.simulate import StudyOptions, simulate_study
from lumbargrade.study.likeness.perceptual_hash import alike, near_duplicates, picture_code

Picture = NDArray[np.generic]
SIMULATED_PATIENTS = 8
COPIES = 120
"""Slices that each kind of copy is made of; all, where there are fewer."""
FEWEST_PATIENTS = 5
HASH_DIGITS = 64
_WINDOW_PERCENTILES = (5, 97)
_SEED = 12


def run(options: argparse.Namespace) -> None:
    """Print detection by kind of copy, false alarms, and the time of comparing."""
    folder: Path | None = options.folder
    sets = simulated(options.patients or SIMULATED_PATIENTS) if folder is None else real(folder)
    for name, pictures, owners in sets:
        measure(name, pictures, owners)


def simulated(patients: int) -> Iterator[tuple[str, list[Picture], list[str]]]:
    """Yield the axial slices of simulated patients."""
    studies = [simulate_study(5, index, StudyOptions()) for index in range(patients)]
    axial = [
        (study.patient_id, item.pixels)
        for study in studies
        for series in study.series
        if series.plane == "axial"
        for item in series.slices
    ]
    yield "simulated axial", [pixels for _, pixels in axial], [name for name, _ in axial]


def real(folder: Path) -> Iterator[tuple[str, list[Picture], list[str]]]:
    """Yield the pictures of each folder below ``folder`` that holds those of some patients."""
    for below in sorted({path.parent for path in folder.rglob("*.png")}):
        if below.name.endswith("_mask"):
            continue
        paths = sorted(below.glob("*.png"))
        owners = [path.stem.partition("_")[0] for path in paths]
        if len(set(owners)) >= FEWEST_PATIENTS:
            pictures = [np.asarray(Image.open(path).convert("L")) for path in paths]
            yield str(below.relative_to(folder)), pictures, owners


def measure(name: str, pictures: list[Picture], owners: list[str]) -> None:
    """Print the table of one set."""
    codes = [picture_code(one) for one in pictures]
    coarse = sum(len(one) == HASH_DIGITS for one in codes)
    start = time.perf_counter()
    alarms = sorted(alike(codes, owners))
    wall = time.perf_counter() - start
    count = len(set(owners))
    print(f"{name}: {len(codes)} slices of {count} patients compared in {wall:.1f} s")
    print(f"  too small for a texture, so known by the hash alone: {coarse}")
    print(f"  false alarms: {len(alarms)} of {count * (count - 1) // 2} pairs {alarms[:5] or ''}")
    rng = np.random.default_rng(_SEED)
    chosen = rng.choice(len(pictures), min(COPIES, len(pictures)), replace=False)
    for kind, change in kinds(rng).items():
        altered = [picture_code(windowed(change(pictures[one]))) for one in chosen]
        found = near_duplicates(altered, codes)
        hashes = near_duplicates(
            [one[:HASH_DIGITS] for one in altered], [one[:HASH_DIGITS] for one in codes]
        )
        print(
            f"  {kind:22} known again {found.mean():6.1%}   by the hash alone {hashes.mean():6.1%}"
        )


def kinds(rng: np.random.Generator) -> Mapping[str, Callable[[Picture], Picture]]:
    """Return what may have become of a copy; shifts are in pixels of 320."""

    def shifted(picture: Picture, pixels: float) -> Picture:
        angle = rng.uniform(0, 2 * np.pi)
        step = np.array([np.sin(angle), np.cos(angle)]) * pixels * np.array(picture.shape) / 320
        return np.asarray(ndimage.shift(picture, step.round(), order=0, cval=0))

    return {
        "window and 8 bits": lambda one: one,
        **{f"crop {p} %": partial(cropped, share=p / 100) for p in (95, 90, 87, 80)},
        **{f"shift {px} px": partial(shifted, pixels=px) for px in (2, 4, 8)},
        "flip left-right": lambda one: one[:, ::-1],
        "flip up-down": lambda one: one[::-1],
        "turn by 180 degrees": lambda one: one[::-1, ::-1],
        "crop 90 %, flip, 4 px": lambda one: cropped(shifted(one, 4), 0.9)[:, ::-1],
    }


def cropped(picture: Picture, share: float) -> Picture:
    """Return the middle of a picture."""
    rows, columns = (round(size * share) for size in picture.shape)
    top, left = (picture.shape[0] - rows) // 2, (picture.shape[1] - columns) // 2
    return picture[top : top + rows, left : left + columns]


def windowed(picture: Picture) -> Picture:
    """Return the picture in 8 bits with another window."""
    low, high = np.percentile(picture.astype(np.float64), _WINDOW_PERCENTILES)
    scaled = (picture.astype(np.float64) - low) / max(float(high - low), 1e-6)
    return np.asarray(np.clip(scaled * 255, 0, 255).astype(np.uint8))
