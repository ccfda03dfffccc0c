"""An archive of compressed studies, made cheaply: few simulated patients, many copies."""

from __future__ import annotations

from pathlib import Path

import pydicom
from pydicom.uid import UID, JPEGLSLossless, RLELossless

from lumbargrade.phantom.generate import generate_cohort
from lumbargrade.phantom.options import CohortOptions

PATIENTS = 4
"""That are simulated; the studies of the archive are copies of theirs under new UIDs."""
SEED = 13
SYNTAXES = (RLELossless, JPEGLSLossless)
POISON = "poison"
"""In the names of studies that end their process; ``benchmarks.batch.poison`` sees to it."""


def write_archive(folder: Path, studies: int) -> None:
    """Write so many studies, RLE and JPEG-LS in turn, a folder each."""
    cohort = folder.with_name("cohort")
    generate_cohort(cohort, CohortOptions(min(PATIENTS, studies), SEED, severe=True))
    patients = sorted((cohort / "studies").iterdir())
    for first, patient in enumerate(patients):
        syntax = SYNTAXES[first % len(SYNTAXES)]
        for path in sorted(patient.rglob("*.dcm")):
            data = pydicom.dcmread(path)
            data.compress(syntax, generate_instance_uid=False)
            for number in range(first, studies, len(patients)):
                target = folder / f"S{number:05}" / path.relative_to(patient)
                target.parent.mkdir(parents=True, exist_ok=True)
                _rename(data, number)
                data.save_as(target)


def _rename(data: pydicom.Dataset, number: int) -> None:
    """Give a slice to the study of this number; a UID keeps its length and its own digits."""
    data.PatientID = f"S{number:05}"
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        uid = str(data[keyword].value)
        data[keyword].value = UID(f"{uid[:-12]}{number + 1:05}{uid[-7:]}")
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID


def add_poison(archive: Path, kinds: tuple[str, ...]) -> list[str]:
    """Give some studies of an archive names that end their process; return these."""
    names = []
    for kind, study in zip(kinds, sorted(archive.iterdir())[1:], strict=False):
        names.append(f"{study.name}-{POISON}-{kind}")
        study.rename(archive / names[-1])
    return names
