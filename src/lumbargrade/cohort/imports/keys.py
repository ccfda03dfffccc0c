"""Which slice of a study a row of a table means."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lumbargrade.archive.keyed_names import NO_KEY, KeyedNames
from lumbargrade.readings.slice_key import SliceKey, same_file
from lumbargrade.study.model import Slice


@dataclass(frozen=True)
class Candidate:
    """One slice of a study that is being imported.

    ``file`` is the path from the folder of studies on, for comparison; ``path`` leads there.
    """

    picture: Slice
    path: Path
    file: str
    number: int | None
    contrast: str


@dataclass(frozen=True)
class StudyMaterial:
    """A study that was read, and under which names a row may speak of it.

    ``names`` knows the pseudonyms of these names, where the key is at hand.
    """

    name: str
    patients: frozenset[str]
    study_instance_uid: str
    candidates: tuple[Candidate, ...]
    names: KeyedNames = NO_KEY

    def find(self, key: SliceKey) -> list[Candidate]:
        """Return the slices that fit everything that the key says."""
        if not self.fits(key):
            return []
        return [one for one in self.candidates if _fits(one, key, self.names)]

    def fits(self, key: SliceKey) -> bool:
        """Return whether this can be the patient and the study of the key."""
        patient = any(self.names.same("patient", key.patient, one) for one in self.patients)
        study = key.study == self.name or self.names.same(
            "study", key.study, self.study_instance_uid
        )
        return (patient or not key.patient) and (study or not key.study)


def _fits(one: Candidate, key: SliceKey, names: KeyedNames) -> bool:
    sop = one.picture.sop_instance_uid
    return (
        (not key.sop or names.same("slice", key.sop, sop))
        and (not key.series or names.same("series", key.series, one.picture.series_instance_uid))
        and key.number in (None, one.number)
        and (not key.file or same_file(one.file, key.file))
        and (not key.image or names.same("slice", key.image, sop) or same_file(one.file, key.image))
    )
