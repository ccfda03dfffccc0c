"""What a reader must know about a split: its counts, and what was not compared."""

from __future__ import annotations

from lumbargrade.cohort.split.file import ALL_PARTS, named
from lumbargrade.cohort.split.make import SplitResult
from lumbargrade.files.table import TextTable


def summary_table(result: SplitResult) -> TextTable:
    """Return the patients of each part by their worst grade."""
    worst = result.patients.worst_grades
    grades = sorted({one for one in worst.values() if one is not None})
    rows = []
    for part in ALL_PARTS:
        some = [worst[one] for one, where in result.assigned.parts.items() if where == part]
        if some:
            counts = (some.count(grade) for grade in (*grades, None))
            rows.append((part, str(len(some)), *map(str, counts)))
    columns = ("part", "patients", *(f"grade {grade}" for grade in grades), "no grade")
    return TextTable("split", "Patients by worst grade", columns, tuple(rows))


def remarks(result: SplitResult) -> list[str]:
    """Return what a reader must know about the split beside its counts."""
    pictures = result.patients.pictures
    without = sum(one.picture_code is None for one in pictures)
    lines = []
    if without:
        lines.append(
            f"{without} of {len(pictures)} images were not compared (no code; of an archive "
            "give --index): a person under two names can be in two parts."
        )
    if result.assigned.alike:
        pairs = [f"{one} and {other}" for one, other in result.assigned.alike]
        lines.append(
            f"Kept together because of near-identical images or a common series: {named(pairs)}."
        )
    return lines
