"""A model's grades on real T1 and T2 slices that it was never taught.

Against weak labels of T1 slices, within level and over all, nothing learned; the side of named
herniations; how many grades change in the mirror and under small changes; and the LDH grade of
herniations that one tracer has looked at. A star marks what a model is held to.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from benchmarks.real.changes.change import CHANGES, View
from benchmarks.real.changes.flips import MIRROR, SIDES, flips
from benchmarks.real.drawing.cache import DrawnSet, drawn_set
from benchmarks.real.drawing.grades import grade_slices, grade_views, views_of
from benchmarks.real.drawing.slices import t1_slices, t2_slices
from benchmarks.real.halves import half_of, note_look, traced, trained_patients
from benchmarks.real.labels.expected import (
    aimed_rows,
    chosen_grades,
    expected_grades,
    grade_scores,
    model_measures,
)
from benchmarks.real.labels.sides import SIGNS, named_sides, seen_sides
from benchmarks.real.labels.table import print_label, rows_of
from benchmarks.real.labels.weak import TITLES, weak_labels_of
from benchmarks.real.tracings.herniations import (
    GRADES,
    Agreement,
    Herniation,
    agreement_of,
    mean_by_patient,
    read_herniations,
)
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.statistics.format_estimates import show, signed

Floats = NDArray[np.float64]
DISPLACEMENT = "disc_displacement_mm"


@dataclass(frozen=True)
class Graded:
    """T1 slices and what a model says of them; every mapping is name -> (n,)."""

    drawn: DrawnSet
    own_half: NDArray[np.bool_]
    expected: Mapping[str, Floats]
    chosen: Mapping[str, NDArray[np.int64]]
    measures: Mapping[str, Floats]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this meter."""
    parser.add_argument("--resamples", type=int, default=2000, help="of patients")
    parser.add_argument(
        "--changed", type=int, default=60, help="T1 slices of the half that are changed a little"
    )


def run(options: argparse.Namespace) -> None:
    """Print the tables."""
    engine = Engine(load_bundle(options.model))
    found = graded(engine, options)
    print(note_look("grades", options.half, engine.bundle))
    used = set(found.drawn.patients[found.own_half].tolist())
    print(f"{found.own_half.sum()} T1 slices of {len(used)} patients; model {engine.bundle.sha256}")
    print_labels(found, options)
    print_sides(
        found, named_sides(options.folder, found.drawn.slices), "named by the note", options
    )
    print_traced(found, read_herniations(), options)
    print_flips(engine, found, options)


def graded(engine: Engine, options: argparse.Namespace) -> Graded:
    """Draw and grade all T1 slices, or take them from the cache."""
    drawn = drawn_set(engine, options.folder, t1_slices(options.folder), options.out)
    learned = trained_patients(traced(options.folder))
    own = [half_of(str(one), learned) is options.half for one in drawn.patients]
    logits = grade_slices(engine, options.folder, drawn, options.out)
    manifest = engine.bundle.manifest
    return Graded(
        drawn,
        np.array(own, dtype=bool),
        expected_grades(manifest, logits),
        chosen_grades(manifest, logits),
        model_measures(manifest, logits),
    )


def print_labels(found: Graded, options: argparse.Namespace) -> None:
    """Print a table a weak label."""
    labels = weak_labels_of(options.folder, found.drawn.slices)
    scores = grade_scores(found.expected, found.measures, found.drawn.measures)
    for name, title in TITLES.items():
        rows = rows_of(found.drawn, labels[name], found.own_half, scores)
        print_label(title, rows, options.resamples, aimed_rows(name, scores))


def print_sides(found: Graded, truth: Floats, by: str, options: argparse.Namespace) -> None:
    """Print how often each sees the right side of one-sided herniations; ``truth`` (n,)."""
    own = found.own_half & np.isfinite(truth)
    print(f"\nside of one-sided herniations {by}: {own.sum()} slices of this half\n")
    if not own.any():
        return
    print("| side seen by | sees one | right, of these | right, of all |")
    print("|---|---|---|---|")
    seen = seen_sides(found.expected, found.measures, found.drawn.measures)
    for name, values in seen.items():
        sides = np.sign(np.nan_to_num(values[own]))
        known, right = sides != 0, sides == truth[own]
        patients = found.drawn.patients[own]
        cells = [f"{known.sum()}"]
        for part in (known, np.ones_like(known)):
            if not part.any():
                cells.append("-")
                continue
            share = mean_by_patient(right[part] * 1.0, patients[part], options.resamples)
            cells.append(f"{right[part].sum()}: {show(share.estimate())}")
        print(f"| {name} | " + " | ".join(cells) + " |")


