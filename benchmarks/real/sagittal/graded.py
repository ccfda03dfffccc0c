"""What the disc grader learns from: ``python -m benchmarks.real.sagittal.graded FOLDER OUT``.

OUT/spider.json and OUT/mendeley.json hold the discs that the packaged finder sees on real
mid-sagittal slices, with the grades of their readers: Pfirrmann's, and SPIDER's other findings.
For what ships: ``lumbargrade sagittal train OUT/spider.json COHORT/discs/*.json --pictures FOLDER
--system PFIRRMANN -o RUN``.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.real.data import read_levels
from benchmarks.real.meters.discs import boxed, found_on
from benchmarks.real.sagittal.material import spider_patient
from benchmarks.real.sagittal.spacing import FIELD_MM, plausible, spider_spacings
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.sagittal.discs import SpineDisc
from lumbargrade.spine.tracing import NAMES, DiscTracing, write_disc_tracings
from lumbargrade.training.heads import MISSING

CODE = "PFIRRMANN"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "DISCNARROWING": ("narrowing",),
    "DISCBULGING": ("bulging",),
    "DISCHERNIATION": ("herniation",),
    "ENDPLATES": ("upper_endplate", "lower_endplate"),
    "MODIC": ("modic",),
    "SLIP": ("spondylolisthesis",),
}
"""System -> columns of SPIDER's table beside Pfirrmann's; of two the greater counts."""
NEAR_MM = 12.0
"""A disc has the grade of a box whose middle is so near."""
SPACINGS_MM = (0.2, 1.5)
"""What a picture's spacing may be; what the discs say otherwise is not believed."""

Corners = NDArray[np.float64]


def mendeley(folder: Path, engine: Engine) -> Iterator[DiscTracing]:
    """Yield the slices of ``sagittal_t2``; of a patient with two, the first."""
    labels = {
        (one.patient, one.level.replace("-", "/")): one.labels[CODE] for one in read_levels(folder)
    }
    seen: set[str] = set()
    for truth in boxed(folder):
        patient = truth.file.stem[1:5]
        if patient in seen:
            continue
        seen.add(patient)
        corners, _ = _discs(engine, truth.file, truth.spacing_mm)
        grades: dict[int, Mapping[str, int]] = {}
        for name, middle in truth.middles_px.items():
            value = labels.get((patient, name), MISSING)
            apart = [
                np.linalg.norm(one.mean(axis=0) - middle) * truth.spacing_mm for one in corners
            ]
            if value != MISSING and apart and min(apart) < NEAR_MM:
                grades[int(np.argmin(apart))] = {CODE: value}
        yield _tracing(truth.file.relative_to(folder), patient, truth.spacing_mm, corners, grades)


def spider(folder: Path, engine: Engine) -> Iterator[DiscTracing]:
    """Yield the slices of SPIDER; its discs are counted from the lowest, as the finder's are."""
    labels, spacings = _gradings(folder), spider_spacings(folder)
    for file in sorted((folder / "spider" / "sagittal_t2").glob("*.png")):
        number = int(file.stem[1:])
        spacing = spacings.get(number, FIELD_MM / Image.open(file).height)
        corners, discs = _discs(engine, file, spacing)
        told = plausible(spacing, [one.mean(axis=0) for one in corners]) if corners else spacing
        if abs(told - spacing) > 1e-3 and SPACINGS_MM[0] < told < SPACINGS_MM[1]:
            spacing = told
            corners, discs = _discs(engine, file, spacing)
        grades = {}
        for place, disc in enumerate(discs):
            above = place if disc.above_sacrum is None else disc.above_sacrum
            if (number, above + 1) in labels:
                grades[place] = labels[number, above + 1]
        yield _tracing(file.relative_to(folder), spider_patient(number), spacing, corners, grades)


def _gradings(folder: Path) -> dict[tuple[int, int], dict[str, int]]:
    with (folder / "spider" / "gradings.csv").open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["pfirrmann"]]
    return {(int(row["patient"]), int(row["ivd"])): _grades_of(row) for row in rows}


def _grades_of(row: Mapping[str, str]) -> dict[str, int]:
    found = {CODE: int(row["pfirrmann"]) - 1}
    for code, columns in COLUMNS.items():
        said = [row[name] for name in columns]
        if all(said):
            found[code] = max(map(int, said))
    return found


def _discs(
    engine: Engine, file: Path, spacing_mm: float
) -> tuple[list[Corners], Sequence[SpineDisc]]:
    """Return the corners (4, 2: column, row) of the discs of a picture, and the discs."""
    _, geometry, discs = found_on(engine, file, spacing_mm)
    places = [[geometry.to_pixel(one)[:2] for one in disc.corners_mm] for disc in discs]
    return [np.array(one) for one in places], discs


def _tracing(
    file: Path,
    patient: str,
    spacing_mm: float,
    corners: Sequence[Corners],
    grades: Mapping[int, Mapping[str, int]],
) -> DiscTracing:
    names = NAMES[: len(corners)]
    return DiscTracing(
        file=file.as_posix(),
        discs=dict(zip(names, corners, strict=False)),
        sacrum_seen=True,
        patient=patient,
        pixel_spacing_mm=round(spacing_mm, 4),
        grades={names[place]: dict(own) for place, own in grades.items()},
    )


def write(folder: Path, out: Path, names: Sequence[str]) -> None:
    """Write the files of the sets called ``names``."""
    out.mkdir(parents=True, exist_ok=True)
    engine = Engine(load_bundle(), threads=1)
    for name in names:
        found = [one for one in SETS[name](folder, engine) if one.grades]
        write_disc_tracings(out / f"{name}.json", found)
        graded = sum(len(one.grades) for one in found)
        print(f"{out / name}.json: {len(found)} slices, {graded} graded discs", flush=True)


SETS = {"spider": spider, "mendeley": mendeley}


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    write(options.folder, options.out, [*SETS])


if __name__ == "__main__":
    main()
