"""The files of one folder, divided into studies: one patient and one Study Instance UID each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from lumbargrade.grading.finding import NotGraded
from lumbargrade.study.dicom.file import DicomFile, Patient

SHOWN_STUDIES = 5
"""So many of several studies are named in a message."""


@dataclass(frozen=True)
class StudyFiles:
    """The files of one study, and those beside them that could not be read."""

    files: tuple[DicomFile, ...]
    not_read: tuple[NotGraded, ...]
    notes: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The study in the words of a message: its date and an example; no patient is named."""
        date = date_of(self.files[0].study_date) or "no date"
        return f"{date} (for example {self.files[0].name})"


def divide(files: Sequence[DicomFile], not_read: Iterable[NotGraded]) -> tuple[StudyFiles, ...]:
    """Return the studies in order of date and time, then of their first file.

    Files of two patients are never one study, whatever Study Instance UID they carry: the study
    of each then has a note. What could not be read belongs to the study of its series, else of its
    folder; where neither tells, it is listed in every study.
    """
    patients = _by_patient(files)
    found: dict[tuple[int, str], list[DicomFile]] = {}
    for file, patient in zip(files, patients, strict=True):
        found.setdefault((patient, file.study_instance_uid), []).append(file)
    studies = sorted(found.values(), key=lambda own: (own[0].study_date, own[0].study_time))
    left = _shared_out(studies, not_read)
    owners: dict[str, list[str]] = {}
    for own in studies:
        owners.setdefault(own[0].study_instance_uid, []).append(own[0].name)
    return tuple(
        StudyFiles(tuple(own), tuple(beside), _notes(own, owners[own[0].study_instance_uid]))
        for own, beside in zip(studies, left, strict=True)
    )


def several_told(studies: Sequence[StudyFiles]) -> str:
    """Say in one line that ``studies`` are several, of which dates, and where each lies."""
    patients = {_name_of(one.files[0].patient) for one in studies}
    births = {one.files[0].patient.birth_date for one in studies if one.files[0].patient.birth_date}
    of = "several patients" if max(len(patients), len(births)) > 1 else "one patient"
    named = "; ".join(one.told for one in studies[:SHOWN_STUDIES])
    more = f"; and {len(studies) - SHOWN_STUDIES} more" if len(studies) > SHOWN_STUDIES else ""
    return f"{len(studies)} studies of {of}: {named}{more}"


def date_of(stored: str) -> str:
    """Return a stored date (YYYYMMDD) as YYYY-MM-DD; "" where it is none.

    Examples
    --------
    >>> date_of("20240131"), date_of("January")
    ('2024-01-31', '')
    """
    is_date = len(stored) == 8 and stored.isascii() and stored.isdigit()
    return f"{stored[:4]}-{stored[4:6]}-{stored[6:]}" if is_date else ""


def _name_of(patient: Patient) -> tuple[str, str]:
    """What tells patients apart: their ID, without one their name."""
    return patient.patient_id, "" if patient.patient_id else patient.name.casefold()


def _by_patient(files: Sequence[DicomFile]) -> list[int]:
    """Return a number for the patient of each file.

    Two birth dates under one ID are two patients. A file without a date belongs to the only one
    with a date; where there are several, it stands alone.
    """
    births: dict[tuple[str, str], set[str]] = {}
    for file in files:
        known = births.setdefault(_name_of(file.patient), set())
        known |= {file.patient.birth_date} - {""}
    numbers: dict[tuple[tuple[str, str], str], int] = {}
    patients = []
    for file in files:
        name = _name_of(file.patient)
        birth = file.patient.birth_date if len(births[name]) > 1 else ""
        patients.append(numbers.setdefault((name, birth), len(numbers)))
    return patients


def _shared_out(
    studies: Sequence[Sequence[DicomFile]], not_read: Iterable[NotGraded]
) -> list[list[NotGraded]]:
    series = [{file.series_instance_uid for file in own} for own in studies]
    folders = [{PurePosixPath(file.name).parent for file in own} for own in studies]
    left: list[list[NotGraded]] = [[] for _ in studies]
    for item in not_read:
        owners = [n for n, uids in enumerate(series) if item.series_instance_uid in uids]
        if not owners:
            folder = PurePosixPath(item.what).parent
            owners = [n for n, places in enumerate(folders) if folder in places]
        for number in owners if len(owners) == 1 else range(len(studies)):
            left[number].append(item)
    return left


def _notes(own: Sequence[DicomFile], owners: Sequence[str]) -> tuple[str, ...]:
    other = next((name for name in owners if name != own[0].name), None)
    if other is None:
        return ()
    return (
        f"files of another patient carry the same Study Instance UID, for example {other}: they "
        "are graded apart; check the export",
    )
