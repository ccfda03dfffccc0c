"""Which columns a table of grades has: one a system, or one a side of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lumbargrade.grading.finding import Side, StudyGrades
from lumbargrade.grading.system import GradingSystem, output_name


@dataclass(frozen=True)
class Column:
    """One graded thing: a system, or one side of it."""

    system: GradingSystem
    side: Side | None

    @property
    def title(self) -> str:
        """Short title, such as ``LNRC left``."""
        return self.system.code if self.side is None else f"{self.system.code} {self.side}"

    @property
    def output(self) -> str:
        """Name of the network output behind it."""
        return output_name(self.system.code, self.side)


def columns_of(grades: StudyGrades, systems: Mapping[str, GradingSystem]) -> tuple[Column, ...]:
    """Return what was graded, in the order of the systems.

    A per-side system is shown by its sides where they were graded, else by its image: so, too,
    where they were withheld, since left and right are not known.
    """
    said = {
        (one.system, one.side)
        for item in grades.slices
        for one in item.findings
        if one.side is None or one.grade is not None or one.probabilities
    }
    columns = []
    for code, system in systems.items():
        sides = [side for side in system.sides if (code, side) in said]
        columns += [Column(system, side) for side in sides]
        if not sides and (code, None) in said:
            columns.append(Column(system, None))
    return tuple(columns)
