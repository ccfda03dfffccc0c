"""What a header says of a slice that a reader of its grades should know.

Nothing here changes what is read: these are the doubts about the numbers of one slice, in the
words in which they end up among the warnings of the study.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydicom.datadict import dictionary_description

from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.header import TAGS, Header

DIAMETER_TOLERANCE = 0.1
"""Share by which a picture and its Reconstruction Diameter may differ: scanners round it to whole
millimetres and cut a few rows, while a spacing that was lost is off by more."""

_DECIMALS = (
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "PixelSpacing",
    "SliceThickness",
    "EchoTime",
    "RepetitionTime",
    "RescaleSlope",
    "RescaleIntercept",
)


def notes_of(parts: Sequence[Header | None], geometry: SliceGeometry) -> tuple[str, ...]:
    """Return the notes on one slice whose place was read as ``geometry``.

    ``parts`` are the dataset of the file and, of an enhanced object, the functional groups that
    hold the numbers of the frame.
    """
    headers = [one for one in parts if one is not None]
    found = (_loose(headers), _rounded(headers, geometry), _diameter(headers, geometry))
    return tuple(note for note in found if note)


def _loose(headers: Sequence[Header]) -> str:
    named = [
        dictionary_description(TAGS[keyword])
        for keyword in _DECIMALS
        if any(one.loosely_written(keyword) for one in headers)
    ]
    if not named:
        return ""
    return (
        f"{', '.join(named)}: written with a decimal comma or a unit, which DICOM does not allow; "
        "read as decimal numbers"
    )


def _rounded(headers: Sequence[Header], geometry: SliceGeometry) -> str:
    for one in headers:
        cosines = one.numbers("ImageOrientationPatient", 6)
        if cosines is not None and cosines != (*geometry.row_direction, *geometry.column_direction):
            return (
                "Image Orientation (Patient) is rounded and no longer exact: the nearest right "
                "angle was taken, which may be turned by up to a degree"
            )
    return ""


def _diameter(headers: Sequence[Header], geometry: SliceGeometry) -> str:
    """A picture is as wide or as high as the region that it was reconstructed from."""
    diameter_mm = next((d for one in headers if (d := one.number("ReconstructionDiameter"))), None)
    if diameter_mm is None or diameter_mm <= 0:
        return ""
    sizes_mm = geometry.size_mm
    if any(abs(size / diameter_mm - 1) <= DIAMETER_TOLERANCE for size in sizes_mm):
        return ""
    spacing = " x ".join(f"{value:g}" for value in geometry.pixel_spacing_mm)
    return (
        f"pixel spacing of {spacing} mm contradicts the Reconstruction Diameter: the picture would "
        f"be {sizes_mm[0]:.0f} x {sizes_mm[1]:.0f} mm, the header says {diameter_mm:.0f} mm; if "
        "the spacing is wrong, regions and measures are, too: export the original DICOM files"
    )
