"""Several cohorts as one, such as an internal and an external test set."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from lumbargrade.cohort.read import Cohort, CohortSlice
from lumbargrade.errors import CohortError
from lumbargrade.study.likeness.perceptual_hash import alike


def join_cohorts(cohorts: Sequence[Cohort]) -> Cohort:
    """Return the slices of all cohorts; one alone comes back as it is.

    Two cohorts may use the same names for different patients, so each patient is named
    ``<folder>/<patient>``, and the folder is the site. The result is simulated if any of the
    cohorts is. Raises CohortError if two folders have one name, one picture or series is in two
    cohorts, or a picture of one is nearly the same as one of the other: then a patient is in both.
    """
    if len(cohorts) == 1:
        return cohorts[0]
    names = [one.folder.name for one in cohorts]
    owners: dict[str, Path] = {}
    slices = []
    for cohort in cohorts:
        if names.count(cohort.folder.name) > 1:
            raise CohortError(
                f"two cohorts are named {cohort.folder.name}, so their patients cannot be "
                "distinguished: give each cohort once, or rename a folder"
            )
        for one in cohort.slices:
            for uid, what, shared in (
                (one.sop_instance_uid, f"SOP Instance UID {one.sop_instance_uid}", "picture"),
                (
                    one.series_instance_uid,
                    f"series {one.series_instance_uid} of {one.patient_id}",
                    "patient",
                ),
            ):
                other = owners.setdefault(uid, cohort.folder)
                if other != cohort.folder:
                    raise CohortError(
                        f"{what} is in {other} and in {cohort.folder}: give cohorts that share no "
                        f"{shared}"
                    )
            name = joined_name(cohort, one.patient_id)
            slices.append(replace(one, patient_id=name, site=cohort.folder.name))
    _refuse_alike(slices)
    return Cohort(
        folder=Path("+".join(names)),
        simulated=any(one.simulated for one in cohorts),
        slices=tuple(slices),
        fingerprint=hashlib.sha256(
            "".join(one.fingerprint for one in cohorts).encode()
        ).hexdigest(),
        origin="; ".join(dict.fromkeys(one.origin for one in cohorts if one.origin)),
    )


def joined_name(cohort: Cohort, patient: str) -> str:
    """Return how a patient of one of several cohorts is called among all."""
    return f"{cohort.folder.name}/{patient}"


def shared_names(cohorts: Sequence[Cohort]) -> list[str]:
    """Note cohorts that are not simulated and share patient names."""
    real = [one for one in cohorts if not one.simulated]
    notes = []
    for first, second in combinations(real, 2):
        names = [{one.patient_id for one in some.slices} for some in (first, second)]
        if count := len(names[0] & names[1]):
            notes.append(
                f"{count} patients of {first.folder.name} share their name with one of "
                f"{second.folder.name}; they are treated as different patients."
            )
    return notes


def _refuse_alike(slices: Sequence[CohortSlice]) -> None:
    pairs = alike([one.picture_code for one in slices], [one.patient_id for one in slices])
    across = sorted(pair for pair in pairs if len({one.split("/")[0] for one in pair}) > 1)
    if across:
        more = f" and {len(across) - 1} more pairs" if len(across) > 1 else ""
        raise CohortError(
            f"{across[0][0]} and {across[0][1]} have near-identical images{more}: give cohorts "
            "that share no patient"
        )
