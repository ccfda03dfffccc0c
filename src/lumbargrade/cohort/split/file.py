"""A split on disk: the part of each patient, locked so that no patient is moved unnoticed.

Each patient carries a seal of their name and part, so that a file that was edited by
hand names who was moved; a checksum covers the rest. The seals hold against slips, not
against forgery.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeGuard

from lumbargrade.cohort.split.stratify import EXTERNAL, PARTS, TRAINING_PARTS
from lumbargrade.errors import CohortError
from lumbargrade.files.write import write_json

SPLIT_SCHEMA = "lumbargrade.split/2"
UNSEALED_SCHEMA = "lumbargrade.split/1"
"""Of earlier runs, without seals; read, not written."""
FILE_NAME = "split.json"
ALL_PARTS = (*PARTS, EXTERNAL)
NAMED = 10
"""Patients that an error names; the others are counted."""


class Picture(Protocol):
    """What a split must know of a picture to know it again."""

    @property
    def patient_id(self) -> str:
        """Whose it is."""

    @property
    def series_instance_uid(self) -> str:
        """Of its series."""

    @property
    def picture_code(self) -> str | None:
        """As in ``study.likeness.perceptual_hash``; None where it is not known."""


def write_split(
    path: Path,
    parts: Mapping[str, str],
    pictures: Iterable[Picture] = (),
    made: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
) -> None:
    """Write a split as JSON: part -> sorted patients, and how training patients are recognised.

    Parameters
    ----------
    pictures : of these patients; the series and picture codes of those in train and
        validation are written (see ``cohort.split.leakage``).
    made : how the split was made, as plain data.
    before : the data of the split that this one extends; its training patients stay.
    """
    data: dict[str, Any] = {"schema": SPLIT_SCHEMA}
    if made is not None:
        data["made"] = dict(made)
    for part in ALL_PARTS:
        data[part] = sorted(patient for patient, where in parts.items() if where == part)
    earlier = (before or {}).get("learnt") or {}
    series, codes = set(earlier.get("series", ())), set(earlier.get("picture_codes", ()))
    for one in pictures:
        if parts[one.patient_id] in TRAINING_PARTS:
            series.add(one.series_instance_uid)
            codes |= {one.picture_code} - {None}
    if series:
        data["learnt"] = {"series": sorted(series), "picture_codes": sorted(codes)}
    data["seals"] = {patient: _seal(patient, parts[patient]) for patient in sorted(parts)}
    data["checksum"] = checksum(data)
    write_json(path, data)


def read_split(path: Path) -> dict[str, str]:
    """Read a split: patient -> part. Raises CohortError as :func:`read_split_file`."""
    return parts_of(read_split_file(path), path)


def read_split_file(path: Path) -> dict[str, Any]:
    """Read the file of a split as plain data, and hold it to its seals.

    Raises CohortError if it cannot be read, is not a split, has a patient in two parts, or was
    changed after it was locked; a patient who was moved is named.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CohortError(
            f"{path}: the split cannot be read ({error.strerror}): name the file of the split"
        ) from error
    except ValueError as error:
        raise CohortError(f"{path}: the split cannot be read ({error}): split again") from error
    known = (SPLIT_SCHEMA, UNSEALED_SCHEMA)
    if not isinstance(data, dict) or data.get("schema") not in known:
        raise CohortError(f"{path}: is not a split of the schema {SPLIT_SCHEMA!r}: split again")
    parts = parts_of(data, path)
    if data["schema"] == SPLIT_SCHEMA:
        _check_seals(data, parts, path)
    return data


def parts_of(data: Mapping[str, Any], path: Path) -> dict[str, str]:
    """Return patient -> part of the data of a split; ``path`` is for messages.

    Raises CohortError if a part is not a list of patients, or has a patient of another part.
    """
    parts: dict[str, str] = {}
    for part in PARTS if data["schema"] == UNSEALED_SCHEMA else ALL_PARTS:
        patients = data.get(part)
        if not is_texts(patients):
            raise CohortError(f"{path}: '{part}' is not a list of patients: split again")
        for patient in patients:
            if patient in parts:
                raise CohortError(
                    f"{path}: patient {patient} is in {parts[patient]} and in {part}: split again"
                )
            parts[patient] = part
    return parts


def refuse_moved(locked: Mapping[str, str], parts: Mapping[str, str], path: Path) -> None:
    """Raise if a patient has another part than the one locked in the file ``path``.

    Raises CohortError, which names the patients and both parts.
    """
    moved = [
        f"{patient} (from {locked[patient]} to {part})"
        for patient, part in sorted(parts.items())
        if locked.get(patient, part) != part
    ]
    if moved:
        raise CohortError(
            f"{path}: locked patients would be moved: {named(moved)}: a patient stays in the "
            "part where a model may have been trained on them; keep the locked split"
        )


def named(texts: list[str]) -> str:
    """Return the first of these in one line, and how many more there are."""
    more = f" and {len(texts) - NAMED} more" if len(texts) > NAMED else ""
    return ", ".join(texts[:NAMED]) + more


def is_texts(value: Any) -> TypeGuard[list[str]]:
    """Return whether this is a list of texts."""
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def checksum(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 of everything in the file but its own entry."""
    rest = {key: value for key, value in data.items() if key != "checksum"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def _seal(patient: str, part: str) -> str:
    return hashlib.sha256(f"{patient}\0{part}".encode()).hexdigest()[:16]


def _check_seals(data: Mapping[str, Any], parts: Mapping[str, str], path: Path) -> None:
    seals = data.get("seals")
    if not isinstance(seals, dict):
        raise CohortError(f"{path}: has no seals: use the file as written by 'cohort split'")
    faults = []
    for patient in sorted({*parts, *seals}):
        locked = next((one for one in ALL_PARTS if _seal(patient, one) == seals.get(patient)), "")
        found = parts.get(patient, "")
        if not locked:
            faults.append(f"{patient} was never locked and is now in {found or 'the seals'}")
        elif locked != found:
            where = f"is now in {found}" if found else "is gone"
            faults.append(f"{patient} was locked in {locked} and {where}")
    if faults:
        raise CohortError(
            f"{path}: was changed after it was locked: {named(faults)}: restore the original file"
        )
    if data.get("checksum") != checksum(data):
        raise CohortError(
            f"{path}: was changed after it was locked (its checksum differs): restore the "
            "original file"
        )
