"""Whether axial pictures that are mirrored against the sagittal series are told from others.

Simulated studies of all scanners, as they are and with the pictures' columns exchanged under the
same header; also after the patient has moved between the two series, where nothing should be said
of pictures that are as their header says.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.orientation.mirrored import SidesFit, sides_fit
from lumbargrade.inference.sagittal.find import find_spine, pictures_aside
from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.imaging.scanner import scanner_presets
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.study.read import read_study
from lumbargrade.study.series.select import select_axial

PATIENTS, SEED = 80, 90219
MOVES_MM: Mapping[str, tuple[float, float, float]] = {
    "not moved": (0.0, 0.0, 0.0),
    "5 mm to the left": (5.0, 0.0, 0.0),
    "10 mm to the right": (-10.0, 0.0, 0.0),
    "4 mm to the back": (0.0, 4.0, 0.0),
    "10 mm to the back": (0.0, 10.0, 0.0),
    "8 mm to the feet": (0.0, 0.0, -8.0),
    "15 mm to the left and to the head": (15.0, 0.0, 15.0),
    "6 mm to the left and to the back, 12 mm to the feet": (6.0, 6.0, -12.0),
}
"""Of the axial slices in the patient, x to the left, y to the back, z to the head."""


def run(options: argparse.Namespace) -> None:
    """Print a row a move: studies called mirrored, of those that are not and of those that are."""
    engine = Engine(load_bundle(options.model))
    found: dict[str, list[tuple[SidesFit, SidesFit]]] = {name: [] for name in MOVES_MM}
    with tempfile.TemporaryDirectory() as place:
        count = options.patients or PATIENTS
        generate_cohort(Path(place), CohortOptions(count, SEED, tuple(scanner_presets())))
        for folder in sorted(Path(place, "studies").iterdir()):
            for name, both in _fits(folder, engine):
                found[name].append(both)
    print("| patient between the series | called mirrored: as they are | mirrored | unexplained |")
    print("|---|---|---|---|")
    for name, fits in found.items():
        called = [sum(one[way].contradicts for one in fits) for way in (0, 1)]
        ratios = [(1 - one.as_said) / (1 - one.mirrored) for one, _ in fits]
        cells = [*(f"{one} of {len(fits)}" for one in called), f"at most {max(ratios):.2f}"]
        print(f"| {name} | " + " | ".join(cells) + " |")


def _fits(folder: Path, engine: Engine) -> list[tuple[str, tuple[SidesFit, SidesFit]]]:
    study = read_study(folder)
    pictures = pictures_aside(find_spine(engine, study))
    axial = [(one.geometry, one.load_pixels()) for one in select_axial(study).slices]
    fits = []
    for name, move in MOVES_MM.items():
        moved = [
            (replace(one, position_mm=tuple(np.add(one.position_mm, move))), pixels)
            for one, pixels in axial
        ]
        mirrored = [(one, pixels[:, ::-1]) for one, pixels in moved]
        fits.append((name, (sides_fit(moved, pictures), sides_fit(mirrored, pictures))))
    return fits
