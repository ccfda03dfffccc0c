"""From the names of patients that a user's own tables give to those of the index."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.archive.index.index_paths import IndexPaths
from lumbargrade.archive.pseudonym import Pseudonyms, read_key


@dataclass(frozen=True)
class PatientLookup:
    """Knows patients by their pseudonym and, where the key is at hand, by their Patient ID."""

    patients: Collection[str]
    pseudonyms: Pseudonyms | None

    def find(self, name: str) -> str | None:
        """Return the pseudonym of a patient of the index; None if not in the index."""
        if name in self.patients:
            return name
        if self.pseudonyms is not None:
            found = self.pseudonyms.of("patient", name)
            return found if found in self.patients else None
        return None

    @property
    def advice(self) -> str:
        """What to do where a name is not found, to end a message with."""
        if self.pseudonyms is None:
            return ": give its pseudonym, or the key of the index (--key) for a Patient ID"
        return ": give its pseudonym or its Patient ID as the archive writes it"


def patient_lookup(patients: Collection[str], index: Path, key: Path | None) -> PatientLookup:
    """Return how to find these patients of an index.

    ``key`` is the key file; None: the one beside the index, if it is there. Raises CohortError if
    the key that was given cannot be read.
    """
    beside = IndexPaths.of(index).key
    given = key or (beside if beside.is_file() else None)
    return PatientLookup(patients, None if given is None else Pseudonyms(read_key(given)))
