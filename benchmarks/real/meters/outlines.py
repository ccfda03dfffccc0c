"""Outlines on the tracings set aside, T1 and T2 apart, beside two tracers of the same slices.

The slices go the whole way: the square is where the locator sees the canal, not where the
tracer put it. Tracings set aside are of both halves and are a set of their own: no weak label
is looked at.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.real.drawing.cache import DrawnSet, drawn_set
from benchmarks.real.drawing.places import SPACING_MM
from benchmarks.real.drawing.slices import t1_slices, t2_slices
from benchmarks.real.halves import traced
from benchmarks.real.tracings.compare import STRUCTURES, Compared, compare, shifted
from lumbargrade.grading.finding import Plane
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.morphometry.tracing import Tracing, read_tracings
from lumbargrade.training.outlines.data import is_set_aside

CONTRASTS = {"T1": "t1", "T2": "t2"}
TRACERS = "two tracers"


def run(options: argparse.Namespace) -> None:
    """Print a table of overlaps and margins, and one of the measures' errors."""
    engine = Engine(load_bundle(options.model))
    tracings = traced(options.folder)
    aside = [one for one in tracings if is_set_aside(one.patient)]
    print(f"tracings set aside: {len(aside)} slices of {len({one.patient for one in aside})}")
    columns: dict[str, list[Compared]] = {}
    for title, contrast in CONTRASTS.items():
        slices = (t1_slices if contrast == "t1" else t2_slices)(options.folder)
        drawn = drawn_set(engine, options.folder, slices, options.out)
        own = [one for one in aside if one.contrast == contrast]
        columns[title] = [against_network(one, drawn) for one in own]
        print(f"{title}: {planes_right(own, drawn)}")
    columns[TRACERS] = against_second(tracings, options.folder / "tracings" / "second.json")
    print_overlaps(columns)
    print_errors(columns)


def against_network(tracing: Tracing, drawn: DrawnSet) -> Compared:
    """Compare a tracing with what was drawn on the same slice, in the frame of the drawing."""
    row = _row(tracing, drawn)
    place = np.array(tracing.centre_px) - drawn.masks.centres[row]
    found = drawn.masks.drawn(row, tracing.contrast)
    return compare(shifted(tracing.outlines, place * SPACING_MM), found.outlines, found.masks)


def against_second(tracings: Sequence[Tracing], file: Path) -> list[Compared]:
    """Compare the slices that two have traced; both in the same frame."""
    first = {one.file: one for one in tracings}
    found = []
    for one in read_tracings(file):
        if one.file in first:
            mine = first[one.file]
            place = np.array(one.centre_px) - np.array(mine.centre_px)
            theirs = shifted(one.outlines, place * SPACING_MM)
            found.append(compare(mine.outlines, theirs, None))
    return found


def planes_right(tracings: Sequence[Tracing], drawn: DrawnSet) -> str:
    """Return on how many slices the drawn plane is the tracer's, and which it is not."""
    wrong = []
    for one in tracings:
        said = list(Plane)[int(drawn.masks.planes[_row(one, drawn)].argmax())]
        if one.plane is not None and said is not one.plane:
            wrong.append(f"{Path(one.file).stem} {one.plane} said {said}")
    known = sum(one.plane is not None for one in tracings)
    text = f"plane right on {known - len(wrong)} of {known}"
    return f"{text}; {', '.join(wrong)}" if wrong else text


def print_overlaps(columns: Mapping[str, Sequence[Compared]]) -> None:
    """Print the mean Dice (median, lowest) of each structure, and how far the margins are apart."""
    titles = [f"{name}, {len(found)} slices" for name, found in columns.items()]
    print("\n| mean Dice (median, lowest) | " + " | ".join(titles) + " |")
    print("|---" * (1 + len(columns)) + "|")
    for name in STRUCTURES:
        each = [[one.dice[name] for one in found if name in one.dice] for found in columns.values()]
        cells = [_overlap(one) if one else "-" for one in each]
        print(f"| {name} | " + " | ".join(cells) + " |")
    cells = []
    for found in columns.values():
        each_slice = [np.median(one.margin_mm) for one in found if len(one.margin_mm)]
        cells.append(f"{np.median(each_slice):.2f} ({max(each_slice):.1f})" if each_slice else "-")
    print("| margin, median mm (worst slice) | " + " | ".join(cells) + " |")


def _overlap(each: Sequence[float]) -> str:
    return f"{np.mean(each):.3f} ({np.median(each):.3f}, {min(each):.2f})"


def print_errors(columns: Mapping[str, Sequence[Compared]]) -> None:
    """Print the median error of each measure, its bias, and for areas also in percent."""
    print("\n| median error (bias; pairs) | " + " | ".join(columns) + " |")
    print("|---" * (1 + len(columns)) + "|")
    names = dict.fromkeys(
        name for found in columns.values() for one in found for name in one.measures
    )
    for name in names:
        cells = [_error(name, found) for found in columns.values()]
        print(f"| {name} | " + " | ".join(cells) + " |")


def _error(name: str, found: Sequence[Compared]) -> str:
    pairs = np.array([pair for one in found for pair in one.measures.get(name, [])])
    if not len(pairs):
        return "-"
    away = pairs[:, 1] - pairs[:, 0]
    text = f"{np.median(np.abs(away)):.2f} ({np.median(away):+.2f}; {len(pairs)})"
    if not name.endswith("_mm2"):
        return text
    share = np.abs(away) / np.maximum(pairs[:, 0], 1e-9)
    return f"{text} {np.median(share):.1%}"


def _row(tracing: Tracing, drawn: DrawnSet) -> int:
    return [one.file for one in drawn.slices].index(tracing.file)
