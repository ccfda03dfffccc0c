"""What ``bundle.json`` says of the network that grades discs on the sagittal series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.system import GradingSystem, Unit, grading_system_from_dict
from lumbargrade.inference.discs.square import DISC_SQUARE, DiscSquare
from lumbargrade.inference.integrity.ranges import number, whole_number


@dataclass(frozen=True)
class DiscGraderSystem:
    """One of the systems that a network grades discs by.

    Attributes
    ----------
    system : what is graded.
    temperature : its logits are divided by it.
    decision_weights : how much each grade's probability counts when one is chosen.
    """

    system: GradingSystem
    temperature: float
    decision_weights: tuple[float, ...]


@dataclass(frozen=True)
class DiscGraderEntry:
    """The network that grades discs.

    Attributes
    ----------
    graded : its systems, in the order of their logits.
    contrasts : of the sagittal series that it may grade, such as ``("t2",)``.
    """

    graded: tuple[DiscGraderSystem, ...]
    contrasts: tuple[str, ...]

    @property
    def logits(self) -> int:
        """How many logits the network gives for a disc: one a grade of each system."""
        return sum(len(one.system.grades) for one in self.graded)

    def apart(self, logits: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """Return the logits (n, grades) of each system, of those of all (n, :attr:`logits`)."""
        ends = list(accumulate(len(one.system.grades) for one in self.graded))
        return tuple(np.split(logits, ends[:-1], axis=1))


def graded_parts(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what an entry of ``bundle.json`` says of each system.

    Bundles from before there could be several say it of their one system in the entry itself.
    """
    return list(entry["graded"]) if "graded" in entry else [entry]


def disc_grader_entry(given: Mapping[str, Any] | None) -> DiscGraderEntry | None:
    """Read the entry; a bundle from before discs were graded has none.

    Raises ValueError, KeyError, TypeError or GradingSystemError if a field is missing, wrong or
    out of its range.
    """
    if given is None:
        return None
    square = DiscSquare(
        number(given["depths"], "disc_grader.depths"),
        whole_number(given["pixels"], "disc_grader.pixels"),
        number(given["backward"], "disc_grader.backward"),
    )
    if square != DISC_SQUARE:
        raise ValueError("disc_grader reads another square than this version cuts")
    contrasts = given["contrasts"]
    if not isinstance(contrasts, list) or not all(isinstance(one, str) for one in contrasts):
        raise ValueError(f"disc_grader.contrasts is {contrasts!r}, not a list of texts")
    graded = tuple(map(_graded, graded_parts(given)))
    codes = [one.system.code for one in graded]
    if not codes or len(set(codes)) < len(codes):
        raise ValueError(f"disc_grader grades {', '.join(codes) or 'nothing'}: each system once")
    return DiscGraderEntry(graded, tuple(contrasts))


def _graded(given: Mapping[str, Any]) -> DiscGraderSystem:
    # Bundles from before a system said so grade discs all the same.
    system = replace(grading_system_from_dict(given["system"]), unit=Unit.DISC)
    weights = tuple(number(one, "decision_weights") for one in given["decision_weights"])
    if len(weights) != len(system.grades):
        raise ValueError(f"decision_weights of {system.code} are not {len(system.grades)} numbers")
    return DiscGraderSystem(system, number(given["temperature"], "temperatures"), weights)
