"""Real slices beside simulated ones: shapes by level, greys, scan, and "told apart" by region.

Drawn outlines are of the same network on both sides, so that its errors are on both; what was
traced by eye, and what the simulation says of itself, stand beside. A cell is the median with
the 10th and 90th of 100 slices; real patients came with a complaint, and simulated ones have
the grades that the phantom draws. Only patients of the half to tune on are looked at.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from benchmarks.real.data import LEVELS
from benchmarks.real.drawing.slices import t1_slices, t2_slices
from benchmarks.real.halves import Half
from benchmarks.real.realism import scans, shapes, tones
from benchmarks.real.realism.apart import REGIONS, told_apart
from benchmarks.real.realism.sets import (
    drawn_real,
    drawn_simulated,
    simulated_cohort,
    traced_real,
    true_simulated,
)
from benchmarks.real.realism.tables import Figured, figured, share_table, table, within
from benchmarks.real.sheets.grades import choose_grades, grade_sheet
from lumbargrade.errors import CohortError
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.phantom.options import CohortOptions

SEED = 43
TRACED, TRUE = "real, traced", "simulated, as it is"
REAL_T1, REAL_T2 = "real T1, drawn", "real T2, drawn"
SIMULATED_T1, SIMULATED_T2 = "simulated T1, drawn", "simulated T2, drawn"
PAIRS = ((REAL_T1, SIMULATED_T1), (REAL_T2, SIMULATED_T2))
SHARES = tuple(tones.SHARES.values())
PICTURE = tuple(one for one in (*tones.TITLES, *scans.TITLES) if one not in SHARES)
LEVELLED = (tones.BRIGHT_RUN,)
"""Figures of the picture that are given by level too."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this meter."""
    parser.add_argument("--cohort", type=Path, help="simulated T2 patients; default: made now")
    parser.add_argument("--t1-cohort", type=Path, help="simulated T1 patients; default: made now")
    parser.add_argument("--patients", type=int, default=20, help="to simulate of each contrast")
    parser.add_argument("--workers", type=int, default=1, help="processes that simulate")
    parser.add_argument("--sheet", type=Path, help="also draw simulated slices of every grade")
    parser.add_argument("--table", type=Path, help="also write the tables to this file")


def run(options: argparse.Namespace) -> None:
    """Print the tables."""
    if options.half is not Half.TUNE:
        raise CohortError("--half report: realism is looked at on the half to tune on only")
    sets = all_sets(Engine(load_bundle(options.model)), options)
    if options.sheet is not None:
        chosen = choose_grades(sets[SIMULATED_T2].seen)
        grade_sheet({"simulated": chosen}).save(options.sheet)
    text = "\n".join(report(sets))
    print(text)
    if options.table is not None:
        options.table.write_text(text + "\n", encoding="utf-8")


def all_sets(engine: Engine, options: argparse.Namespace) -> dict[str, Figured]:
    """Read, simulate and draw every set, and take its figures."""
    folder, out = options.folder, options.out
    every = (shapes.shape_figures, tones.tone_figures, scans.scan_figures)
    found = {
        TRACED: figured(traced_real(folder), shapes.shape_figures),
        REAL_T1: figured(drawn_real(engine, folder, t1_slices(folder), out), *every),
        REAL_T2: figured(drawn_real(engine, folder, t2_slices(folder), out), *every),
    }
    with ExitStack() as stack:
        for name, given, contrast in (
            (SIMULATED_T1, options.t1_cohort, "t1"),
            (SIMULATED_T2, options.cohort, "t2"),
        ):
            made = CohortOptions(options.patients, SEED, contrast=contrast, workers=options.workers)
            cohort = stack.enter_context(simulated_cohort(given, made))
            found[name] = figured(drawn_simulated(engine, cohort), *every)
        found[TRUE] = figured(true_simulated(cohort), shapes.shape_figures)
    return found


def report(sets: Mapping[str, Figured]) -> Iterator[str]:
    """Yield the lines of the tables of all sets."""
    yield from (f"- {name}: {one.count}" for name, one in sets.items())
    yield "\nshapes, by level\n"
    shown = {k: sets[k] for k in (TRACED, REAL_T1, SIMULATED_T1, SIMULATED_T2, TRUE)}
    yield from table(shown, shapes.TITLES, LEVELS)
    yield "\ngreys (fat = 1) and scan, all levels\n"
    pictures = {k: sets[k] for k in (REAL_T1, SIMULATED_T1, REAL_T2, SIMULATED_T2)}
    yield from table(pictures, PICTURE)
    yield "\nby level\n"
    yield from table(pictures, LEVELLED, LEVELS)
    yield "\nnuclei on T2\n"
    yield from share_table({k: sets[k] for k in (REAL_T2, SIMULATED_T2)}, SHARES)
    yield "\nsimulated medians within the 10th and 90th of 100 real ones\n"
    yield from (f"- {line}" for line in within_lines(sets))
    yield "\ntold apart: area under the curve, patients that were not learned from\n"
    yield from apart_lines(sets)


def within_lines(sets: Mapping[str, Figured]) -> Iterator[str]:
    """Yield how many figures are where real ones are; the least that a better phantom raises."""
    for simulated in (SIMULATED_T1, SIMULATED_T2, TRUE):
        near, count = within(sets[REAL_T1], sets[simulated], shapes.TITLES, LEVELS)
        yield f"shapes by level, {simulated} in {REAL_T1}: {near} of {count}"
    for real, simulated in PAIRS:
        near, count = within(sets[real], sets[simulated], PICTURE)
        yield f"greys and scan, {simulated} in {real}: {near} of {count}"


def apart_lines(sets: Mapping[str, Figured]) -> Iterator[str]:
    """Yield the lines of the table of regions."""
    areas = [told_apart(sets[real].seen, sets[simulated].seen) for real, simulated in PAIRS]
    yield "| | T1 | T2 |"
    yield "|---|---|---|"
    for region in REGIONS:
        yield f"| {region} | " + " | ".join(f"{one[region]:.3f}" for one in areas) + " |"
