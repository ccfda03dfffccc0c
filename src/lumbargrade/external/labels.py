"""The labels of a public set, as ``cohort adapt`` has written them beside its pictures."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.cohort.adapters.adapted import LABELS_FILE
from lumbargrade.errors import CohortError, EvaluationError
from lumbargrade.files.read_table import table_rows
from lumbargrade.grading.finding import Side
from lumbargrade.grading.system import KNOWN_SYSTEMS
from lumbargrade.readings.faults import Faults

_COLUMNS = ("patient", "level", "system", "side", "grade", "sop")
_SIDES: Mapping[str, Side | None] = {"": None, **{side.value: side for side in Side}}
_AXES = ("x_mm", "y_mm", "z_mm")

Point = tuple[float, float, float]


@dataclass(frozen=True)
class ReferenceLabel:
    """One label of a level, as the set gives it.

    Attributes
    ----------
    level : name of the level, or ``"disc 3"`` where the set counts discs; empty: not known.
    grade : of ``system``; None where the set gives none.
    sop : of the picture on which it was placed; empty: not known.
    place_mm : where it was placed in the patient (LPS); None where that is not known.
    """

    patient: str
    level: str
    system: str
    side: Side | None
    grade: int | None
    sop: str = ""
    place_mm: Point | None = None


def read_labels(cohort: Path, systems: Collection[str], patient: str = "") -> list[ReferenceLabel]:
    """Read the labels of these systems from a cohort folder.

    ``patient`` comes before the name of each patient. Raises EvaluationError if the cohort has no
    labels, or none of these systems; CohortError if rows cannot be used (every fault in one line).
    """
    path = cohort / LABELS_FILE
    if not path.is_file():
        raise EvaluationError(
            f"{cohort}: has no {LABELS_FILE}: give a cohort that `lumbargrade cohort adapt` made, "
            "or evaluate without --crosswalk"
        )
    faults, labels, others = Faults(), [], set()
    for line, row in table_rows(path, _COLUMNS, EvaluationError):
        if row["system"] not in systems:
            others.add(row["system"])
            continue
        try:
            labels.append(_label(row, patient))
        except ValueError as error:
            faults.add(f"{path.name} row {line}", str(error))
    faults.check(CohortError)
    if not labels:
        raise EvaluationError(
            f"{path}: has no label of {', '.join(sorted(systems))} (but of "
            f"{', '.join(sorted(others)) or 'nothing'}): give the crosswalk of this set"
        )
    return labels


def _label(row: Mapping[str, str], prefix: str) -> ReferenceLabel:
    """Return the label of a row; raises ValueError with what is wrong."""
    system = KNOWN_SYSTEMS[row["system"]]
    side, grade, disc = row["side"].lower(), row["grade"], row.get("disc", "")
    if not row["patient"]:
        raise ValueError("no patient")
    if _SIDES.get(side, side) not in system.sides:
        raise ValueError(f"side is {row['side']!r}")
    if grade and not (grade.isdecimal() and int(grade) < len(system.grades)):
        raise ValueError(f"grade is {grade!r}")
    return ReferenceLabel(
        patient=prefix + row["patient"],
        level=row["level"] or (f"disc {disc}" if disc else ""),
        system=system.code,
        side=_SIDES[side],
        grade=int(grade) if grade else None,
        sop=row["sop"],
        place_mm=_place(row),
    )


def _place(row: Mapping[str, str]) -> Point | None:
    texts = [row.get(axis, "") for axis in _AXES]
    if not any(texts):
        return None
    try:
        x, y, z = map(float, texts)
    except ValueError:
        x = y = z = math.nan
    if not all(map(math.isfinite, (x, y, z))):
        raise ValueError(f"{', '.join(_AXES)} are {', '.join(map(repr, texts))}")
    return x, y, z
