"""How long all figures of the paper's internal test set take, with 2,000 resamples."""

from __future__ import annotations

import argparse
import time

import numpy as np

from lumbargrade.evaluation.measures.system_figures import Options, figures_of
from lumbargrade.evaluation.records import ImageRecord
from lumbargrade.grading.system import GRADING_SYSTEMS

IMAGES, PATIENTS, RESAMPLES, AIM_S = 2299, 153, 2000, 10


def run(options: argparse.Namespace) -> None:
    """Print wall and processor time of the three systems."""
    patients = options.patients or PATIENTS
    start, processor = time.perf_counter(), time.process_time()
    for system in GRADING_SYSTEMS.values():
        records = _records(patients, len(system.grades))
        figures_of(records, system.code, len(system.grades), options=Options(RESAMPLES))
    wall, cpu = time.perf_counter() - start, time.process_time() - processor
    print(f"{IMAGES} images of {patients} patients, {RESAMPLES} resamples, three systems:")
    print(f"{wall:.1f} s by the clock, {cpu:.1f} s of processor time (aim: under {AIM_S} s)")


def _records(patients: int, grades: int) -> list[ImageRecord]:
    rng = np.random.default_rng(0)
    records = []
    for number in range(IMAGES):
        reference = int(rng.integers(grades))
        found = rng.dirichlet(np.where(np.arange(grades) == reference, 4.0, 1.0))
        records.append(
            ImageRecord(
                image=str(number),
                patient=f"P{number % patients}",
                scanner="s",
                external=False,
                reference=reference,
                predicted=int(found.argmax()),
                probabilities=tuple(float(value) for value in found),
            )
        )
    return records
