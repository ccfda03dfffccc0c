"""A table a label: how each score ranks the slices that have it above those that do not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.data import LEVELS
from benchmarks.real.drawing.cache import DrawnSet
from benchmarks.real.labels.ranking import (
    Area,
    Ranked,
    at_level,
    bare,
    over_all,
    resampled,
    within_level,
)
from lumbargrade.statistics.bootstrap import PatientBootstrap
from lumbargrade.statistics.format_estimates import show

LEVEL_ALONE = "level alone"
LOWEST = "L5-S1"


def rows_of(
    drawn: DrawnSet,
    label: NDArray[np.int64],
    half: NDArray[np.bool_],
    scores: Mapping[str, NDArray[np.float64]],
) -> dict[str, Ranked]:
    """Return the slices of a half whose label is known, by score; the first is the level alone."""
    known = half & (label >= 0)
    positive = label == 1
    alone = np.zeros(len(label))
    for level in LEVELS:
        own = drawn.levels == level
        alone[own] = positive[known & own].sum() / max((known & own).sum(), 1)
    return {
        name: Ranked(drawn.patients[known], drawn.levels[known], positive[known], score[known])
        for name, score in {LEVEL_ALONE: alone, **scores}.items()
    }


def print_label(
    title: str, rows: Mapping[str, Ranked], resamples: int, aimed: Collection[str] = ()
) -> None:
    """Print the areas of every score, with intervals by patient; a star at those of ``aimed``."""
    one = rows[LEVEL_ALONE]
    bootstrap = PatientBootstrap.of(one.patients, resamples, seed=0)
    print(f"\n{title}: {one.positive.sum()} of {len(one.positive)} slices\n")
    print(f"| | known | AUC | within level | {LOWEST} | {' | '.join(LEVELS[:-1])} |")
    print("|---" * (5 + len(LEVELS[:-1])) + "|")
    for name, ranked in rows.items():
        star = "* " if name in aimed else ""
        print(f"| {star}{name} | " + " | ".join(_cells(ranked, bootstrap)) + " |")


def _cells(ranked: Ranked, bootstrap: PatientBootstrap) -> Iterator[str]:
    known = np.isfinite(ranked.score)
    kept, resamples = ranked.where(known), bootstrap.of_images(known)
    yield f"{known.mean():.0%}"
    areas: tuple[Area, ...] = (over_all, within_level, at_level(LOWEST))
    for area in areas:
        yield show(resampled(area, kept, resamples).estimate())
    for level in LEVELS[:-1]:
        yield f"{bare(at_level(level), kept):.2f}"
