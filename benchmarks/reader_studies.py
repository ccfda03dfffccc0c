"""How often the intervals of ``reader-study`` hold the truth, and whether its sizes suffice.

Studies of simulated readers, in two ways: always the same readers on new patients, and new readers
on new patients each time. The intervals about *these readers* must hold the truth of those readers
in the first, those about *readers like these* the truth of all readers in the second. The bound of
non-inferiority must lie above the truth in 2.5 %.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.simulated_readers import MODEL, Design, Integers, Reader, readers_of, simulate
from lumbargrade.evaluation.measures.analytic_intervals import OF_TABLE, OfTable
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.reader_studies.areas import areas
from lumbargrade.evaluation.reader_studies.assisted import CHANGE, RATIO, assisted
from lumbargrade.evaluation.reader_studies.inputs import Inputs
from lumbargrade.evaluation.reader_studies.interchange import LOST, interchange
from lumbargrade.evaluation.reader_studies.noninferiority import DIFFERENCE, noninferiority
from lumbargrade.evaluation.reader_studies.repeats import repeats
from lumbargrade.evaluation.reader_studies.size import size
from lumbargrade.evaluation.reader_studies.study import LIKE_THESE, THESE, Figure
from lumbargrade.evaluation.reader_studies.table import Slot
from lumbargrade.files.table import write_rows
from lumbargrade.readings.occasion import Arm
from lumbargrade.statistics.agreement.many_raters import COEFFICIENTS
from lumbargrade.statistics.agreement.two_raters import confusion_table
from lumbargrade.statistics.agreement.weights import Weights
from lumbargrade.statistics.reader_studies.replacement import KINDS, replaced
from lumbargrade.statistics.reader_studies.study_size import Wish
from lumbargrade.statistics.roc import area_under_curve

DESIGNS = {
    "5 readers, 60 patients": (5, Design(60)),
    "3 readers, 40 patients": (3, Design(40)),
    "2 readers, 100 patients": (2, Design(100)),
    "4 readers, 60 patients, crossed": (4, Design(60, crossed=True)),
}
REPEATS, RESAMPLES = 400, 250
TRUE_PATIENTS, TRUE_READERS = 20_000, 150
AIM = (0.93, 0.97)
OF = (LOST, DIFFERENCE, CHANGE, RATIO, "readers", "readers, plain")
"""Whose figures are counted: means over readers and differences, not single readers."""
MEASURES: tuple[str, ...] = (
    "exact",
    "within_one",
    "ac1",
    "ac2_quadratic",
    "kappa_linear",
    "kappa_quadratic",
)
MEASURES += ("area 0 / 1-3", "area 0-1 / 2-3", "seconds a grade")

Name = tuple[str, str, str]
Truth = dict[tuple[str, str], float]


@dataclass
class Counted:
    """Of so many intervals, how many hold the truth, and how many lie above it."""

    printed: int = 0
    held: int = 0
    above: int = 0

    def add(self, truth: float, low: float, high: float) -> None:
        """Count an interval that is printed."""
        if np.isfinite(low):
            self.printed += 1
            self.held += low <= truth <= high
            self.above += low > truth

    def __add__(self, other: Counted) -> Counted:
        return Counted(
            self.printed + other.printed, self.held + other.held, self.above + other.above
        )


def run(options: argparse.Namespace) -> None:
    """Print both tables, and write the first as ``reader_studies.csv``."""
    repeats_ = options.repeats or REPEATS
    rows = []
    many = readers_of(np.random.default_rng(8), TRUE_READERS)
    everybody = truth_of(many, TRUE_PATIENTS // 4)
    for name, (readers, design) in DESIGNS.items():
        counts = coverage(readers, design, repeats_, everybody)
        print(f"\n{name}: {repeats_} studies; per cent of the intervals that hold the truth")
        for (measure, of, about), one in sorted(counts.items()):
            if one.printed < repeats_ / 10:
                continue
            share, above = one.held / one.printed, one.above / one.printed
            slack = 2 * np.sqrt(0.95 * 0.05 / one.printed)
            verdict = "too narrow" if share < AIM[0] - slack else "within"
            verdict = "too wide" if share > AIM[1] + slack else verdict
            print(
                f"  {measure:16} {of:20} {about:20} {100 * share:5.1f}  bound above the truth "
                f"{100 * above:4.1f}  {verdict}"
            )
            counted = map(str, (one.printed, one.held, one.above))
            rows.append([name, measure, of, about, *counted, f"{share:.4f}", verdict])
    options.out.mkdir(parents=True, exist_ok=True)
    head = ["design", "measure", "of", "about", "printed", "held", "above", "share", "verdict"]
    write_rows(options.out / "reader_studies.csv", head, rows)
    print("\nSizes from a large pilot, and what studies of that size come to:")
    for line in sizes(max(repeats_ // 4, 20)):
        print("  " + line)


def figures(study: Inputs, resamples: int = RESAMPLES) -> Iterable[Figure]:
    """Yield every figure that is counted."""
    for part in (
        interchange(study, None, Options(resamples)),
        noninferiority(study, 0.05, "ac1"),
        assisted(study),
        repeats(study),
        areas(study),
    ):
        for row in part.figures:
            if row.of in OF and row.measure in MEASURES and row.about:
                of = f"{row.of} again" if part.name == "repeats" else row.of
                yield replace(row, of=of)


def coverage(readers: int, design: Design, repeats_: int, everybody: Truth) -> dict[Name, Counted]:
    """Count the intervals of so many studies; the work is divided among the cores."""
    cores = min(len(os.sched_getaffinity(0)), 2)
    these = readers_of(np.random.default_rng(7), readers)
    truths = {THESE: truth_of(these, TRUE_PATIENTS), LIKE_THESE: everybody}
    jobs = [(these, design, range(part, repeats_, cores), truths) for part in range(cores)]
    with multiprocessing.get_context("fork").Pool(cores) as pool:
        parts = pool.starmap(count, jobs)
    found: dict[Name, Counted] = {}
    for part in parts:
        for name, one in part.items():
            found[name] = found.get(name, Counted()) + one
    return found


def count(
    these: Sequence[Reader], design: Design, repeats_: Iterable[int], truths: Mapping[str, Truth]
) -> dict[Name, Counted]:
    """Count the intervals of some studies, each of these readers and of new ones."""
    found: dict[Name, Counted] = {}
    for repeat in repeats_:
        rng = np.random.default_rng((1, repeat))
        for about, some in ((THESE, these), (LIKE_THESE, readers_of(rng, len(these)))):
            for row in figures(simulate(rng, some, design)):
                if row.about == about:
                    one = found.setdefault((row.measure, row.of, about), Counted())
                    true = truths[about][row.measure, row.of]
                    one.add(true, row.estimate.low, row.estimate.high)
    return found


def truth_of(readers: Sequence[Reader], patients: int) -> Truth:
    """Return every figure of very many patients, read in both arms, by formulas of its own."""
    study = simulate(np.random.default_rng(9), readers, Design(patients))
    (table,) = study.tables
    reference, model = table.first(study.reference), table.first(study.model)
    plain, helped = (table.matrix(study.readers, arm).T for arm in Arm)
    again = [table.column(Slot(name, round=2)) for name in study.readers]
    found: Truth = {}
    for kind, apart in KINDS.items():
        some = plain.T[:, :5]  # pairs of more readers are too many to hold, and not needed
        found[kind, LOST] = float(replaced(model, some, apart).lost.mean())
    for name, (chance, weights) in COEFFICIENTS.items():

        def mean(
            columns: Iterable[Integers],
            others: Iterable[Integers],
            of: OfTable = OF_TABLE[chance][0],
            weights: Weights = weights,
        ) -> float:
            pairs = zip(columns, others, strict=False)
            values = [of(confusion_table(*one, table.grades), weights) for one in pairs]
            return float(np.mean(values))

        same = itertools.repeat(reference)
        found[name, "readers"] = mean(plain, same)
        found[name, "readers again"] = mean(plain, again)
        found[name, DIFFERENCE] = mean([model], same) - found[name, "readers"]
        found[name, CHANGE] = mean(helped, same) - found[name, "readers"]
    for cut, measure in ((1, "area 0 / 1-3"), (2, "area 0-1 / 2-3")):
        whole, with_help, own = (
            float(
                np.mean([area_under_curve(reference >= cut, one.astype(float)) for one in columns])
            )
            for columns in (plain, helped, [model])
        )
        found[measure, "readers, plain"] = whole
        found[measure, CHANGE], found[measure, DIFFERENCE] = with_help - whole, own - whole
    gains = float(np.mean([one.gain for one in readers]))
    found["seconds a grade", RATIO] = float(np.exp(gains))
    return found


def sizes(repeats_: int) -> Iterable[str]:
    """Yield what sizes are asked for, and the mean width and power that studies of them have."""
    rng = np.random.default_rng(3)
    pilot = simulate(rng, readers_of(rng, 30), Design(400))
    wanted = Wish(width=0.12)
    everybody = truth_of(readers_of(np.random.default_rng(8), TRUE_READERS), TRUE_PATIENTS // 4)
    power = Wish(margin=0.05, expected=everybody["ac1", DIFFERENCE])
    for wish, of in ((wanted, "readers"), (power, DIFFERENCE)):
        for one in size(pilot, "ac1", wish).sizes:
            if one.about != LIKE_THESE or one.patients is None or one.readers not in {8, 15}:
                continue
            rows = [
                row
                for repeat in range(repeats_)
                for row in _study(repeat, one.readers, one.patients)
                if (row.measure, row.of, row.about) == ("ac1", of, LIKE_THESE)
            ]
            width = np.mean([row.estimate.high - row.estimate.low for row in rows])
            shown = np.mean([row.estimate.low > -power.margin for row in rows])
            asked = "width 0.12" if wish is wanted else "80 % power for a margin of 0.05"
            yield (
                f"{asked}, {one.readers} readers: {one.patients} patients; {repeats_} studies: "
                f"mean width {width:.3f}, {MODEL} non-inferior in {100 * shown:.0f} %"
            )


def _study(repeat: int, readers: int, patients: int) -> Iterable[Figure]:
    rng = np.random.default_rng((2, repeat))
    study = simulate(rng, readers_of(rng, readers), Design(patients))
    return noninferiority(study, 0.05, "ac1").figures
