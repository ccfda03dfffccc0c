"""The list of manual exclusions: ``patient,reason`` and, if wanted, ``note``.

Notes are for the reader who wrote them; they go nowhere, as they may name a person.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from lumbargrade.archive.patient_lookup import PatientLookup
from lumbargrade.errors import CohortError
from lumbargrade.files.read_table import table_rows

COLUMNS = ("patient", "reason")


def read_exclusions(
    path: Path, names: PatientLookup, reasons: Collection[str], used: Collection[str]
) -> Mapping[str, frozenset[str]]:
    """Return reason -> the patients (pseudonyms) who are listed for it.

    Parameters
    ----------
    names : finds a patient of the list in the index.
    reasons : those that are known; ``used`` are those that a rule excludes for.

    Raises
    ------
    CohortError
        If the file cannot be read, a reason is unknown or no rule's, or a patient is not
        in the index; the message names the line.
    """
    found: dict[str, set[str]] = {reason: set() for reason in reasons}
    for line, row in table_rows(path, COLUMNS, CohortError):
        where, reason = f"{path}: line {line}", row["reason"].lower()
        if reason not in found:
            raise CohortError(
                f"{where}: reason {row['reason']!r} is unknown: use {', '.join(reasons)}, or add "
                "it to more_reasons in the rules"
            )
        if reason not in used:
            raise CohortError(
                f"{where}: no rule excludes for {reason!r}: add a [[rule]] with "
                f'listed_for = ["{reason}"]'
            )
        patient = names.find(row["patient"])
        if patient is None:
            raise CohortError(
                f"{where}: patient {row['patient']!r} is not in the index{names.advice}"
            )
        found[reason].add(patient)
    return {reason: frozenset(patients) for reason, patients in found.items()}
