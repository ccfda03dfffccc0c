"""Which outputs a network has, and what a slice's grades are in their terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lumbargrade.grading.sides import worse_side
from lumbargrade.grading.system import GradingSystem

MISSING = -1
"""Stands for a grade that is not known; never takes part in a loss or a score."""

DISC = "disc"
"""Name of the output that says whether a disc lies in the plane of the slice."""


@dataclass(frozen=True)
class OutputSpec:
    """One head of the network.

    ``system`` is None for the disc head, which grades nothing; ``side`` is the patient's
    side, or None for a head that grades the whole slice.
    """

    name: str
    system: str | None
    side: str | None
    grades: int


def output_specs(
    systems: Sequence[GradingSystem], sides: bool, disc_head: bool
) -> tuple[OutputSpec, ...]:
    """List the heads for ``systems``; ``sides`` gives per-side systems one head a side."""
    specs: list[OutputSpec] = []
    for system in systems:
        grades = len(system.grades)
        if system.per_side and sides:
            specs += [
                OutputSpec(f"{system.code}_{side}", system.code, side, grades)
                for side in ("left", "right")
            ]
        else:
            specs.append(OutputSpec(system.code, system.code, None, grades))
    if disc_head:
        specs.append(OutputSpec(DISC, None, None, 2))
    return tuple(specs)


def labels_of(
    grades: Mapping[str, int | None], disc_in_plane: bool | None, specs: Sequence[OutputSpec]
) -> list[int]:
    """Return one label per output; ``MISSING`` where the grade is not known.

    An output at image level of a system that was graded per side gets the worse
    side, if both are known.
    """
    labels: list[int] = []
    for spec in specs:
        grade: int | None
        if spec.name == DISC:
            grade = None if disc_in_plane is None else int(disc_in_plane)
        elif spec.name in grades:
            grade = grades[spec.name]
        else:
            sides = (grades.get(f"{spec.name}_{side}") for side in ("left", "right"))
            grade = worse_side(sides, spec.grades - 1)
        labels.append(MISSING if grade is None else grade)
    return labels


def mirror_order(names: Sequence[str]) -> list[int]:
    """Return for each output the index of the output that it becomes in a mirror.

    Examples
    --------
    >>> mirror_order(["LDH", "LNRC_left", "LNRC_right"])
    [0, 2, 1]
    """
    order: list[int] = []
    for name in names:
        stem, _, side = name.rpartition("_")
        other = {"left": f"{stem}_right", "right": f"{stem}_left"}.get(side, name)
        order.append(list(names).index(other))
    return order


def side_pairs(specs: Sequence[OutputSpec]) -> list[tuple[str, int, int]]:
    """Return (system, index of the left head, index of the right head) of per-side systems."""
    found: dict[str, dict[str, int]] = {}
    for index, spec in enumerate(specs):
        if spec.system is not None and spec.side is not None:
            found.setdefault(spec.system, {})[spec.side] = index
    return [(system, pair["left"], pair["right"]) for system, pair in found.items()]
