"""Write a cohort folder: what :func:`lumbargrade.cohort.read.read_cohort` reads.

The pictures that are used are taken into the folder, so that the cohort is whole by
itself: as a second name of the same file where the disk allows it (a hard link, which
needs no room), as a copy otherwise.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lumbargrade import __version__
from lumbargrade.cohort.read import COHORT_SCHEMA, TRUTH_SCHEMA, CohortSlice
from lumbargrade.files.write import write_json

DECIMALS = 4
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def safe_name(text: str) -> str:
    """Return a text as the name of a file: nothing but letters, digits, dot, dash, underscore.

    Examples
    --------
    >>> safe_name("../Case 7")
    'Case_7'
    """
    return _UNSAFE.sub("_", text).strip("._-")[:80] or "unnamed"


def unique_name(text: str, taken: set[str]) -> str:
    """Return :func:`safe_name` of ``text``, with a number if it is taken, and take it."""
    stem = name = safe_name(text)
    number = 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    taken.add(name)
    return name


def take_in(source: Path, target: Path) -> None:
    """Put a file into the cohort: a hard link where that is possible, else a copy."""
    target.parent.mkdir(parents=True, exist_ok=True)
    source = source.resolve()
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def write_patient(folder: Path, study_instance_uid: str, slices: Sequence[CohortSlice]) -> None:
    """Write ``truth/<patient>.json`` of the slices (at least one) of one patient.

    ``file`` of each slice lies below ``folder``.
    """
    first = slices[0]
    content = {
        "schema": TRUTH_SCHEMA,
        "patient_id": first.patient_id,
        "age_years": first.age_years,
        "sex": first.sex,
        "scanner": {
            "name": first.scanner,
            "external": first.external,
            "magnetic_field_strength_t": first.field_strength_t,
        },
        "study_instance_uid": study_instance_uid,
        "slices": [_slice(one, folder) for one in slices],
    }
    _write_json(folder / "truth" / f"{first.patient_id}.json", content)


def write_description(folder: Path, patients: int, origin: str, simulated: bool = False) -> None:
    """Write ``cohort.json``; last, since it says that the cohort is whole."""
    content = {
        "schema": COHORT_SCHEMA,
        "patients": patients,
        "simulated": simulated,
        "origin": origin,
        "software_version": __version__,
    }
    _write_json(folder / "cohort.json", content)


def _slice(one: CohortSlice, folder: Path) -> dict[str, Any]:
    return {
        "file": one.file.relative_to(folder).as_posix(),
        "series_instance_uid": one.series_instance_uid,
        "sop_instance_uid": one.sop_instance_uid,
        "picture_code": one.picture_code,
        "contrast": one.contrast,
        "level": None if one.level is None else str(one.level),
        "disc_in_plane": one.disc_in_plane,
        "region": _region(one),
        "grades": dict(one.grades),
    }


def _region(one: CohortSlice) -> dict[str, list[float] | None] | None:
    if one.center_px is None:
        return None
    parts = ("center_px", "center_mm", "box_px", "size_mm")
    return {name: _rounded(getattr(one, name)) for name in parts}


def _rounded(values: Sequence[float] | None) -> list[float] | None:
    return None if values is None else [round(float(value), DECIMALS) for value in values]


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, content)
