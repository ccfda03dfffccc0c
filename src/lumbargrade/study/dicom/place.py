"""Where the one slice of a DICOM file lies, from its header alone."""

from __future__ import annotations

import os
from pathlib import Path

from lumbargrade.errors import StudyError
from lumbargrade.study.dicom.acquisition import read_geometry
from lumbargrade.study.dicom.scan import scan_header
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.limits import DEFAULT_OPTIONS

_WANTED = frozenset(
    {"ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "Rows", "Columns"}
)


def place_of(path: Path) -> SliceGeometry:
    """Return the geometry of a classic (one slice a file) object without reading its pixels.

    Raises StudyError if the file cannot be read, or does not say where its slice lies; the message
    names it.
    """
    try:
        with path.open("rb") as file:
            descriptor = file.fileno()
            header = scan_header(descriptor, os.fstat(descriptor).st_size, _WANTED).header
        rows, columns = header.whole("Rows"), header.whole("Columns")
        if rows is None or columns is None:
            raise StudyError("its header gives no image size: export it again")
        return read_geometry(header, header, header, (rows, columns), DEFAULT_OPTIONS)
    except OSError as error:
        raise StudyError(f"{path}: cannot be read ({error.strerror or error})") from error
    except StudyError as error:
        raise StudyError(f"{path}: {error}") from error
