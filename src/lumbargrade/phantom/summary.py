"""How often each grade occurs in a cohort of simulated patients."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lumbargrade.cohort.write import truth_path
from lumbargrade.errors import CohortError
from lumbargrade.files.table import TextTable
from lumbargrade.grading.summary import worst


@dataclass(frozen=True)
class CohortSummary:
    """What lies in the cohort when all is done.

    ``made`` patients were simulated now, ``found`` ones were there already. ``slices`` counts
    (system, image grade) over axial slices; grade None = missing, and the image grade of a system
    with sides is the worse side. ``patients`` counts patients with at least one such slice.
    """

    folder: Path
    made: int
    found: int
    slices: Counter[tuple[str, int | None]] = field(default_factory=Counter)
    patients: Counter[tuple[str, int | None]] = field(default_factory=Counter)


def summarise(out: Path, patients: Sequence[str], made: int) -> CohortSummary:
    """Count the grades of these patients of the cohort in folder ``out``.

    Raises CohortError if a truth file is damaged.
    """
    summary = CohortSummary(out, made=made, found=len(patients) - made)
    for patient in patients:
        path = truth_path(out, patient)
        try:
            slices = json.loads(path.read_text(encoding="utf-8"))["slices"]
            seen = [found for item in slices for found in _image_grades(item["grades"]).items()]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CohortError(
                f"{path}: not a truth file ({error}): delete it to simulate the patient again"
            ) from error
        summary.slices.update(seen)
        summary.patients.update(set(seen))
    return summary


def _image_grades(grades: Mapping[str, int | None]) -> dict[str, int | None]:
    """Return one grade per system from one per output: the worse side that is known."""
    image: dict[str, int | None] = {}
    for output, grade in grades.items():
        system = output.split("_")[0]
        image[system] = worst((image.get(system), grade))
    return image


def prevalence_table(summary: CohortSummary) -> TextTable:
    """Return the share of axial slices with each grade, and in how many patients it occurs."""
    slices, patients = summary.slices, summary.patients
    grades = sorted({grade for _, grade in slices if grade is not None})
    rows = []
    for system in dict.fromkeys(system for system, _ in slices):
        known = sum(slices[system, grade] for grade in grades)
        cells = (
            f"{slices[system, grade] / max(known, 1):.1%}\n"
            f"{slices[system, grade]} / {patients[system, grade]}"
            for grade in grades
        )
        rows.append((system, *cells, str(slices[system, None])))
    return TextTable(
        "prevalence",
        "Axial slices by grade: share, slices / patients",
        ("system", *(f"grade {grade}" for grade in grades), "no grade"),
        tuple(rows),
    )
