"""Which outputs a network has, and what a slice's grades are in their terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lumbargrade.grading.finding import Side
from lumbargrade.grading.sides import worse_side
from lumbargrade.grading.system import GradingSystem, output_name
from lumbargrade.inference.bundle_json import OutputSpec

MISSING = -1
"""Stands for a grade that is not known; never takes part in a loss or a score."""

DISC = "disc"
"""Name of the output that says whether a disc lies in the plane of the slice."""


def output_specs(
    systems: Sequence[GradingSystem], sides: bool, disc_head: bool
) -> tuple[OutputSpec, ...]:
    """List the heads for ``systems``; ``sides`` gives per-side systems one head a side."""
    specs = [
        OutputSpec(output_name(system.code, side), system.code, side, len(system.grades))
        for system in systems
        for side in (system.sides if sides else (None,))
    ]
    if disc_head:
        specs.append(OutputSpec(DISC, "", None, 2))
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
            sides = (grades.get(output_name(spec.name, side)) for side in Side)
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
    found: dict[str, dict[Side, int]] = {}
    for index, spec in enumerate(specs):
        if spec.side is not None:
            found.setdefault(spec.system, {})[spec.side] = index
    return [(system, pair[Side.LEFT], pair[Side.RIGHT]) for system, pair in found.items()]
