"""How often an interval of 95 % holds the truth, on simulated patients with alike images.

Patients differ in how ill they are and in how hard they are to read, so that images of
one patient resemble each other. The truth is what a cohort of very many patients has.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.evaluation.measures.analytic_intervals import by_formula
from lumbargrade.evaluation.records import Readings
from lumbargrade.statistics.agreement.two_raters import cohen, confusion_table, gwet
from lumbargrade.statistics.bootstrap import PatientBootstrap, estimate
from lumbargrade.statistics.roc import area_under_curve

PATIENTS, IMAGES_EACH, GRADES = 100, 6, 4
TRUE_PATIENTS = 20_000
REPEATS, RESAMPLES = 1000, 500
AIM = (0.93, 0.97)
KEYS = {"AC1": "ac1", "kappa-linear": "kappa_linear", "AUC": "auc_marked"}
"""What is printed -> name of the figure in the report."""

Interval = tuple[float, float]


@dataclass(frozen=True)
class Cohort:
    """Simulated images: (n,) reference and given grade, score of grade 2-3, patient."""

    reference: NDArray[np.int64]
    predicted: NDArray[np.int64]
    score: NDArray[np.float64]
    patient: NDArray[np.int64]


def run(options: argparse.Namespace) -> None:
    """Print the coverage of every interval, and whether those by patient keep the aim."""
    patients = options.patients or PATIENTS
    found = coverage(REPEATS, RESAMPLES, patients)
    print(f"{REPEATS} cohorts of {patients} patients with {IMAGES_EACH} images each:")
    kept = True
    for name, share in found.items():
        by_patient = not name.endswith("independent")
        kept &= not by_patient or AIM[0] <= share <= AIM[1]
        print(f"  {name:26} {100 * share:5.1f} %")
    print(f"those by patient within {100 * AIM[0]:.0f}-{100 * AIM[1]:.0f} %: {kept}")


def coverage(repeats: int, resamples: int, patients: int) -> dict[str, float]:
    """Return, for each coefficient and interval, the share of cohorts whose interval holds."""
    truth = _values(simulate(np.random.default_rng(0), TRUE_PATIENTS))
    held: dict[str, int] = {}
    for repeat in range(repeats):
        cohort = simulate(np.random.default_rng((1, repeat)), patients)
        for name, (low, high) in intervals(cohort, resamples, repeat).items():
            held[name] = held.get(name, 0) + (low <= truth[name.split()[0]] <= high)
    return {name: count / repeats for name, count in held.items()}


def simulate(rng: np.random.Generator, patients: int) -> Cohort:
    """Simulate one cohort, ``IMAGES_EACH`` images a patient."""
    patient = np.repeat(np.arange(patients), IMAGES_EACH)
    ill, hard = rng.normal(size=(2, patients))[:, patient]
    severity = 0.8 * ill + rng.normal(size=len(patient))
    blur = np.exp(0.7 * hard - 0.9)
    seen = severity + 0.5 * hard + blur * rng.normal(size=len(patient))
    steps = np.array([0.5, 1.4, 2.2])
    return Cohort(np.digitize(severity, steps), np.digitize(seen, steps), seen, patient)


def intervals(cohort: Cohort, resamples: int, seed: int) -> Mapping[str, Interval]:
    """Return every interval of one cohort, named coefficient and kind."""
    truth, given = cohort.reference, cohort.predicted
    bootstrap = PatientBootstrap.of(cohort.patient.astype(np.str_), resamples, seed)
    drawn = bootstrap.tables(truth, given, GRADES)
    areas = [area_under_curve(truth >= 2, cohort.score, some) for some in bootstrap.image_weights()]
    draws = {
        "AC1": gwet(drawn),
        "kappa-linear": cohen(drawn, "linear"),
        "AUC": np.concatenate(areas),
    }
    told, value = by_formula(_readings(cohort), GRADES), _values(cohort)
    found: dict[str, Interval] = {}
    for name, key in KEYS.items():
        ways = {
            "independent": told[key].independent,
            "clustered": told[key].clustered,
            "bootstrap": estimate(value[name], draws[name]),
        }
        found |= {f"{name} {way}": (one.low, one.high) for way, one in ways.items()}
    return found


def _readings(cohort: Cohort) -> Readings:
    """The score stands in the column of grade 2, as the area of 0-1 / 2-3 adds 2 and 3."""
    columns = np.zeros((len(cohort.score), GRADES))
    columns[:, 2] = cohort.score
    return Readings(cohort.reference, cohort.predicted, columns, cohort.patient.astype(np.str_))


def _values(cohort: Cohort) -> dict[str, float]:
    table = confusion_table(cohort.reference, cohort.predicted, GRADES)
    return {
        "AC1": float(gwet(table)),
        "kappa-linear": float(cohen(table, "linear")),
        "AUC": float(area_under_curve(cohort.reference >= 2, cohort.score)),
    }
