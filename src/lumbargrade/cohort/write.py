"""Write a cohort folder: what :func:`lumbargrade.cohort.read.read_cohort` reads.

The pictures that are used are taken into the folder, so that the cohort is whole by
itself: as a second name of the same file where the disk allows it (a hard link, which
needs no room), as a copy otherwise.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lumbargrade import __version__
from lumbargrade.cohort.read import COHORT_FILE, COHORT_SCHEMA, TRUTH_SCHEMA, CohortSlice
from lumbargrade.errors import OutputError
from lumbargrade.files.write import write_json

DECIMALS = 4
"""Of positions and measurements in a truth file."""

_REGION = ("center_px", "center_mm", "box_px", "size_mm")
_SIMULATED_REGION = ("center_mm", "center_px", "box_px", "size_mm")
"""In the order that simulated cohorts always had: the canal's centre, then the expert's box."""

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


@dataclass(frozen=True)
class SimulatedTruth:
    """What a truth file says of a simulated patient alone: an entry for each disc, and more.

    ``scanner`` has further entries, such as its echo time; ``measures`` are those of each slice by
    name; None where one does not exist.
    """

    scanner: Mapping[str, Any]
    discs: Sequence[Mapping[str, Any]]
    measures: Sequence[Mapping[str, float | None]]


def take_in(source: Path, target: Path) -> None:
    """Put a file into the cohort: a hard link where that is possible, else a copy.

    Raises OutputError if it cannot be copied.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source.resolve(), target)
        except OSError:
            shutil.copyfile(source, target)
    except OSError as error:
        raise OutputError(
            f"{source}: cannot be copied into the cohort ({error.strerror or error}): "
            "choose -o on a disk with free space"
        ) from error


def write_patient(
    folder: Path,
    study_instance_uid: str,
    slices: Sequence[CohortSlice],
    simulated: SimulatedTruth | None = None,
) -> None:
    """Write ``truth/<patient>.json`` of the slices (at least one) of one patient.

    ``file`` of each slice lies below ``folder``.
    """
    first = slices[0]
    scanner = {
        "name": first.scanner,
        "external": first.external,
        "magnetic_field_strength_t": first.field_strength_t,
    }
    content: dict[str, Any] = {"schema": TRUTH_SCHEMA, "patient_id": first.patient_id}
    if simulated is not None:
        content["simulated"] = True
        scanner |= simulated.scanner
    content |= {
        "age_years": first.age_years,
        "sex": first.sex,
        "scanner": scanner,
        "study_instance_uid": study_instance_uid,
    }
    region = _REGION if simulated is None else _SIMULATED_REGION
    entries = [_slice(one, folder, region) for one in slices]
    if simulated is not None:
        content["discs"] = simulated.discs
        for entry, measures in zip(entries, simulated.measures, strict=True):
            entry["measures"] = measures
    _write_json(truth_path(folder, first.patient_id), content | {"slices": entries})


def write_description(folder: Path, description: Mapping[str, Any]) -> None:
    """Write ``cohort.json``: the schema, then ``description``.

    Of a cohort that is not resumed this comes last, since it says that the cohort is whole.
    """
    _write_json(folder / COHORT_FILE, {"schema": COHORT_SCHEMA, **description})


def origin_description(patients: int, origin: str, simulated: bool = False) -> dict[str, Any]:
    """Return the description of a cohort that was made of pictures that were there before."""
    return {
        "patients": patients,
        "simulated": simulated,
        "origin": origin,
        "software_version": __version__,
    }


def truth_path(folder: Path, patient_id: str) -> Path:
    """Return where the truth of a patient lies in a cohort."""
    return folder / "truth" / f"{patient_id}.json"


def rounded(values: Iterable[float]) -> list[float]:
    """Return numbers as truth files have them."""
    return [round(float(value), DECIMALS) for value in values]


def _slice(one: CohortSlice, folder: Path, region: Sequence[str]) -> dict[str, Any]:
    measures = {"measures": dict(one.measures)} if one.measures else {}
    return {
        "file": one.file.relative_to(folder).as_posix(),
        "series_instance_uid": one.series_instance_uid,
        "sop_instance_uid": one.sop_instance_uid,
        "picture_code": one.picture_code,
        "contrast": one.contrast,
        "level": None if one.level is None else str(one.level),
        "disc_in_plane": one.disc_in_plane,
        "region": None if one.center_px is None else _region(one, region),
        "grades": dict(one.grades),
        **measures,
    }


def _region(one: CohortSlice, names: Sequence[str]) -> dict[str, list[float] | None]:
    values = {name: getattr(one, name) for name in names}
    return {name: None if value is None else rounded(value) for name, value in values.items()}


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write ``content`` so that ``path`` is either whole or absent."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, content)
