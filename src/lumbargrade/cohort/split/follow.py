"""Give every patient the part that another split gives them."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.archive.pseudonym import Pseudonyms, read_key
from lumbargrade.cohort.split.file import named, read_split
from lumbargrade.cohort.split.patients import SplitPatients
from lumbargrade.errors import CohortError


def followed_parts(patients: SplitPatients, split: Path, key: Path | None) -> dict[str, str]:
    """Return the part that another split gives each patient, by name or by pseudonym.

    Parameters
    ----------
    key : of the index whose pseudonyms the split has; None: the names are the same.

    Raises
    ------
    CohortError
        If that split knows nothing of a patient, or the key cannot be read.
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
