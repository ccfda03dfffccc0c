"""How often each interval of 95 % that is printed holds the truth, by figure and patients.

The truth is what a cohort of very many patients has. Of each figure, in each scenario and
with each number of patients: in how many cohorts an interval is printed, and in how many of
those it holds the truth. Intervals that take images as independent are counted too, apart.

Too narrow is the fault that must not be: such an interval is mended or not printed. Too wide is
told too. Of a share near 0 or 1 it cannot be helped: of few images it takes few values, and how
often intervals hold the truth jumps with it (Brown, Cai and DasGupta, Stat Sci 2001;16:101).
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.coverage_cohorts import SCENARIOS, Cohort, simulate
from benchmarks.coverage_figures import INDEPENDENT, estimates
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.files.table import write_rows
from lumbargrade.statistics.bootstrap import Estimate

PATIENTS = (20, 40, 60, 100)
TRUE_IMAGES = 60_000
REPEATS, RESAMPLES = 1000, 250
AIM = (0.93, 0.97)
SELDOM = 0.1
"""Where fewer of the cohorts have an interval, too few are left to count."""


@dataclass(frozen=True)
class Cell:
    """One figure in one scenario with so many patients, in ``repeats`` cohorts."""

    figure: str
    scenario: str
    patients: int
    repeats: int
    printed: int
    held: int

    @property
    def share(self) -> float:
        """How often a printed interval holds the truth; NaN where it is seldom printed."""
        enough = self.printed > SELDOM * self.repeats
        return self.held / self.printed if enough else float("nan")

    @property
    def verdict(self) -> str:
        """Beside :data:`AIM`, of 95 %; chance of two standard errors is allowed for."""
        if not np.isfinite(self.share):
            return "seldom printed"
        slack = 2 * np.sqrt(0.95 * 0.05 / self.printed)
        if self.share < AIM[0] - slack:
            return "too narrow"
        return "too wide" if self.share > AIM[1] + slack else "within"


def run(options: argparse.Namespace) -> None:
    """Print the table and write it as ``coverage.csv`` into the folder for results."""
    patients = (options.patients,) if options.patients else PATIENTS
    repeats = options.repeats or REPEATS
    cells = coverage(repeats, RESAMPLES, patients)
    options.out.mkdir(parents=True, exist_ok=True)
    head = ["figure", "scenario", "patients", "cohorts", "printed", "held", "share", "verdict"]
    rows = [
        [
            *(one.figure, one.scenario),
            *map(str, (one.patients, one.repeats, one.printed, one.held)),
            *(f"{one.share:.3f}", one.verdict),
        ]
        for one in cells
    ]
    write_rows(options.out / "coverage.csv", head, rows)
    print(f"{repeats} cohorts each, {RESAMPLES} resamples; {', '.join(SCENARIOS)}.")
    print("Per cent of the printed intervals that hold the truth (lowest to highest scenario).\n")
    print("\n".join(table(cells)))
    ours = [one for one in cells if not one.figure.endswith(INDEPENDENT)]
    for verdict in ("too narrow", "too wide", "within", "seldom printed"):
        some = [one for one in ours if one.verdict == verdict]
        print(f"{verdict}: {len(some)} of {len(ours)}")
        if verdict.startswith("too"):
            for one in some:
                where = f"{one.scenario}, {one.patients} patients"
                print(f"  {one.figure}: {one.share:.3f} ({where}, printed {one.printed})")


def table(cells: Sequence[Cell]) -> Iterable[str]:
    """Yield a Markdown table: a row a figure, a column each number of patients."""
    sizes = sorted({one.patients for one in cells})
    yield "| figure | " + " | ".join(f"{size} patients" for size in sizes) + " |"
    yield "|---|" + "---|" * len(sizes)
    for figure in dict.fromkeys(one.figure for one in cells):
        row = []
        for size in sizes:
            some = [
                one
                for one in cells
                if (one.figure, one.patients) == (figure, size) and np.isfinite(one.share)
            ]
            row.append(_cell(some))
        yield f"| {figure} | " + " | ".join(row) + " |"


def _cell(some: Sequence[Cell]) -> str:
    if not some:
        return "no interval"
    whole = 100 * sum(one.held for one in some) / sum(one.printed for one in some)
    ends = [100 * one.share for one in some]
    return f"{whole:.0f} ({min(ends):.0f}-{max(ends):.0f})"


def coverage(repeats: int, resamples: int, patients: Sequence[int]) -> list[Cell]:
    """Return every cell; cohorts are divided among the cores."""
    cores = min(len(os.sched_getaffinity(0)), 2)
    jobs = [
        (scenario, size, range(part, repeats, cores), resamples)
        for scenario in SCENARIOS
        for size in patients
        for part in range(cores)
    ]
    with multiprocessing.get_context("fork").Pool(cores) as pool:
        truths = dict(zip(SCENARIOS, pool.map(_truth, SCENARIOS), strict=True))
        counts = pool.starmap(_count, [(truths[job[0]], *job) for job in jobs])
    found: dict[tuple[str, str, int], NDArray[np.int64]] = {}
    for (scenario, size, *_), one in zip(jobs, counts, strict=True):
        for figure, pair in one.items():
            key = (figure, scenario, size)
            found[key] = found.get(key, np.zeros(2, dtype=np.int64)) + pair
    return [Cell(*key, repeats, int(one[0]), int(one[1])) for key, one in found.items()]


def _truth(scenario: str) -> Mapping[str, float]:
    patients = TRUE_IMAGES // SCENARIOS[scenario].images
    cohort, other = _two_cohorts(scenario, 0, patients, 0)
    found = estimates(cohort, other, Options(resamples=0))
    return {name: one.value for name, one in found.items()}


def _two_cohorts(scenario: str, kind: int, patients: int, repeat: int) -> tuple[Cohort, Cohort]:
    rng = np.random.default_rng((kind, repeat))
    first, second = (simulate(rng, patients, SCENARIOS[scenario]) for _ in range(2))
    return first, second


def _count(
    truth: Mapping[str, float], scenario: str, patients: int, repeats: Iterable[int], resamples: int
) -> dict[str, NDArray[np.int64]]:
    """Return, for each figure, how many intervals were printed and how many held the truth."""
    found: dict[str, NDArray[np.int64]] = {}

    def add(figure: str, true: float, one: Estimate) -> None:
        pair = (np.isfinite(one.low), one.low <= true <= one.high)
        found[figure] = found.get(figure, np.zeros(2, dtype=np.int64)) + np.array(pair, np.int64)

    for repeat in repeats:
        cohort, other = _two_cohorts(scenario, 1, patients, repeat)
        options = Options(resamples, seed=repeat)
        for figure, one in estimates(cohort, other, options).items():
            add(figure, truth[figure], one)
    return found
