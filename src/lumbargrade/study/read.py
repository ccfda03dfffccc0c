"""Read studies: DICOM files, folders and zips, a picture, a NIfTI file."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from lumbargrade.errors import OverBudgetError, StudyError
from lumbargrade.files.quiet import quietly
from lumbargrade.grading.finding import NotGraded
from lumbargrade.study.counted import TooManyElementsError
from lumbargrade.study.dicom.file import NO_IMAGE, DicomFile, read_dicom
from lumbargrade.study.dicom.parse import parse
from lumbargrade.study.intake.copies import without_copies
from lumbargrade.study.intake.divide import StudyFiles, divide, several_told
from lumbargrade.study.limits import DEFAULT_OPTIONS, Budget, ReadOptions
from lumbargrade.study.model import Series, Slice, Study
from lumbargrade.study.sources import Kind, SourceFile, read_sources, shown
from lumbargrade.study.volumes.nifti import read_nifti
from lumbargrade.study.volumes.picture import read_picture

__all__ = ["ReadOptions", "read_studies", "read_study"]

Paths = str | Path | Sequence[str | Path]


_EMPTY = f"{NO_IMAGE}: the file is empty, or begins with nothing but zeros: copy it again"


@dataclass
class _Found:
    """What lies under the given paths, sorted."""

    where: str
    budget: Budget
    files: list[DicomFile] = field(default_factory=list)
    others: list[SourceFile] = field(default_factory=list)
    not_read: list[NotGraded] = field(default_factory=list)


def read_study(paths: Paths, options: ReadOptions = DEFAULT_OPTIONS) -> Study:
    """Read a folder, file or zip, or several of them, as one study of one patient.

    As :func:`read_studies`, and raises StudyError where these are several studies; the message
    names their dates and an example of each.

    Examples
    --------
    >>> read_study("no/such/folder")
    Traceback (most recent call last):
    lumbargrade.errors.StudyError: no/such/folder: no such file or folder: check the path
    """
    found = _read(paths, options)
    if not found.files:
        return _study_without_header(found, options)
    studies = divide(found.files, found.not_read)
    if len(studies) > 1:
        raise StudyError(
            f"{found.where}: {several_told(studies)}: give one study at a time, or grade each with "
            "'lumbargrade grade' (in Python: read_studies)"
        )
    return _study(studies[0])


def read_studies(paths: Paths, options: ReadOptions = DEFAULT_OPTIONS) -> tuple[Study, ...]:
    """Read a folder, file or zip, or several of them, as the studies that they hold.

    Files of one patient with one Study Instance UID are a study, in whatever folder they lie. The
    studies come in order of date and time; each of several says so in its notes. Every file is read
    once; pixels are decoded when ``Slice.load_pixels`` is called. What cannot be read or holds no
    image is listed in ``Study.not_read`` with the reason, and the study goes on without it. Raises
    StudyError if there is nothing to read, or no file holds a readable slice; OverBudgetError if
    the study is larger than ``options`` allow.
    """
    renaming = options.renaming
    if renaming is None:
        return _studies(paths, options)
    try:
        found = _studies(paths, options)
    except StudyError as error:
        kind = OverBudgetError if isinstance(error, OverBudgetError) else StudyError
        raise kind(renaming.message(str(error), _given(paths))) from None
    return tuple(map(renaming.study, found))


def _studies(paths: Paths, options: ReadOptions) -> tuple[Study, ...]:
    found = _read(paths, options)
    if not found.files:
        return (_study_without_header(found, options),)
    studies = divide(found.files, found.not_read)
    return tuple(
        _study(one, (f"one of {len(studies)} studies that lay together: of {one.told}",))
        if len(studies) > 1
        else _study(one)
        for one in studies
    )


def _given(paths: Paths) -> tuple[Path, ...]:
    return tuple(map(Path, (paths,) if isinstance(paths, str | Path) else paths))


def _read(paths: Paths, options: ReadOptions) -> _Found:
    given = _given(paths)
    if not given:
        raise StudyError("no file or folder was given: name the study to grade")
    budget = Budget(options)
    found = _Found(", ".join(shown(str(path)) for path in given[:3]), budget)
    with quietly():  # what matters of a header is checked here
        for source in read_sources(given, budget):
            item = _sort_out(_renamed(source, options), budget)
            if isinstance(item, DicomFile):
                found.files.append(item)
                found.not_read += item.not_read
            elif isinstance(item, SourceFile):
                found.others.append(item)
            else:
                found.not_read.append(item)
    if not (found.files or found.others or found.not_read):
        what = "folder" if given[0].is_dir() else "zip"
        raise StudyError(f"{found.where}: the {what} is empty: give a folder with a DICOM study")
    if found.files:
        found.not_read += [
            NotGraded(other.name, f"a {other.kind.value} beside DICOM files is not graded")
            for other in found.others
        ]
    return found


def _renamed(source: SourceFile | NotGraded, options: ReadOptions) -> SourceFile | NotGraded:
    if options.renaming is None:
        return source
    if isinstance(source, NotGraded):
        name = options.renaming.file(source.what)
        return replace(source, what=name, reason=source.reason.replace(source.what, name))
    return replace(source, name=options.renaming.file(source.name))


def _sort_out(source: SourceFile | NotGraded, budget: Budget) -> DicomFile | SourceFile | NotGraded:
    """Read a DICOM file, pass a picture or a volume on, or say why a file is left out."""
    if isinstance(source, NotGraded):
        return source
    if source.kind is Kind.OTHER:
        is_empty = not source.data.strip(b"\x00")
        return NotGraded(source.name, _EMPTY if is_empty else f"{NO_IMAGE} file that can be read")
    if source.kind is not Kind.DICOM:
        return source
    try:
        return read_dicom(source, budget)
    except OverBudgetError as error:
        raise OverBudgetError(f"{source.name}: {error}") from None
    except StudyError as error:
        # A header that is too long is not read a second time.
        too_long = isinstance(error, TooManyElementsError)
        series = "" if too_long else _series_of(source, budget)
        return NotGraded(source.name, str(error), series_instance_uid=series)
    except Exception as error:  # a hostile header raises anything, and is left out
        reason = f"damaged DICOM file ({type(error).__name__}): export it again"
        return NotGraded(source.name, reason)


def _series_of(source: SourceFile, budget: Budget) -> str:
    """Return the Series Instance UID of a file that holds no slice; "" where it has none."""
    with suppress(Exception):  # as above; the next file tells if the budget is used up
        return parse(source.data, budget).header.text("SeriesInstanceUID")[:64]
    return ""


def _study_without_header(found: _Found, options: ReadOptions) -> Study:
    if not found.others:
        raise _nothing_read(found.where, found.not_read)
    if len(found.others) > 1:
        raise StudyError(
            f"{found.where}: {len(found.others)} images without DICOM headers: nothing says that "
            "they are of one patient; give them one at a time"
        )
    source = found.others[0]
    study = (
        read_picture(source, options)
        if source.kind is Kind.PICTURE
        else read_nifti(source, found.budget)
    )
    return replace(study, not_read=tuple(found.not_read))


def _nothing_read(where: str, not_read: Sequence[NotGraded]) -> StudyError:
    first = next((item for item in not_read if not item.reason.startswith(NO_IMAGE)), None)
    if first is None:
        count = len(not_read)
        told = "its only file is no" if count == 1 else f"none of its {count} files is a"
        return StudyError(f"{where}: {told} DICOM image: give a folder with a DICOM study")
    more = f" (and {len(not_read) - 1} more files)" if len(not_read) > 1 else ""
    return StudyError(f"{where}: no slice can be read: {first.what}: {first.reason}{more}")


def _study(one: StudyFiles, notes: tuple[str, ...] = ()) -> Study:
    distinct = without_copies(one.files)
    by_series: dict[str, list[DicomFile]] = {}
    for file in distinct.files:
        by_series.setdefault(file.series_instance_uid, []).append(file)
    first = distinct.files[0]
    return Study(
        study_instance_uid=first.study_instance_uid,
        patient_id=first.patient.patient_id[:64],
        series=tuple(_series(members) for members in by_series.values()),
        not_read=(*one.not_read, *distinct.copies),
        study_date=first.study_date,
        notes=(*notes, *one.notes, *_lost(one), *distinct.notes),
    )


def _lost(one: StudyFiles) -> tuple[str, ...]:
    """Say that slices of a series are missing: levels are counted from its lowest disc.

    A file that tells no series counts where it is empty or named like the slices.
    """
    series = {file.series_instance_uid for file in one.files}
    suffixes = {PurePosixPath(file.name).suffix for file in one.files} - {""}
    lost = [
        item
        for item in one.not_read
        if item.series_instance_uid in series
        or item.reason == _EMPTY
        or (not item.series_instance_uid and PurePosixPath(item.what).suffix in suffixes)
    ]
    if not lost:
        return ()
    more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
    return (
        f"{lost[0].what}{more} could not be read though the rest of the series was: if a whole "
        "disc is missing, level names may be one off",
    )


def _series(files: Sequence[DicomFile]) -> Series:
    slices: tuple[Slice, ...] = tuple(item for file in files for item in file.slices)
    first = files[0]
    return Series(first.series_instance_uid, first.series_number, slices[0].acquisition, slices)
