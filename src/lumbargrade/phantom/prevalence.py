"""How often each grade occurs in a simulated cohort."""

from __future__ import annotations

from lumbargrade.files.table import TextTable
from lumbargrade.phantom.summary import CohortSummary


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
