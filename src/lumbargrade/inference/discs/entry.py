"""What ``bundle.json`` says of the network that grades discs on the sagittal series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lumbargrade.grading.system import GradingSystem, Unit, grading_system_from_dict
from lumbargrade.inference.discs.square import DISC_SQUARE, DiscSquare
from lumbargrade.inference.integrity.ranges import number, whole_number


@dataclass(frozen=True)
class DiscGraderEntry:
    """The network that grades discs.

    Attributes
    ----------
    system : what it grades.
    contrasts : of the sagittal series that it may grade, such as ``("t2",)``.
    temperature : logits are divided by it.
    decision_weights : how much each grade's probability counts when one is chosen.
    """

    system: GradingSystem
    contrasts: tuple[str, ...]
    temperature: float
    decision_weights: tuple[float, ...]


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
    # Bundles from before a system said so grade discs all the same.
    system = replace(grading_system_from_dict(given["system"]), unit=Unit.DISC)
    weights = tuple(number(one, "decision_weights") for one in given["decision_weights"])
    if len(weights) != len(system.grades):
        raise ValueError(f"decision_weights of {system.code} are not {len(system.grades)} numbers")
    temperature = number(given["temperature"], "temperatures")
    return DiscGraderEntry(system, tuple(contrasts), temperature, weights)
