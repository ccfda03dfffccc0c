"""The real T2 slices and SPIDER's axial reformats: what is cut, how deep the canal is.

There are no weak labels to look at and few patients: these slices are in no half.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.drawing.cache import DrawnSet, drawn_set
from benchmarks.real.drawing.draw import SAC_MM, Masks, draw_at
from benchmarks.real.drawing.places import geometry_of
from benchmarks.real.drawing.slices import t2_slices
from benchmarks.real.drawing.spider import SPACING_MM, Strip, strips
from benchmarks.real.drawing.squares import in_square
from benchmarks.real.halves import traced, trained_patients
from benchmarks.real.sheets.doubts import sac_doubts
from benchmarks.real.sheets.pages import write_pages, write_strips
from benchmarks.real.tracings.compare import THRESHOLD
from lumbargrade.grading.finding import Plane
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.bundle_json import OUTLINE_PATCH
from lumbargrade.inference.engine import Engine
from lumbargrade.morphometry.layers import LAYERS

MIDLINE_MM = 1.5
"""Half the width of the band in which the disc's margin is compared."""

Numbers = NDArray[np.float64]


def run(options: argparse.Namespace) -> None:
    """Print what is cut, SPIDER's depths, and where the sheets are."""
    engine = Engine(load_bundle(options.model))
    drawn = drawn_set(engine, options.folder, t2_slices(options.folder), options.out)
    sheets = options.out / f"sheet-t2-{engine.bundle.sha256[:12]}"
    print(f"{len(drawn.slices)} real T2 slices, in neither half")
    print_planes(drawn, options.folder)
    for row in range(len(drawn.slices)):
        for why in sac_doubts(drawn, row):
            print(f"sac that cannot be right: {drawn.slices[row].file}: {why}")
    for file in write_pages(drawn, np.arange(len(drawn.slices)), options.folder, sheets):
        print(file)
    found = strips(options.folder)
    masks = draw_strips(engine, found)
    print_strips(found, masks)
    for file in write_strips(found, masks, sheets):
        print(file)


def print_planes(drawn: DrawnSet, folder: Path) -> None:
    """Print what each slice was taken for, beside the index and the tracer."""
    tracings = traced(folder)
    learned = trained_patients(tracings)
    said = {one.file: one.plane for one in tracings}
    disc = np.array([list(Plane)[int(one.argmax())] is Plane.DISC for one in drawn.masks.planes])
    clear = np.array([bool(one.clear_disc) for one in drawn.slices])
    print(f"a disc is seen on {disc[clear].sum()} of {clear.sum()} clear disc slices")
    print("\n| slice | clear disc | tracer | drawn | p disc, endplate, body | trained on |")
    print("|---|---|---|---|---|---|")
    right = []
    for one, planes in zip(drawn.slices, drawn.masks.planes, strict=True):
        plane, tracer = list(Plane)[int(planes.argmax())], said.get(one.file)
        right.append(tracer is None or tracer is plane)
        cells = [
            Path(one.file).stem,
            {True: "yes", False: "no/uncertain", None: "?"}[one.clear_disc],
            str(tracer or "?"),
            f"{plane}" if right[-1] else f"**{plane}**",
            ", ".join(f"{value:.2f}" for value in planes),
            "yes" if one.patient in learned else "no",
        ]
        print("| " + " | ".join(cells) + " |")
    aside = np.array([one.patient not in learned for one in drawn.slices])
    kept = np.array(right)
    print(
        f"\nas the tracer said: {kept.sum()} of {len(kept)}, set aside {kept[aside].sum()} of ",
        end="",
    )
    print(aside.sum())


def draw_strips(engine: Engine, found: Sequence[Strip]) -> Masks:
    """Draw strips, each with the middle of its canal where a sac lies in a square."""
    centres = np.array([one.centre - np.array(SAC_MM) / SPACING_MM for one in found])
    return draw_at(engine, [one.picture for one in found], centres, spacing_mm=SPACING_MM)


def print_strips(found: Sequence[Strip], masks: Masks) -> None:
    """Print the depth of canal and sac and the disc's margin against SPIDER's masks."""
    names = ("canal", "sac")
    own = np.array([one.canal_ap_mm for one in found])
    print(f"\n{len(found)} reformats of SPIDER, canal by its mask {np.median(own):.1f} mm deep")
    print("| | drawn | median error, mm | bias, mm | rank correlation |")
    print("|---|---|---|---|---|")
    for name in names:
        depth = np.array([_depth(masks, row, one, name) for row, one in enumerate(found)])
        _print_row(f"{name}, largest depth", own, depth)
    ours = np.array([_drawn_margin(masks, row) for row in range(len(found))])
    theirs = np.array([_masked_margin(masks, row, one) for row, one in enumerate(found)])
    _print_row("disc margin in the midline, from the centre", theirs, ours)


def _print_row(name: str, theirs: Numbers, ours: Numbers) -> None:
    known = np.isfinite(ours) & np.isfinite(theirs)
    away = ours[known] - theirs[known]
    ranks = np.corrcoef(_ranks(ours[known]), _ranks(theirs[known]))[0, 1]
    cells = [
        f"{known.mean():.0%}",
        f"{np.median(np.abs(away)):.2f}",
        f"{np.median(away):+.2f}",
        f"{ranks:.2f}",
    ]
    print(f"| {name} | " + " | ".join(cells) + " |")


def _ranks(values: Numbers) -> Numbers:
    return np.argsort(np.argsort(values)).astype(np.float64)


def _depth(masks: Masks, row: int, strip: Strip, name: str) -> float:
    """The largest depth of a layer in the columns of the strip, in mm; NaN where it is empty."""
    layer = masks.layers[row, LAYERS.index(name)] / 255 > THRESHOLD
    width = int(0.5 * strip_width_mm(strip) / OUTLINE_PATCH.spacing_mm)
    middle = OUTLINE_PATCH.pixels // 2
    deepest = layer[:, middle - width : middle + width].sum(axis=0).max(initial=0)
    return float(deepest * OUTLINE_PATCH.spacing_mm) if deepest else float("nan")


def strip_width_mm(strip: Strip) -> float:
    """Return the width of the masked part of a strip."""
    return float((strip.disc | strip.canal).any(axis=0).sum() * SPACING_MM)


def _drawn_margin(masks: Masks, row: int) -> float:
    return back_in_midline(masks.layers[row, LAYERS.index("disc")] / 255 > THRESHOLD)


def _masked_margin(masks: Masks, row: int, strip: Strip) -> float:
    geometry = geometry_of(strip.picture, SPACING_MM)
    return back_in_midline(in_square(strip.disc, geometry, masks.centres[row]))


def back_in_midline(disc: NDArray[np.bool_]) -> float:
    """Return how far behind the centre of a square (p, p) the disc ends in the midline, in mm.

    NaN where the disc does not fill the band around the midline.
    """
    half, middle = round(MIDLINE_MM / OUTLINE_PATCH.spacing_mm), disc.shape[1] // 2
    band = disc[:, middle - half : middle + half]
    if not band.any(axis=0).all():
        return float("nan")
    last = band.shape[0] - band[::-1].argmax(axis=0)
    return float((last.mean() - middle) * OUTLINE_PATCH.spacing_mm)
