"""Split a cohort by patient into train, validation and test, and hold a model to it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from lumbargrade.cohort.manifest import Cohort, CohortSlice
from lumbargrade.errors import CohortError

PARTS = ("train", "validation", "test")
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


@dataclass(frozen=True)
class Lock:
    """What a model has learnt from, as its split says.

    Attributes
    ----------
    patients : in its train or validation part; validation chose the epoch and the
        temperatures, so it counts as learnt.
    series : Series Instance UIDs of these patients; None where the split does not say.
    """

    patients: frozenset[str]
    series: frozenset[str] | None

    def learnt(self, cohort: Cohort) -> frozenset[str]:
        """Return the SOP Instance UIDs of ``cohort`` that must not be evaluated.

        The series decides, and so does the name of the patient, who may have come for a
        second study. Two simulations use the same names for different patients, so there
        the name alone says nothing.
        """
        by_name = self.series is None or not cohort.simulated
        return frozenset(
            one.sop_instance_uid
            for one in cohort.slices
            if one.series_instance_uid in (self.series or ())
            or (by_name and one.patient_id in self.patients)
        )


def write_split(path: Path, parts: Mapping[str, str], slices: Iterable[CohortSlice] = ()) -> None:
    """Write a split as JSON: part -> sorted patients, and the series of each patient.

    Parameters
    ----------
    slices : of these patients; their series let a later evaluation know them again.
    """
    data: dict[str, object] = {"schema": SPLIT_SCHEMA}
    for part in PARTS:
        data[part] = sorted(patient for patient, where in parts.items() if where == part)
    series: dict[str, set[str]] = {}
    for one in slices:
        series.setdefault(one.patient_id, set()).add(one.series_instance_uid)
    if series:
        data["series"] = {patient: sorted(uids) for patient, uids in sorted(series.items())}
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def read_split(path: Path) -> dict[str, str]:
    """Read a split: patient -> part.

    Raises
    ------
    CohortError
        If the file cannot be read, is not a split, or has a patient in two parts.
    """
    return _parts(_read(path), path)


def read_lock(path: Path) -> Lock:
    """Read from a split what was learnt.

    Raises
    ------
    CohortError
        As for :func:`read_split`, or if its series are not lists of UIDs.
    """
    data = _read(path)
    learnt = {patient for patient, part in _parts(data, path).items() if part != "test"}
    series = data.get("series")
    if series is None:
        return Lock(frozenset(learnt), None)
    if not isinstance(series, dict) or not all(map(_is_texts, series.values())):
        raise CohortError(f"{path}: 'series' is not a list of UIDs for each patient: split again")
    uids = (uid for patient in learnt for uid in series.get(patient, ()))
    return Lock(frozenset(learnt), frozenset(uids))


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CohortError(f"{path}: the split cannot be read ({error}): split again") from error
    if not isinstance(data, dict) or data.get("schema") != SPLIT_SCHEMA:
        raise CohortError(f"{path}: is not a split of the schema {SPLIT_SCHEMA!r}: split again")
    return data


def _parts(data: Mapping[str, Any], path: Path) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in PARTS:
        patients = data.get(part)
        if not _is_texts(patients):
            raise CohortError(f"{path}: '{part}' is not a list of patients: split again")
        for patient in patients:
            if patient in parts:
                raise CohortError(
                    f"{path}: patient {patient} is in {parts[patient]} and in {part}: split again"
                )
            parts[patient] = part
    return parts


def _is_texts(value: Any) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
