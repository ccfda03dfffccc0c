"""Split a cohort by patient into train, validation and test."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeGuard

from lumbargrade.cohort.manifest import CohortSlice
from lumbargrade.errors import CohortError

PARTS = ("train", "validation", "test")
LEARNT_PARTS = ("train", "validation")
"""What a model has learnt from: validation chose the epoch and the temperatures."""
SPLIT_SCHEMA = "lumbargrade.split/1"


def split_patients(
    patient_ids: Iterable[str],
    worst_grades: Mapping[str, int | None],
    seed: int,
    fractions: tuple[float, float, float] = (0.7, 0.15, 0.15),
) -> dict[str, str]:
    """Return patient -> ``"train"``, ``"validation"`` or ``"test"``.

    Patients with the same worst grade are shuffled and dealt out in turn to the part
    that is furthest behind, so that each part has its share of every grade.

    Parameters
    ----------
    patient_ids : a patient may be named more than once (once per study) and still has one part.
    worst_grades : worst known grade by patient; None, or no entry, where nothing is known.
    seed : same seed and patients, same split; the order of ``patient_ids`` does not matter.
    fractions : of train, validation and test; they sum to 1.

    Raises
    ------
    CohortError
        If a fraction is negative or they do not sum to 1.
    """
    if min(fractions) < 0 or abs(sum(fractions) - 1) > 1e-9:
        raise CohortError(f"split fractions {fractions} must be 0 or more and sum to 1")
    dealer = random.Random(seed)
    strata: dict[int, list[str]] = {}
    for patient in sorted(set(patient_ids)):
        grade = worst_grades.get(patient)
        strata.setdefault(-1 if grade is None else grade, []).append(patient)
    counts = [0, 0, 0]
    parts: dict[str, str] = {}
    # The rarest, highest grades first: they are dealt out while every part is empty.
    for grade in sorted(strata, reverse=True):
        dealer.shuffle(strata[grade])
        for patient in strata[grade]:
            dealt = len(parts) + 1
            behind = [share * dealt - count for share, count in zip(fractions, counts, strict=True)]
            chosen = behind.index(max(behind))
            counts[chosen] += 1
            parts[patient] = PARTS[chosen]
    return parts


def write_split(path: Path, parts: Mapping[str, str], slices: Iterable[CohortSlice] = ()) -> None:
    """Write a split as JSON: part -> sorted patients, and by what the learnt ones are known again.

    Parameters
    ----------
    slices : of these patients; the series and picture codes of those in train and validation
        are written (see ``cohort.lock``).
    """
    data: dict[str, object] = {"schema": SPLIT_SCHEMA}
    for part in PARTS:
        data[part] = sorted(patient for patient, where in parts.items() if where == part)
    learnt = [one for one in slices if parts[one.patient_id] in LEARNT_PARTS]
    if learnt:
        codes = {one.picture_code for one in learnt if one.picture_code is not None}
        data["learnt"] = {
            "series": sorted({one.series_instance_uid for one in learnt}),
            "picture_codes": sorted(codes),
        }
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def read_split(path: Path) -> dict[str, str]:
    """Read a split: patient -> part.

    Raises
    ------
    CohortError
        If the file cannot be read, is not a split, or has a patient in two parts.
    """
    return parts_of(read_split_file(path), path)


def read_split_file(path: Path) -> dict[str, Any]:
    """Read the file of a split as plain data.

    Raises
    ------
    CohortError
        If it cannot be read or is not a split.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CohortError(f"{path}: the split cannot be read ({error}): split again") from error
    if not isinstance(data, dict) or data.get("schema") != SPLIT_SCHEMA:
        raise CohortError(f"{path}: is not a split of the schema {SPLIT_SCHEMA!r}: split again")
    return data


def parts_of(data: Mapping[str, Any], path: Path) -> dict[str, str]:
    """Return patient -> part of the data of a split; ``path`` is for messages.

    Raises
    ------
    CohortError
        If a part is not a list of patients, or has a patient of another part.
    """
    parts: dict[str, str] = {}
    for part in PARTS:
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


def is_texts(value: Any) -> TypeGuard[list[str]]:
    """Return whether this is a list of texts."""
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
