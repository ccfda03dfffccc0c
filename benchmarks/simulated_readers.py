"""Simulated readers of known noise: patients, readers, a model, with and without its help.

Each image has a latent severity: the patient's own and the image's. The reference cuts it into four
grades. A reader sees it with a bias of their own and with noise; help from the model takes a share
of the noise away, and of the seconds, differently from reader to reader. The truth of every figure
is that of very many patients: with the same readers, or with very many readers, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lumbargrade.evaluation.reader_studies.inputs import Inputs
from lumbargrade.evaluation.reader_studies.table import Slot, StudyTable, Times
from lumbargrade.readings.occasion import Arm
from lumbargrade.statistics.agreement.many_raters import MISSING

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

CUTS = np.array([0.2, 0.9, 1.7])
REFERENCE, MODEL = "ref", "net"
MODEL_NOISE = 0.4
READING_SPREAD = 0.4
"""Of the logarithm of the seconds of one reading."""


@dataclass(frozen=True)
class Reader:
    """A reader: bias and noise of the severity they see, the shares of noise and of seconds that
    the model's help leaves, and their seconds a grade as a logarithm."""

    bias: float
    noise: float
    helped: float
    pace: float
    gain: float

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Reader:
        """Draw one of the many readers that there are."""
        return cls(
            bias=rng.normal(0, 0.15),
            noise=0.45 * float(np.exp(rng.normal(0, 0.15))),
            helped=0.7 * float(np.exp(rng.normal(0, 0.1))),
            pace=rng.normal(3, 0.3),
            gain=rng.normal(np.log(0.8), 0.1),
        )


@dataclass(frozen=True)
class Design:
    """Patients with some images each. Crossed: a reader reads half of the patients with help and
    the others without, the next reader the reverse; else all are read in both arms."""

    patients: int = 60
    images: int = 3
    crossed: bool = False


def readers_of(rng: np.random.Generator, count: int) -> list[Reader]:
    """Draw so many readers."""
    return [Reader.draw(rng) for _ in range(count)]


def simulate(rng: np.random.Generator, readers: Sequence[Reader], design: Design) -> Inputs:
    """Return a study of these readers on new patients."""
    patient = np.repeat(np.arange(design.patients), design.images)
    images = len(patient)
    severity = rng.normal(0, 0.8, design.patients)[patient] + rng.normal(0, 0.8, images)
    slowness = rng.normal(0, 0.3, design.patients)[patient]
    names = np.array([f"P{number:05d}" for number in patient])
    columns = {
        Slot(REFERENCE): graded(severity),
        Slot(MODEL): graded(severity + rng.normal(0, MODEL_NOISE, images)),
    }
    seconds, whose, by, arms = [], [], [], []
    for place, reader in enumerate(readers):
        name, seen = f"R{place + 1:03d}", severity + reader.bias
        for arm in Arm:
            helped = arm is Arm.ASSISTED
            noise = reader.noise * (reader.helped if helped else 1.0)
            here = np.ones(images, dtype=np.bool_)
            if design.crossed:
                here = (patient + place + helped) % 2 == 0
            grades = graded(seen + rng.normal(0, noise, images))
            columns[Slot(name, arm)] = np.where(here, grades, MISSING)
            log = reader.pace + helped * reader.gain + slowness
            taken = np.exp(log + rng.normal(0, READING_SPREAD, images))
            seconds.append(taken[here])
            whose.append(names[here])
            by.append(np.full(here.sum(), name))
            arms.append(np.full(here.sum(), arm.value))
        columns[Slot(name, round=2)] = graded(seen + rng.normal(0, reader.noise, images))
    times = Times(*map(np.concatenate, (seconds, whose, by, arms)))
    known = tuple(f"R{place + 1:03d}" for place in range(len(readers)))
    table = StudyTable("LDH", len(CUTS) + 1, names, columns)
    return Inputs((table,), times, known, MODEL, REFERENCE, ())


def graded(severity: Floats) -> Integers:
    """Return the grade of a latent severity."""
    return np.searchsorted(CUTS, severity).astype(np.int64)
