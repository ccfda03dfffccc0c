"""Assign patients to parts, beside what was locked before, or as another split has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from lumbargrade.archive.pseudonym import Pseudonyms, read_key
from lumbargrade.cohort.split.file import named, read_split
from lumbargrade.cohort.split.patients import SplitPatients
from lumbargrade.cohort.split.stratify import DEFAULT_SHARES, EXTERNAL, PARTS, Tied, split_patients
from lumbargrade.errors import CohortError
from lumbargrade.study.likeness.perceptual_hash import alike

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class AssignmentOptions:
    """How patients are assigned.

    Attributes
    ----------
    shares : of train, validation and test; they sum to 1.
    external : the whole cohort is an external test set.
    kept : patient -> part that was locked before and stays.
    needed : parts that must not be empty, unless their share is 0.
    """

    seed: int = 7
    shares: tuple[float, float, float] = DEFAULT_SHARES
    external: bool = False
    kept: Mapping[str, str] = field(default_factory=dict)
    needed: tuple[str, ...] = PARTS


@dataclass(frozen=True)
class Assignment:
    """Who went where: patient -> part.

    ``alike`` are pairs of patients with a picture or series in common, who went to one part.
    """

    parts: Mapping[str, str]
    alike: tuple[tuple[str, str], ...]


def assign_parts(
    patients: SplitPatients, options: AssignmentOptions, tell: Progress = lambda _done, _total: None
) -> Assignment:
    """Return the part of every patient.

    Patients of an external scanner go to the external part whatever the shares. ``tell`` is called
    with (pictures compared, all pictures). Raises CohortError if a needed part would be empty, or
    one picture is in an external set and in another part.
    """
    if options.external:
        return Assignment(dict.fromkeys(sorted(patients.worst_grades), EXTERNAL), ())
    pairs = tuple(sorted(_alike(patients, tell)))
    outside = {one for one in patients.external if options.kept.get(one, EXTERNAL) == EXTERNAL}
    outside |= {one for one, part in options.kept.items() if part == EXTERNAL}
    for one, other in pairs:
        if (one in outside) != (other in outside):
            raise CohortError(
                f"patients {one} and {other} have near-identical images and one of them is "
                "external: exclude one of them, as they may be one patient under two names"
            )
    parts = split_patients(
        patients.worst_grades.keys() - outside,
        patients.worst_grades,
        options.seed,
        options.shares,
        Tied(pairs, options.kept),
    )
    _refuse_empty(parts, options)
    external = dict.fromkeys(sorted(outside & patients.worst_grades.keys()), EXTERNAL)
    return Assignment({**parts, **external}, pairs)


def _alike(patients: SplitPatients, tell: Progress) -> set[tuple[str, str]]:
    """Every two patients who have a picture, or a whole series, in common."""
    codes = [one.picture_code for one in patients.pictures]
    pairs = alike(codes, [one.patient_id for one in patients.pictures], tell)
    owners: dict[str, set[str]] = {}
    for one in patients.pictures:
        owners.setdefault(one.series_instance_uid, set()).add(one.patient_id)
    for shared in owners.values():
        pairs.update(pairwise(sorted(shared)))
    return pairs


def _refuse_empty(parts: Mapping[str, str], options: AssignmentOptions) -> None:
    found = set(parts.values())
    for part, share in zip(PARTS, options.shares, strict=True):
        if share > 0 and part in options.needed and part not in found:
            raise CohortError(
                f"{len(parts)} patients are too few: none is left for {part}; use at least 10"
            )


def followed_parts(patients: SplitPatients, split: Path, key: Path | None) -> dict[str, str]:
    """Return the part that another split gives each patient, by name or by pseudonym.

    ``key`` is that of the index whose pseudonyms the split has; None: the names are the same.
    Raises CohortError if that split knows nothing of a patient, or the key cannot be read.
    """
    parts = read_split(split)
    known = {patient: patient for patient in patients.worst_grades}
    if key is not None:
        pseudonyms = Pseudonyms(read_key(key))
        known |= {
            patient: pseudonyms.of("patient", patient) for patient in known if patient not in parts
        }
    strangers = sorted(patient for patient, name in known.items() if name not in parts)
    if strangers:
        raise CohortError(
            f"{split}: does not contain {len(strangers)} patients of {patients.name} "
            f"({named(strangers)}): give the split of these patients, with the key of the index "
            "(--key) where it has pseudonyms"
        )
    return {patient: parts[name] for patient, name in known.items()}
