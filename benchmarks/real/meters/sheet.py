"""Contact sheets of 100 T1 slices with their outlines: nobody believes a table alone."""

from __future__ import annotations

import argparse

import numpy as np

from benchmarks.real.drawing.cache import drawn_set
from benchmarks.real.drawing.slices import t1_slices
from benchmarks.real.halves import half_of, note_look, traced, trained_patients
from benchmarks.real.sheets.doubts import sac_doubts
from benchmarks.real.sheets.pages import write_pages
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this meter."""
    parser.add_argument("--slices", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)


def run(options: argparse.Namespace) -> None:
    """Write the pages, and print on which slices the sac looks wrong by itself."""
    engine = Engine(load_bundle(options.model))
    drawn = drawn_set(engine, options.folder, t1_slices(options.folder), options.out)
    learned = trained_patients(traced(options.folder))
    own = [half_of(str(one), learned) is options.half for one in drawn.patients]
    print(note_look("sheet", options.half, engine.bundle))
    rows = np.random.default_rng(options.seed).permutation(np.flatnonzero(own))[: options.slices]
    folder = options.out / f"sheet-{options.half}-{engine.bundle.sha256[:12]}"
    for file in write_pages(drawn, np.sort(rows), options.folder, folder):
        print(file)
    doubts = {int(row): sac_doubts(drawn, int(row)) for row in np.flatnonzero(own)}
    print(f"sacs that cannot be right, of {len(doubts)} in this half:")
    for row, why in doubts.items():
        if why:
            print(f"  {drawn.slices[row].file}: {', '.join(why)}")
    wrong = np.array([row for row, why in doubts.items() if why], dtype=np.intp)
    for file in write_pages(drawn, wrong, options.folder, folder / "doubts"):
        print(file)
