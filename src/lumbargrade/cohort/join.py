"""Several cohorts as one, such as an internal and an external test set."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lumbargrade.cohort.manifest import Cohort
from lumbargrade.errors import CohortError


def join_cohorts(cohorts: Sequence[Cohort]) -> Cohort:
    """Return the slices of all cohorts; one alone comes back as it is.

    Two cohorts may use the same names for different patients, so each patient is named
    ``<folder>/<patient>``. The result is simulated if any of the cohorts is.

    Raises
    ------
    CohortError
        If two folders have one name, or one picture is in two cohorts.
    """
    if len(cohorts) == 1:
        return cohorts[0]
    names = [one.folder.name for one in cohorts]
    owners: dict[str, Path] = {}
    slices = []
    for cohort in cohorts:
        if names.count(cohort.folder.name) > 1:
            raise CohortError(
                f"two cohorts are named {cohort.folder.name}, so their patients cannot be told "
                "apart: give the same cohort once, or rename a folder"
            )
        for one in cohort.slices:
            other = owners.setdefault(one.sop_instance_uid, cohort.folder)
            if other != cohort.folder:
                raise CohortError(
                    f"SOP Instance UID {one.sop_instance_uid} is in {other} and in "
                    f"{cohort.folder}: give cohorts that share no picture"
                )
            slices.append(replace(one, patient_id=f"{cohort.folder.name}/{one.patient_id}"))
    return Cohort(
        folder=Path("+".join(names)),
        simulated=any(one.simulated for one in cohorts),
        slices=tuple(slices),
        fingerprint=hashlib.sha256(
            "".join(one.fingerprint for one in cohorts).encode()
        ).hexdigest(),
    )
