"""Soft labels: how much the readings speak for each grade, instead of one grade for sure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from lumbargrade.annotation.disagreement import first_readings
from lumbargrade.annotation.reading import GivenGrade, Item
from lumbargrade.errors import ReadingError
from lumbargrade.grading.system import READ_SYSTEMS
from lumbargrade.statistics.agreement.dawid_skene import dawid_skene

Floats = NDArray[np.float64]


class SoftWay(StrEnum):
    """How readings become the probability of each grade."""

    SHARE = "share"
    """The share of readers who gave it."""
    DAWID_SKENE = "dawid-skene"
    """Its probability, each reader weighed by how they err. It takes three readers or more."""


LEAST_READERS: Mapping[SoftWay, int] = MappingProxyType({SoftWay.SHARE: 1, SoftWay.DAWID_SKENE: 3})


def soft_labels(
    given: Sequence[GivenGrade], readers: Sequence[str], way: SoftWay
) -> dict[Item, tuple[float, ...]]:
    """Return item -> probability of each grade of its system, of what somebody graded.

    First readings count, "cannot be graded" does not. Readers' tables of errors are found for each
    system by itself, of both sides together: whoever misses a compression, does so left and right.

    Raises
    ------
    ReadingError
        For fewer readers than the way needs, a system or grade that is not known, and as
        ``current``.
    """
    if len(readers) < LEAST_READERS[way]:
        raise ReadingError(
            f"soft labels by {way} need {LEAST_READERS[way]} readers, not {len(readers)}: use "
            f"{SoftWay.SHARE}"
        )
    by_system: dict[str, dict[Item, Mapping[str, GivenGrade]]] = {}
    for item, by_reader in first_readings(given, readers).items():
        graded = {name: one for name, one in by_reader.items() if one.grade is not None}
        if graded:
            by_system.setdefault(item.system, {})[item] = graded
    found: dict[Item, tuple[float, ...]] = {}
    for system, items in by_system.items():
        counts = _counts(system, list(items.values()), readers)
        labels = (
            dawid_skene(counts).probabilities
            if way is SoftWay.DAWID_SKENE
            else counts.sum(1) / counts.sum((1, 2))[:, None]
        )
        found |= dict(zip(items, map(tuple, labels.tolist()), strict=True))
    return found


def _counts(code: str, items: Sequence[Mapping[str, GivenGrade]], readers: Sequence[str]) -> Floats:
    """Return (n, r, q) 1 where a reader gave an image a grade, else 0."""
    system = READ_SYSTEMS.get(code)
    if system is None:
        raise ReadingError(f"system {code} is unknown: use {', '.join(READ_SYSTEMS)}")
    counts = np.zeros((len(items), len(readers), len(system.grades)))
    for place, by_reader in enumerate(items):
        for name, one in by_reader.items():
            if one.grade is None or one.grade >= len(system.grades):
                raise ReadingError(f"{one}: grade {one.grade} is none of {code}")
            counts[place, list(readers).index(name), one.grade] = 1
    return counts
