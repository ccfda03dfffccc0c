"""One DICOM file: who it belongs to and the slices that it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from pydicom.datadict import dictionary_description
from pydicom.uid import UID, MediaStorageDirectoryStorage

from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import NotGraded
from lumbargrade.study.dicom.acquisition import read_acquisition, read_geometry
from lumbargrade.study.dicom.enhanced import Frame, is_enhanced, read_frames
from lumbargrade.study.dicom.notes import notes_of
from lumbargrade.study.dicom.parse import Parsed, parse
from lumbargrade.study.dicom.references import REFERENCE_TAGS
from lumbargrade.study.header import TAGS, Header
from lumbargrade.study.limits import Budget, ReadOptions
from lumbargrade.study.model import FloatImage, Slice
from lumbargrade.study.pixels import decode
from lumbargrade.study.pixels.kept import StoredPixels
from lumbargrade.study.sources import SourceFile
from lumbargrade.study.uids import is_uid

NO_IMAGE = "not an image"
"""Opens the reason of a file that holds no image at all; ``study.read`` counts these apart."""

_CUT_SHORT = (
    "truncated: the pixels of this frame are missing or cut short: copy or export the file again"
)

_PIXEL_TAG_BYTES = (b"\xe0\x7f\x10\x00", b"\x7f\xe0\x00\x10")


@dataclass(frozen=True)
class Patient:
    """Enough to tell two patients apart; never shown to anyone."""

    patient_id: str
    name: str
    birth_date: str


@dataclass(frozen=True)
class DicomFile:
    """A DICOM file that holds slices; ``pixels`` tells copies from impostors.

    ``study_date`` and ``study_time`` are as stored; ``not_read``
    lists the frames that were left out.
    """

    name: str
    patient: Patient
    study_instance_uid: str
    study_date: str
    study_time: str
    series_instance_uid: str
    series_number: int | None
    sop_instance_uid: str
    slices: tuple[Slice, ...]
    pixels: StoredPixels = field(repr=False)
    not_read: tuple[NotGraded, ...] = ()


def read_dicom(source: SourceFile, budget: Budget) -> DicomFile:
    """Read the header of a DICOM file; pixels wait for ``Slice.load_pixels``.

    A frame of several that cannot be graded is listed in ``not_read``. Raises StudyError if the
    file holds no slice that could be graded; the message does not name it. Raises OverBudgetError
    if the study has used up its ``budget``.
    """
    options = budget.options
    parsed = parse(source.data, budget)
    header = parsed.header
    pixel_data = _pixel_data(parsed, source.data)
    stored = decode.read_format(header, parsed.syntax, options)
    whole = decode.whole_frames(pixel_data, stored)
    # Frames of one file would have it read again and again.
    again = partial(_again, source.again, options) if source.again and stored.frames == 1 else None
    pixels = StoredPixels(pixel_data, again, budget)
    study = _uid(header, "StudyInstanceUID")
    series = _uid(header, "SeriesInstanceUID")
    sop = _uid(header, "SOPInstanceUID")
    reference = header.subset(REFERENCE_TAGS)
    frame_of_reference = header.text("FrameOfReferenceUID")
    frames, faults = _frames(header, stored, options, whole)
    slices = tuple(
        Slice(
            series_instance_uid=series,
            sop_instance_uid=sop,
            frame_number=frame.index + 1,
            source_file=source.name,
            geometry=frame.geometry,
            acquisition=frame.acquisition,
            load_pixels=partial(_load, pixels, stored, frame, budget),
            reference=reference,
            frame_of_reference_uid=frame_of_reference,
            notes=frame.notes,
        )
        for frame in frames
    )
    return DicomFile(
        name=source.name,
        patient=Patient(
            header.text("PatientID"), header.text("PatientName"), header.text("PatientBirthDate")
        ),
        study_instance_uid=study,
        study_date=header.text("StudyDate")[:8],
        study_time=header.text("StudyTime"),
        series_instance_uid=series,
        series_number=header.whole_text("SeriesNumber"),
        sop_instance_uid=sop,
        slices=slices,
        pixels=pixels,
        not_read=tuple(
            NotGraded(f"{source.name} frame {index + 1}", reason, sop, series)
            for index, reason in sorted(faults.items())
        ),
    )


def _load(
    pixels: StoredPixels, stored: decode.PixelFormat, frame: Frame, budget: Budget
) -> FloatImage:
    budget.take_pixels(stored.rows * stored.columns)
    return decode.decode(pixels.read(), stored, frame.index, frame.rescale)


def _again(read: Callable[[], bytes], options: ReadOptions) -> bytes | memoryview:
    """Return the pixels of a file that is read once more; what it took was counted before."""
    data = read()
    return _pixel_data(parse(data, Budget(options)), data)


def _frames(
    header: Header, stored: decode.PixelFormat, options: ReadOptions, whole: int
) -> tuple[list[Frame], dict[int, str]]:
    """Return the frames with a place and pixels (the first ``whole``), and why others have none."""
    frames, faults = _placed_frames(header, stored, options)
    faults |= {frame.index: _CUT_SHORT for frame in frames if frame.index >= whole}
    kept = [frame for frame in frames if frame.index < whole]
    if not kept:
        index, reason = min(faults.items())
        raise StudyError(f"frame {index + 1}: {reason}")
    return kept, faults


def _placed_frames(
    header: Header, stored: decode.PixelFormat, options: ReadOptions
) -> tuple[tuple[Frame, ...], dict[int, str]]:
    if is_enhanced(header):
        return read_frames(header, stored, options)
    if stored.frames != 1:
        raise StudyError(
            f"{stored.frames} frames without functional groups: their positions are unknown; "
            "export the original DICOM files"
        )
    geometry = read_geometry(header, header, header, (stored.rows, stored.columns), options)
    notes = notes_of((header,), geometry)
    return (Frame(0, geometry, read_acquisition(header), decode.read_rescale(header), notes),), {}


def _uid(header: Header, keyword: str) -> str:
    uid, name = header.text(keyword), dictionary_description(TAGS[keyword])
    if not uid:
        raise StudyError(f"no {name}: the file is damaged or not an image; export it again")
    if not is_uid(uid):
        raise StudyError(
            f"{name} is not a valid UID: the file is damaged or malicious; export it again"
        )
    return uid


def _pixel_data(parsed: Parsed, data: bytes) -> bytes | memoryview:
    """Return the value of Pixel Data, or say why there is none."""
    header = parsed.header
    pixels = header.bulk("PixelData")
    if pixels:
        # Compressed frames are cut out by pydicom, which takes no views.
        return bytes(pixels) if parsed.syntax.is_compressed else pixels
    kind = header.text("SOPClassUID")
    if kind == MediaStorageDirectoryStorage or "DirectoryRecordSequence" in header:
        raise StudyError("a DICOMDIR: an index without images; the files it names are not followed")
    named = UID(kind).name if is_uid(kind) else ""
    image = "Image" in named or "Rows" in header
    if parsed.truncated or (image and any(tag in data for tag in _PIXEL_TAG_BYTES)):
        raise StudyError("truncated file: copy or export it again")
    if image:
        raise StudyError("no pixel data: the file is a header only: export it with images")
    if named and named != kind:
        raise StudyError(f"{named}: not an image")
    raise StudyError(f"{NO_IMAGE}: no pixel data and no image size in the header")
