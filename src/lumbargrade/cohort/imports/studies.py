"""The studies that regions and grades are brought to: a folder of folders, or a cohort."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydicom.dataset import Dataset

from lumbargrade.cohort.imports.keys import Candidate, StudyMaterial
from lumbargrade.cohort.read import COHORT_FILE, CohortSlice, read_cohort
from lumbargrade.errors import CohortError, StudyError
from lumbargrade.study.dicom.references import instance_number, references_of
from lumbargrade.study.model import Slice, Study
from lumbargrade.study.read import read_study
from lumbargrade.study.series.contrast import contrast_of
from lumbargrade.study.uids import shared_uid


@dataclass(frozen=True)
class StudySource:
    """A folder with one study; ``patient`` is known where it comes out of a cohort."""

    name: str
    folder: Path
    patient: str = ""


@dataclass(frozen=True)
class Source:
    """What is imported into: studies, and for a cohort what it says of its slices already."""

    folder: Path
    studies: tuple[StudySource, ...]
    known: Mapping[str, CohortSlice] = field(default_factory=dict)
    simulated: bool = False


@dataclass(frozen=True)
class ReadStudy:
    """A study in memory, with the elements of its headers that a cohort needs."""

    material: StudyMaterial
    study: Study
    reference: Dataset


def list_sources(folder: Path) -> Source:
    """Return the studies of a cohort, or of a folder that holds a folder for each study.

    Raises CohortError if there is no such folder, it is empty, or the cohort is not whole.
    """
    if (folder / COHORT_FILE).is_file():
        return _of_cohort(folder)
    if not folder.is_dir():
        raise CohortError(f"{folder}: no such folder: give a cohort, or a folder of studies")
    entries = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    below = [path for path in entries if path.is_dir()]
    if below and len(below) == len(entries) - sum(_is_table(path) for path in entries):
        return Source(folder, tuple(StudySource(path.name, path) for path in below))
    if not entries:
        raise CohortError(f"{folder}: is empty: give a folder with one subfolder per study")
    return Source(folder, (StudySource(folder.resolve().name, folder),))


def _is_table(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in (".csv", ".json", ".txt", ".xlsx", ".md")


def _of_cohort(folder: Path) -> Source:
    cohort = read_cohort(folder)
    patients: dict[Path, str] = {}
    for one in cohort.slices:
        top = folder / Path(*one.file.relative_to(folder).parts[:2])
        patients.setdefault(top, one.patient_id)
    studies = tuple(
        StudySource(top.name, top, patient) for top, patient in sorted(patients.items())
    )
    known = {one.sop_instance_uid: one for one in cohort.slices}
    return Source(folder, studies, known, cohort.simulated)


def read_material(source: StudySource) -> ReadStudy:
    """Read the study of one folder.

    Raises CohortError if it cannot be read as one study of one patient, is not DICOM, or two of its
    pictures share a SOP Instance UID, by which tables and truth files name them.
    """
    try:
        study = read_study(source.folder)
    except StudyError as error:
        raise CohortError(f"{source.folder}: {error}") from None
    references = references_of(study)
    slices = [item for series in study.series for item in series.slices]
    reference = references.get(slices[0].sop_instance_uid)
    if reference is None:
        raise CohortError(f"{source.folder}: is not DICOM: give the study as DICOM files")
    uid = shared_uid(
        (one.series_instance_uid, one.sop_instance_uid, one.source_file) for one in slices
    )
    if uid:
        raise CohortError(
            f"{source.folder}: two pictures share the SOP Instance UID {uid}, so that no table can "
            "name one: give one series a folder, or take a public set in with 'cohort adapt'"
        )
    candidates = tuple(_candidate(source, item, references) for item in slices)
    names = {source.patient or source.name, source.name, study.patient_id} - {""}
    material = StudyMaterial(source.name, frozenset(names), study.study_instance_uid, candidates)
    return ReadStudy(material, study, reference)


def _candidate(source: StudySource, item: Slice, references: Mapping[str, Dataset]) -> Candidate:
    reference = references.get(item.sop_instance_uid)
    return Candidate(
        picture=item,
        path=source.folder / item.source_file,
        file=f"{source.name}/{item.source_file}",
        number=None if reference is None else instance_number(reference),
        contrast=contrast_of(item.acquisition),
    )
