"""The tables and drawings of readers, and the study to which each drawing belongs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.cohort.discs import note_disc_contradictions
from lumbargrade.cohort.imports.boxes import BoxRow, read_boxes
from lumbargrade.cohort.imports.masks import MASK_ENDINGS, label
from lumbargrade.cohort.imports.studies import Source
from lumbargrade.errors import CohortError
from lumbargrade.grading.system import READ_SYSTEMS, Unit
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.read import Asked, Reading, first_readings, read_readings


@dataclass(frozen=True)
class ImportTables:
    """What readers made: boxes, drawings (with the names that lead to their study), grades.

    ``grades`` are first readings without a model's help, of slices; ``disc_grades`` those of discs;
    ``notes`` say what was left out.
    """

    boxes: tuple[BoxRow, ...]
    masks: Mapping[Path, tuple[str, ...]]
    grades: tuple[Reading, ...]
    notes: tuple[str, ...] = ()
    disc_grades: tuple[Reading, ...] = ()


def read_tables(regions: Sequence[Path], grades: Path | None, faults: Faults) -> ImportTables:
    """Read the tables and list the drawings; ``regions`` may name folders of drawings.

    Raises CohortError if a file cannot be read or is of no known kind.
    """
    boxes: list[BoxRow] = []
    masks: dict[Path, tuple[str, ...]] = {}
    for given in regions:
        if given.is_dir():
            found = sorted(path for path in given.rglob("*") if _is_mask(path))
            if not found:
                raise CohortError(f"{given}: holds no {', '.join(MASK_ENDINGS)}: give the files")
            masks |= {path: _names(path, given) for path in found}
        elif _is_mask(given):
            masks[given] = _names(given, given.parent)
        elif given.suffix.lower() in (".csv", ".json"):
            boxes += read_boxes(given, faults)
        else:
            raise CohortError(
                f"{given}: regions come as .csv, COCO .json, {', '.join(MASK_ENDINGS)}, or a "
                "folder of drawings"
            )
    read = [] if grades is None else read_readings(grades, Asked(), faults, CohortError)
    rows, notes = first_readings(read)
    for row in rows:
        if row.side is None and READ_SYSTEMS[row.system].per_side:
            faults.add(row.where, f"side '' of {row.system} is unknown: use left or right")
    discs = tuple(row for row in rows if row.unit is Unit.DISC)
    note_disc_contradictions(discs, faults)
    slices = tuple(row for row in rows if row.unit is Unit.SLICE)
    return ImportTables(tuple(boxes), masks, slices, tuple(notes), discs)


def owners_of(
    masks: Mapping[Path, tuple[str, ...]], source: Source, faults: Faults
) -> dict[str, list[Path]]:
    """Return study -> its drawings, by name; a single study owns them all.

    A drawing that belongs to no study goes into ``faults``.
    """
    owners: dict[str, list[Path]] = {}
    for path, names in masks.items():
        fitting = [
            (len(alias), study.name)
            for study in source.studies
            for alias in {study.name, study.patient} - {""}
            for name in names
            if name == alias or re.match(rf"{re.escape(alias)}[ _.-]", name)
        ]
        if len(source.studies) == 1:
            owner = source.studies[0].name
        elif fitting:
            owner = max(fitting)[1]
        else:
            example = source.studies[0].name
            faults.add(
                label(path),
                "matches no study by name: name it, or its folder, like the folder of the "
                f"study, such as {example}.voi",
            )
            continue
        owners.setdefault(owner, []).append(path)
    return owners


def _is_mask(path: Path) -> bool:
    return path.is_file() and path.name.lower().endswith(MASK_ENDINGS)


def _names(path: Path, root: Path) -> tuple[str, ...]:
    """Return the names that may say whose a drawing is: its own and those of its folders."""
    stem = re.sub(r"\.(voi|nii|nii\.gz|mha)$", "", path.name, flags=re.IGNORECASE)
    return (stem, *path.relative_to(root).parts[:-1])
