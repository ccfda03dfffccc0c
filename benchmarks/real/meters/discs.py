"""Discs on real mid-sagittal slices: found, named, and how far off.

A slice shows its discs to the finder alone; they are named by counting from the sacrum. The
truth of the 408 slices are the middles of boxes, bottom up; a disc is found where one is marked
within 15 % of the distance to its neighbour, and named right where that one has its name. Corners
are compared on traced slices of people set aside. People whom the finder has seen are left out.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.real.folds.discs import BOTTOM_UP, lowest_discs, read_boxes
from benchmarks.real.sagittal.material import MENDELEY_PX, from_masks, traced
from benchmarks.real.sagittal.sheet import Shown, write_sheet
from benchmarks.real.sagittal.spacing import FIELD_MM
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.sagittal.discs import SpineDisc
from lumbargrade.inference.sagittal.find import discs_of_slice
from lumbargrade.inference.sagittal.merge import merged
from lumbargrade.spine.tracing import NAMES, DiscTracing
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.patch import SAGITTAL_VIEW
from lumbargrade.training.discs.scores import NEAR_SHARE
from lumbargrade.training.outlines.data import is_set_aside

MOST_SHOWN = 60


@dataclass(frozen=True, eq=False)
class Counted:
    """One disc: how near (as a share of the distance to its neighbour) the nearest marked disc
    is, and the one of its name (infinite: none).
    """

    slice: str
    name: str
    nearest: float
    named: float


@dataclass(frozen=True, eq=False)
class Truth:
    """One slice: its file, spacing and the middles (column, row) of its discs by name."""

    file: Path
    spacing_mm: float
    middles_px: dict[str, NDArray[np.float64]]


def run(options: argparse.Namespace) -> None:
    """Print what is found and named, and write a sheet of the slices with a miss."""
    engine = Engine(load_bundle(options.model))
    tracings = [*traced(options.folder), *from_masks(options.folder)]
    learned = {one.patient for one in tracings if not is_set_aside(one.patient)}
    boxes = [one for one in boxed(options.folder) if one.file.stem.partition("_")[0] not in learned]
    print(f"{len(learned)} people were learned from and are left out of what follows")
    _report(engine, "boxes, L3/L4 to L5/S1", boxes, options.out / "discs-missed.png")
    aside = [one for one in tracings if is_set_aside(one.patient)]
    own = [
        Truth(
            options.folder / one.file,
            one.pixel_spacing_mm or 1.0,
            {name: corners.mean(axis=0) for name, corners in one.discs.items()},
        )
        for one in aside
    ]
    _report(engine, "traced or masked, set aside, every disc", own, options.out / "discs-aside.png")
    _corners(engine, options.folder, aside)


def boxed(folder: Path) -> Iterator[Truth]:
    """Yield the slices with boxes of the lowest three discs."""
    for file in sorted((folder / "sagittal_t2" / "images").glob("*.png")):
        found = lowest_discs(read_boxes(folder / "sagittal_t2" / "boxes" / f"{file.stem}.txt"))
        if len(found) == len(BOTTOM_UP):
            width, height = Image.open(file).size
            middles = {
                name.replace("-", "/"): np.array([box.x * width, box.y * height]) - 0.5
                for name, box in found.items()
            }
            yield Truth(file, FIELD_MM / MENDELEY_PX, middles)


def found_on(
    engine: Engine, file: Path, spacing_mm: float
) -> tuple[NDArray[np.float32], SliceGeometry, tuple[SpineDisc, ...]]:
    """Return a picture (its front on the left), its geometry, and the discs that are found."""
    picture = np.asarray(Image.open(file).convert("L")).astype(np.float32)
    spacing = (spacing_mm, spacing_mm)
    geometry = SliceGeometry((0.0, 0.0, 0.0), *SAGITTAL_VIEW, spacing, *picture.shape)
    return picture, geometry, merged([discs_of_slice(engine, picture, geometry)]).discs


def _report(engine: Engine, what: str, truths: Sequence[Truth], sheet: Path) -> None:
    counted: list[Counted] = []
    missed: list[Shown] = []
    uncounted = 0
    for truth in truths:
        picture, geometry, discs = found_on(engine, truth.file, truth.spacing_mm)
        places = {
            number: np.array([geometry.to_pixel(corner)[:2] for corner in disc.corners_mm])
            for number, disc in enumerate(discs)
        }
        names = {
            number: "?" if disc.above_sacrum is None else NAMES[min(disc.above_sacrum, 11)]
            for number, disc in enumerate(discs)
        }
        uncounted += "?" in names.values() or not names
        own = list(_counted(truth, places, names))
        counted += own
        if any(one.named > NEAR_SHARE for one in own):
            title = f"{truth.file.stem[:18]}"
            found = [(names[number], places[number]) for number in places]
            middles = [(name, (float(x), float(y))) for name, (x, y) in truth.middles_px.items()]
            missed.append(Shown(title, picture, found, middles))
    print(f"\n{what}: {len(truths)} slices, {len(counted)} discs")
    print("| disc | discs | found | named right | median distance, % of a step |")
    print("|---|---|---|---|---|")
    for name in ["all", *dict.fromkeys(one.name for one in counted)]:
        some = [one for one in counted if name in ("all", one.name)]
        near = np.array([one.nearest for one in some])
        right = np.array([one.named for one in some]) <= NEAR_SHARE
        shares = f"{np.mean(near <= NEAR_SHARE):.1%} | {right.mean():.1%}"
        print(f"| {name} | {len(some)} | {shares} | {100 * np.median(near):.1f} |")
    print(f"sacrum not recognised: {uncounted} slices; slices with a miss: {len(missed)}")
    if missed:
        write_sheet(missed[:MOST_SHOWN], sheet)
        print(sheet)


def _counted(
    truth: Truth, places: dict[int, NDArray[np.float64]], names: dict[int, str]
) -> Iterator[Counted]:
    middles = {number: corners.mean(axis=0) for number, corners in places.items()}
    true = list(truth.middles_px.values())
    steps = [float(np.linalg.norm(b - a)) for a, b in itertools.pairwise(true)]
    step = float(np.median(steps))
    for name, middle in truth.middles_px.items():
        away = {n: float(np.linalg.norm(one - middle)) / step for n, one in middles.items()}
        own = [value for number, value in away.items() if names[number] == name]
        nearest = min(away.values(), default=np.inf)
        yield Counted(truth.file.stem, name, nearest, min(own, default=np.inf))


def _corners(engine: Engine, folder: Path, aside: Sequence[DiscTracing]) -> None:
    apart_px: list[float] = []
    apart_mm: list[float] = []
    by_eye = [one for one in aside if "space" not in one.file]
    for one in by_eye:
        spacing = one.pixel_spacing_mm or 1.0
        _, geometry, discs = found_on(engine, folder / one.file, spacing)
        places = [np.array([geometry.to_pixel(c)[:2] for c in disc.corners_mm]) for disc in discs]
        for corners in one.discs.values():
            near = min(places, key=lambda own: _apart(own, corners), default=None)
            if near is not None and _apart(near, corners) * spacing < 10:
                away = np.linalg.norm(near - corners, axis=1)
                apart_px += away.tolist()
                apart_mm += (away * spacing).tolist()
    print(
        f"\ncorners of {len(apart_px) // 4} traced discs of {len(by_eye)} slices set aside: median "
        f"{np.median(apart_px):.2f} pixels ({np.median(apart_mm):.2f} mm), 90 % within "
        f"{np.percentile(apart_px, 90):.1f} pixels"
    )


def _apart(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return float(np.linalg.norm(one.mean(axis=0) - other.mean(axis=0)))
