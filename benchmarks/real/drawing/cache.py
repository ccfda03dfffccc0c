"""Masks and measures of all slices of a set, made once an outline network.

The masks depend on the locator and the outline network alone, so that bundles which share them
share the masks. The table of measures is made of them again whenever the
formulas of ``lumbargrade.morphometry`` have changed.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

import lumbargrade.morphometry
from benchmarks.real.drawing.draw import Masks, Progress, draw_pictures
from benchmarks.real.drawing.slices import RealSlice, pictures_of
from lumbargrade.cli.progress import progress
from lumbargrade.grading.finding import Plane
from lumbargrade.inference.bundle import Bundle
from lumbargrade.inference.bundle_json import LOCATOR_FILE, OUTLINER_FILE
from lumbargrade.inference.engine import Engine
from lumbargrade.morphometry.measure import measure

ABOUT = ("file", "patient", "level", "column", "row", "plane", *(f"p_{one}" for one in Plane))
"""Columns of the table before those of the measures."""


@dataclass(frozen=True)
class DrawnSet:
    """Slices, what was drawn on them, and the measures of it.

    Attributes
    ----------
    measures : name, with ``_left`` or ``_right`` where it has sides -> (n,) values, NaN where
        it is not known.
    """

    slices: tuple[RealSlice, ...]
    masks: Masks
    measures: dict[str, NDArray[np.float64]]

    @property
    def patients(self) -> NDArray[np.str_]:
        """(n,) patient of each slice."""
        return np.array([one.patient for one in self.slices])

    @property
    def levels(self) -> NDArray[np.str_]:
        """(n,) level of each slice."""
        return np.array([one.level for one in self.slices])


def drawn_set(engine: Engine, folder: Path, slices: Sequence[RealSlice], out: Path) -> DrawnSet:
    """Return slices with masks and measures from the cache in ``out``, made where it lacks them.

    All slices must be of one contrast.
    """
    key = f"{slices[0].contrast}-{drawn_by(engine.bundle)}"
    out.mkdir(parents=True, exist_ok=True)
    masks = _masks(engine, folder, slices, out / f"masks-{key}.npz")
    table = out / f"measures-{key}-{formulas()}.csv"
    if not table.exists():
        _write_table(slices, masks, table)
    return DrawnSet(tuple(slices), masks, _read_table(table))


def drawn_by(bundle: Bundle) -> str:
    """Return the hash of the networks that masks depend on."""
    files = bundle.manifest.files
    named = [f"{name} {files[name]}" for name in (LOCATOR_FILE, OUTLINER_FILE) if name in files]
    return hashlib.sha256("\n".join(named).encode()).hexdigest()[:12]


def formulas() -> str:
    """Return the hash of the formulas of ``lumbargrade.morphometry``."""
    whole, home = hashlib.sha256(), Path(lumbargrade.morphometry.__path__[0])
    for file in sorted([*home.rglob("*.py"), *home.rglob("*.toml")]):
        whole.update(file.read_bytes())
    return whole.hexdigest()[:8]


def measures_of(masks: Masks, row: int, contrast: str) -> Iterator[tuple[str, float]]:
    """Yield the name of each measure of a slice, with its side, and its value or NaN."""
    for one in measure(masks.drawn(row, contrast).outlines):
        name = one.name if one.side is None else f"{one.name}_{one.side}"
        yield name, float("nan") if one.value is None else one.value


def _masks(engine: Engine, folder: Path, slices: Sequence[RealSlice], file: Path) -> Masks:
    if not file.exists():
        with _bar("drawing") as advance:
            masks = draw_pictures(engine, pictures_of(folder, slices), advance)
        partial = file.with_suffix(".partial.npz")
        np.savez_compressed(
            partial, centres=masks.centres, layers=masks.layers, planes=masks.planes
        )
        os.replace(partial, file)
    with np.load(file, allow_pickle=False) as saved:
        return Masks(saved["centres"], saved["layers"], saved["planes"])


def _write_table(slices: Sequence[RealSlice], masks: Masks, file: Path) -> None:
    partial = file.with_suffix(".partial")
    with partial.open("w", encoding="utf-8", newline="") as stream, _bar("measuring") as advance:
        writer = csv.writer(stream)
        for row, one in enumerate(slices):
            found = dict(measures_of(masks, row, one.contrast))
            if row == 0:
                writer.writerow([*ABOUT, *found])
            column, line = (f"{value:.2f}" for value in masks.centres[row])
            planes = masks.planes[row]
            about = [one.file, one.patient, one.level, column, line]
            about += [list(Plane)[int(planes.argmax())], *(f"{value:.4f}" for value in planes)]
            values = ["" if np.isnan(value) else f"{value:.5g}" for value in found.values()]
            writer.writerow([*about, *values])
            advance(row + 1, len(slices))
    os.replace(partial, file)


def _read_table(file: Path) -> dict[str, NDArray[np.float64]]:
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = [name for name in rows[0] if name not in ABOUT]
    return {name: np.array([float(row[name] or "nan") for row in rows]) for name in names}


def _bar(label: str) -> AbstractContextManager[Progress]:
    return progress(None, label, Console(stderr=True))
