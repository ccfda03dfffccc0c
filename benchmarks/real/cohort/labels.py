"""The weak labels of real slices as grades of auxiliary grading systems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.real.data import SYSTEMS, read_levels
from benchmarks.real.drawing.slices import RealSlice
from benchmarks.real.labels.weak import HERNIATION, ROOT, weak_labels_of
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.training.heads import MISSING

AUXILIARY = ("CS", "BULGE", "HERNIATION", "ROOT")
"""Codes of the systems (``benchmarks/real/systems``) that stand in the cohort."""

OF_NOTES = {"HERNIATION": HERNIATION, "ROOT": ROOT}

Grades = dict[str, int | None]


def auxiliary_grades(folder: Path, slices: Sequence[RealSlice]) -> list[Grades]:
    """Return the grades of each slice: the project's own all None, then those of ``AUXILIARY``.

    None wherever nobody said. Raises CohortError if a table cannot be read.
    """
    table = {(f"P{one.patient}", one.level): one.labels for one in read_levels(folder)}
    known = [row for row, one in enumerate(slices) if (one.patient, one.level) in table]
    notes = weak_labels_of(folder, [slices[row] for row in known])
    unknown = [name for system in GRADING_SYSTEMS.values() for name in system.outputs]
    found: list[Grades] = [dict.fromkeys((*unknown, *AUXILIARY)) for _ in slices]
    for number, row in enumerate(known):
        one = slices[row]
        said = {code: table[one.patient, one.level][code] for code in ("CS", "BULGE")}
        said |= {code: int(notes[name][number]) for code, name in OF_NOTES.items()}
        found[row] |= {code: None if grade == MISSING else grade for code, grade in said.items()}
    return found


def without_findings(grades: Mapping[str, int | None]) -> bool:
    """Say whether a slice is called normal: no significance, no bulge, nothing else named.

    Examples
    --------
    >>> without_findings({"CS": 0, "BULGE": 0, "HERNIATION": 0, "ROOT": None})
    True
    >>> without_findings({"CS": 0, "BULGE": None, "HERNIATION": 0, "ROOT": 0})
    False
    """
    said = {code: grades.get(code) for code in AUXILIARY}
    return said["CS"] == said["BULGE"] == 0 and not any(said.values())


def descriptions() -> list[dict[str, object]]:
    """Return the auxiliary systems as ``cohort.json`` holds them."""
    return [SYSTEMS[code].to_dict() for code in AUXILIARY]