def print_traced(
    found: Graded, herniations: Sequence[Herniation], options: argparse.Namespace
) -> None:
    """Print the LDH grades of traced slices of this half, their sides and displacements."""
    rows = {one.file: row for row, one in enumerate(found.drawn.slices)}
    own = [one for one in herniations if found.own_half[rows[one.file]]]
    print(f"\nherniations traced by eye: {len(own)} slices of this half\n")
    if not own:
        return
    places = [rows[one.file] for one in own]
    both = agreement_of(own, places, found.chosen["LDH"], found.expected["LDH"])
    print("| LDH | slices | " + " | ".join(both.figures()) + " |")
    print("|---" * (2 + len(both.figures())) + "|")
    for title, which in parts_of(own).items():
        print_part(title, both.where(which), options.resamples)
    named = np.array([one.named for one in own], dtype=bool)
    for grade in (1, 2):  # what anyone gets who looks at nothing
        print_part(f"named, if always {grade}", both.where(named).always(grade), options.resamples)
    print("\n| traced \\ given, named | " + " | ".join(map(str, range(GRADES))) + " |")
    print("|---" * (1 + GRADES) + "|")
    for grade, counts in enumerate(both.where(named).table()):
        print(f"| {grade} | " + " | ".join(map(str, counts)) + " |")
    print_heights(found, own, places, options)
    truth = np.full(len(found.own_half), np.nan)
    truth[places] = [SIGNS.get(one.side, np.nan) for one in own]
    print_sides(found, truth, "as traced", options)


def parts_of(herniations: Sequence[Herniation]) -> dict[str, NDArray[np.bool_]]:
    """Return title -> which of the traced slices (n,)."""
    parts: dict[str, Callable[[Herniation], bool]] = {
        "* named by the note": lambda one: one.named,
        "named and seen, grade 1 to 3": lambda one: one.named and one.grade > 0,
        "named and seen, sure 2 or 3": lambda one: one.named and one.grade > 0 and one.sure > 1,
        "named, not seen on this slice": lambda one: one.named and one.grade == 0,
        "no finding named, none seen": lambda one: not one.named and one.grade == 0,
    }
    return {
        title: np.array([which(one) for one in herniations], dtype=bool)
        for title, which in parts.items()
    }


def print_part(title: str, both: Agreement, resamples: int) -> None:
    """Print a row of figures with their intervals by patient."""
    cells = list(_figures(both, resamples)) if len(both.traced) else ["-"] * len(both.figures())
    print(f"| {title} | {len(both.traced)} | " + " | ".join(cells) + " |")


def _figures(both: Agreement, resamples: int) -> Iterator[str]:
    for name, values in both.figures().items():
        one = mean_by_patient(values, both.patients, resamples).estimate()
        yield signed(one) if "less" in name else show(one)


def print_heights(
    found: Graded,
    herniations: Sequence[Herniation],
    places: Sequence[int],
    options: argparse.Namespace,
) -> None:
    """Print displacements in mm, and the expected grade, beside the displacements traced."""
    h_mm = np.array([one.h_mm for one in herniations])
    print("\n| displacement | known | less that traced, mm | rank correlation |")
    print("|---|---|---|---|")
    ranks = found.expected["LDH"][np.asarray(places)]
    print(f"| expected LDH | {len(ranks)} | - | {stats.spearmanr(ranks, h_mm).statistic:.2f} |")
    for title, measures in (("model's", found.measures), ("outlines'", found.drawn.measures)):
        if DISPLACEMENT not in measures:
            continue
        values = measures[DISPLACEMENT][np.asarray(places)]
        known = np.isfinite(values)
        patients = found.drawn.patients[np.asarray(places)][known]
        away = mean_by_patient((values - h_mm)[known], patients, options.resamples).estimate()
        rank = stats.spearmanr(values[known], h_mm[known]).statistic
        print(f"| {title} | {known.sum()} | {signed(away)} | {rank:.2f} |")


def print_flips(engine: Engine, found: Graded, options: argparse.Namespace) -> None:
    """Print the share of grades that change, on T2 (in neither half) and on T1 of this half."""
    own = np.flatnonzero(found.own_half)
    few = own[np.linspace(0, len(own) - 1, min(options.changed, len(own))).astype(int)]
    t2 = drawn_set(engine, options.folder, t2_slices(options.folder), options.out)
    small = [name for name in CHANGES if name != MIRROR]
    sets: dict[str, tuple[list[View], Sequence[str]]] = {
        f"T2, {len(t2.slices)} slices": (
            views_of(options.folder, t2, range(len(t2.slices))),
            [MIRROR, *small],
        ),
        f"T1, {len(own)} slices": (views_of(options.folder, found.drawn, own.tolist()), [MIRROR]),
        f"T1, {len(few)} slices": (views_of(options.folder, found.drawn, few.tolist()), small),
    }

    def grade(views: Sequence[View]) -> dict[str, NDArray[np.int64]]:
        return chosen_grades(engine.bundle.manifest, grade_views(engine, views))

    print("\nshare of grades that change\n")
    outputs = [*found.chosen, SIDES]
    print("| slices | change | " + " | ".join(outputs) + " |")
    print("|---" * (2 + len(outputs)) + "|")
    for title, (views, names) in sets.items():
        for name, shares in flips(grade, views, names).items():
            cells = [f"{shares[output]:.3f}" if output in shares else "-" for output in outputs]
            print(f"| {title} | {name} | " + " | ".join(cells) + " |", flush=True)
