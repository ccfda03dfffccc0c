"""Read one study of one patient: DICOM files, folders and zips, a picture, a NIfTI file."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import NotGraded
from lumbargrade.study.dicom.file import NO_IMAGE, DicomFile, read_dicom
from lumbargrade.study.limits import DEFAULT_OPTIONS, Budget, ReadOptions
from lumbargrade.study.model import Series, Slice, Study
from lumbargrade.study.sources import Kind, SourceFile, read_sources, shown
from lumbargrade.study.volumes.nifti import read_nifti
from lumbargrade.study.volumes.picture import read_picture

__all__ = ["ReadOptions", "read_study"]


def read_study(
    paths: str | Path | Sequence[str | Path], options: ReadOptions = DEFAULT_OPTIONS
) -> Study:
    """Read a folder, file or zip, or several of them, as one study of one patient.

    Every file is read once; pixels are decoded when ``Slice.load_pixels`` is called. What cannot be
    read or holds no image is listed in ``Study.not_read`` with the reason, and the study goes on
    without it. Raises StudyError if there is nothing to read, no file holds a readable slice, the
    files are of several patients or studies, or two different slices share a SOP Instance UID.

    Examples
    --------
    >>> read_study("no/such/folder")
    Traceback (most recent call last):
    lumbargrade.errors.StudyError: no/such/folder: no such file or folder: check the path
    """
    given = tuple(map(Path, (paths,) if isinstance(paths, str | Path) else paths))
    if not given:
        raise StudyError("no file or folder was given: name the study to grade")
    where = ", ".join(shown(str(path)) for path in given[:3])
    files: list[DicomFile] = []
    others: list[SourceFile] = []
    not_read: list[NotGraded] = []
    with warnings.catch_warnings():
        # pydicom warns of every oddity in a header; what matters is checked here.
        warnings.simplefilter("ignore")
        for source in read_sources(given, Budget(options)):
            found = _sort_out(source, options)
            if isinstance(found, DicomFile):
                files.append(found)
            elif isinstance(found, SourceFile):
                others.append(found)
            else:
                not_read.append(found)
        if not (files or others or not_read):
            what = "folder" if given[0].is_dir() else "zip"
            raise StudyError(f"{where}: the {what} is empty: give a folder with a DICOM study")
        if files:
            not_read += [
                NotGraded(other.name, f"a {other.kind.value} beside DICOM files is not graded")
                for other in others
            ]
            return _study(files, not_read, where)
        if others:
            return _study_without_header(others, not_read, where, options)
    raise _nothing_read(where, not_read)


def _sort_out(
    source: SourceFile | NotGraded, options: ReadOptions
) -> DicomFile | SourceFile | NotGraded:
    """Read a DICOM file, pass a picture or a volume on, or say why a file is left out."""
    if isinstance(source, NotGraded):
        return source
    if source.kind is Kind.OTHER:
        return NotGraded(source.name, f"{NO_IMAGE} file that can be read")
    if source.kind is not Kind.DICOM:
        return source
    try:
        return read_dicom(source, options)
    except StudyError as error:
        return NotGraded(source.name, str(error))
    except Exception as error:  # a hostile header raises anything, and is left out
        reason = f"damaged DICOM file ({type(error).__name__}): export it again"
        return NotGraded(source.name, reason)


def _study_without_header(
    others: Sequence[SourceFile], not_read: list[NotGraded], where: str, options: ReadOptions
) -> Study:
    if len(others) > 1:
        raise StudyError(
            f"{where}: {len(others)} images without DICOM headers: nothing says that they "
            "are of one patient; give them one at a time"
        )
    source = others[0]
    reader = read_picture if source.kind is Kind.PICTURE else read_nifti
    return replace(reader(source, options), not_read=tuple(not_read))


def _nothing_read(where: str, not_read: Sequence[NotGraded]) -> StudyError:
    first = next((item for item in not_read if not item.reason.startswith(NO_IMAGE)), None)
    if first is None:
        count = len(not_read)
        told = "its only file is no" if count == 1 else f"none of its {count} files is a"
        return StudyError(f"{where}: {told} DICOM image: give a folder with a DICOM study")
    more = f" (and {len(not_read) - 1} more files)" if len(not_read) > 1 else ""
    return StudyError(f"{where}: no slice can be read: {first.what}: {first.reason}{more}")


def _study(files: list[DicomFile], not_read: list[NotGraded], where: str) -> Study:
    _check_one_patient(files, where)
    _check_one_study(files, where)
    kept = _without_copies(files, not_read, where)
    by_series: dict[str, list[DicomFile]] = {}
    for file in kept:
        by_series.setdefault(file.series_instance_uid, []).append(file)
    series = tuple(_series(members) for members in by_series.values())
    return Study(
        study_instance_uid=kept[0].study_instance_uid,
        patient_id=kept[0].patient.patient_id[:64],
        series=series,
        not_read=tuple(not_read),
    )


def _series(files: Sequence[DicomFile]) -> Series:
    slices: tuple[Slice, ...] = tuple(item for file in files for item in file.slices)
    first = files[0]
    return Series(first.series_instance_uid, first.series_number, slices[0].acquisition, slices)


def _check_one_patient(files: Sequence[DicomFile], where: str) -> None:
    first = files[0]
    for file in files[1:]:
        a, b = first.patient, file.patient
        other_id = a.patient_id != b.patient_id
        other_birth = bool(a.birth_date and b.birth_date) and a.birth_date != b.birth_date
        other_name = not a.patient_id and a.name.casefold() != b.name.casefold()
        if other_id or other_birth or other_name:
            # Files are named and patients are not: this line may end up in a log.
            raise StudyError(
                f"{where}: files of several patients, for example {first.name} and {file.name}: "
                "give one patient at a time"
            )


def _check_one_study(files: Sequence[DicomFile], where: str) -> None:
    first = files[0]
    for file in files[1:]:
        if file.study_instance_uid != first.study_instance_uid:
            raise StudyError(
                f"{where}: several studies of one patient, for example {first.name} and "
                f"{file.name}: give one study at a time"
            )


def _without_copies(
    files: Sequence[DicomFile], not_read: list[NotGraded], where: str
) -> list[DicomFile]:
    kept: dict[str, DicomFile] = {}
    for file in files:
        known = kept.setdefault(file.sop_instance_uid, file)
        if known is file:
            continue
        if not _same_picture(known, file):
            raise StudyError(
                f"{where}: {known.name} and {file.name} are different but share one SOP "
                "Instance UID: export the study again"
            )
        not_read.append(
            NotGraded(
                file.name,
                f"a copy of {known.name} (same SOP Instance UID)",
                file.sop_instance_uid,
                file.series_instance_uid,
            )
        )
    return list(kept.values())


def _same_picture(a: DicomFile, b: DicomFile) -> bool:
    if [item.geometry for item in a.slices] != [item.geometry for item in b.slices]:
        return False
    if a.pixel_data == b.pixel_data:
        return True
    try:
        # The same slice may have been stored twice, compressed and not.
        return all(
            np.array_equal(x.load_pixels(), y.load_pixels())
            for x, y in zip(a.slices, b.slices, strict=True)
        )
    except StudyError:
        return False
