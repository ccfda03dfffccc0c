"""What small changes of the picture change: real T2 slices beside simulated ones.

Shares of changed grades, and the median change of each measure, also in units of its error
(the median difference to a person's outlines, which the bundle names). No weak label is looked
at: the slices are in neither half.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console

from benchmarks.real.changes.change import CHANGES, Change, View, other_side, undone
from benchmarks.real.changes.read import Read, read_views
from benchmarks.real.drawing.places import canal_places, geometry_of
from benchmarks.real.drawing.slices import pictures_of, t2_slices
from lumbargrade.cli.progress import progress
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.regions import find_regions
from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.study.read import read_study
from lumbargrade.study.series.select import select_axial

SIMULATED_PATIENTS, SIMULATED_SLICES, SEED = 3, 30, 41
REAL, SIMULATED = "real", "simulated"


@dataclass(frozen=True)
class Changed:
    """A picture as it is, and as it is read after a change, undone where that can be."""

    before: Read
    after: Read


Changes = Mapping[str, Sequence[Changed]]
"""Name of a change -> every slice and direction."""


def run(options: argparse.Namespace) -> None:
    """Print two tables: grades, and measures."""
    engine = Engine(load_bundle(options.model))
    sets = {REAL: real_views(engine, options.folder), SIMULATED: simulated_views(engine)}
    counts = ", ".join(f"{len(views)} {name}" for name, views in sets.items())
    print(f"T2 slices, in neither half: {counts}")
    found = {name: changed(engine, views) for name, views in sets.items()}
    print_grades(found)
    outliner = engine.bundle.manifest.outliner
    print_measures(found, {} if outliner is None else outliner.errors)


def real_views(engine: Engine, folder: Path) -> list[View]:
    """Return the real T2 slices, each around the canal as the locator sees it."""
    pictures = pictures_of(folder, t2_slices(folder))
    places = canal_places(engine, pictures)
    return [
        View(picture.astype(np.float32), geometry_of(picture), place)
        for picture, place in zip(pictures, places, strict=True)
    ]


def simulated_views(engine: Engine) -> list[View]:
    """Return slices of simulated patients, evenly from all of them."""
    views: list[View] = []
    with tempfile.TemporaryDirectory() as folder:
        cohort = Path(folder) / "cohort"
        generate_cohort(cohort, CohortOptions(patients=SIMULATED_PATIENTS, seed=SEED, workers=1))
        for study in sorted((cohort / "studies").iterdir()):
            slices = select_axial(read_study(study)).slices
            pixels = [one.load_pixels() for one in slices]
            places = find_regions(engine, [one.geometry for one in slices], pixels)
            views += [
                View(picture, one.geometry, np.array(place.center_px))
                for picture, one, place in zip(pixels, slices, places, strict=True)
            ]
    chosen = np.linspace(0, len(views) - 1, min(SIMULATED_SLICES, len(views))).astype(int)
    return [views[one] for one in chosen]


def changed(engine: Engine, views: Sequence[View]) -> dict[str, list[Changed]]:
    """Read pictures before and after every change."""
    before = read_views(engine, views)
    found: dict[str, list[Changed]] = {}
    with progress(len(CHANGES), "changing", Console(stderr=True)) as advance:
        for number, (name, changes) in enumerate(CHANGES.items()):
            found[name] = [
                Changed(old, back(new, change))
                for change in changes
                for old, new in zip(
                    before, read_views(engine, [change.of(view) for view in views]), strict=True
                )
            ]
            advance(number + 1)
    return found


def back(read: Read, change: Change) -> Read:
    """Return what was read from a changed picture as of the picture itself."""
    grades = {
        other_side(name) if change.mirrored else name: grade for name, grade in read.grades.items()
    }
    return Read(grades, undone(read.measures, change))


def changed_share(found: Sequence[Changed], name: str) -> float:
    """Return the share of slices whose grade is another, or is there in one of the two only."""
    return float(np.mean([one.before.grades[name] != one.after.grades[name] for one in found]))


def differences(found: Sequence[Changed], name: str) -> np.ndarray:
    """Return how far a measure changed (k,), where it is known before and after."""
    pairs = np.array([(one.before.measures[name], one.after.measures[name]) for one in found])
    away = np.abs(pairs[:, 1] - pairs[:, 0])
    return np.asarray(away[np.isfinite(away)])


def print_grades(found: Mapping[str, Changes]) -> None:
    """Print the share of changed grades, real / simulated, by change and over all."""
    print("\nshare of grades that change, real / simulated\n")
    print("| | " + " | ".join([*CHANGES, "all"]) + " |")
    print("|---" * (2 + len(CHANGES)) + "|")
    for name in next(iter(found[REAL].values()))[0].before.grades:
        cells = [
            " / ".join(f"{changed_share(one, name):.3f}" for one in pair)
            for pair in _columns(found)
        ]
        print(f"| {name} | " + " | ".join(cells) + " |")


def print_measures(found: Mapping[str, Changes], errors: Mapping[str, float]) -> None:
    """Print the median change of each measure, in its unit and in units of its error."""
    print("\nmedian change of the measures, real / simulated; 90th of 100 in brackets\n")
    print("| | error | " + " | ".join([*CHANGES, "all"]) + " | all, real, in errors |")
    print("|---" * (4 + len(CHANGES)) + "|")
    for name in next(iter(found[REAL].values()))[0].before.measures:
        error = errors.get(name.removesuffix("_left").removesuffix("_right"))
        away = [[differences(one, name) for one in pair] for pair in _columns(found)]
        cells = [" / ".join(map(_spread, pair)) for pair in away]
        real = away[-1][0]
        share = f"{np.median(real) / error:.2f}" if error and len(real) else "-"
        print(f"| {name} | {error or '-'} | " + " | ".join([*cells, share]) + " |")


def _spread(away: np.ndarray) -> str:
    if not len(away):
        return "-"
    return f"{np.median(away):.2f} ({np.percentile(away, 90):.2f})"


def _columns(found: Mapping[str, Changes]) -> Iterator[list[Sequence[Changed]]]:
    """Yield real and simulated of each change, and then of all together."""
    for name in CHANGES:
        yield [found[which][name] for which in (REAL, SIMULATED)]
    yield [[one for each in found[which].values() for one in each] for which in (REAL, SIMULATED)]
