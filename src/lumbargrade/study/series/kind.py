"""What kind of picture a slice is: its plane, and acquired, derived or a localizer.

All answers are words of a closed list, so that they can be shown and stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydicom.uid import (
    UID,
    EnhancedMRImageStorage,
    LegacyConvertedEnhancedMRImageStorage,
    MRImageStorage,
)

from lumbargrade.study.model import Acquisition
from lumbargrade.study.series.contrast import (
    ECHO_PLANAR,
    IN_PHASE,
    WATER,
    dixon_word,
    named_contrasts,
    names,
)
from lumbargrade.study.series.words import words

AXIAL = "axial"
AXIAL_LEAST_COSINE = 0.7071
"""A slice is axial if its normal lies within 45 degrees of head-feet."""

ACQUIRED, LOCALIZER = "acquired", "localizer"
DIFFUSION, ECHO_PLANAR_PICTURE = "a diffusion picture", "an echo-planar picture"
FAT = "a Dixon fat picture"
NOT_MR_IMAGE = "not an MR image"
MR_IMAGES = (MRImageStorage, EnhancedMRImageStorage, LegacyConvertedEnhancedMRImageStorage)

THICKEST_MM = 6.0
"""Axial slices through discs are 3 to 5 mm thick, those of localizers 7 mm or more."""

_NOT_MAGNITUDE = {
    "PHASE": "a phase picture",
    "REAL": "a real-part picture",
    "IMAGINARY": "an imaginary-part picture",
}
"""Complex Image Component (PS3.3 C.8.13.3.1.2); MIXED is left to the frame type."""
ECHO_PLANAR_SEQUENCE = re.compile(r"\*?ep(?![a-z]*fse)", re.IGNORECASE)


@dataclass(frozen=True)
class Kind:
    """What a picture is and what tells it.

    Attributes
    ----------
    name : ``"acquired"``, or what it is instead, such as ``"a projection"``.
    said_by : element and value, such as ``"Image Type: MIP"``; empty of acquired ones.
    proven : by an element of the header; False where only a name says it.
    """

    name: str = ACQUIRED
    said_by: str = ""
    proven: bool = True


def picture_kind(acquisition: Acquisition) -> str:
    """Return ``"acquired"``, ``"localizer"``, or what it is instead (``"a projection"``)."""
    return told_kind(acquisition).name


def told_kind(acquisition: Acquisition) -> Kind:
    """Return the kind of a picture and the element that tells it, the surest one first."""
    return next(_by_elements(acquisition), None) or _by_name(acquisition) or Kind()


def plane_of(normal: Iterable[float]) -> str:
    """Return ``"axial"``, ``"sagittal"``, ``"coronal"`` or ``"oblique"`` of a unit normal.

    Examples
    --------
    >>> plane_of((0.0, 0.2, -0.98))
    'axial'
    """
    x, y, z = (abs(float(value)) for value in normal)
    if z >= AXIAL_LEAST_COSINE:
        return AXIAL
    return "sagittal" if x >= max(y, z) else "coronal" if y >= z else "oblique"


def is_thick_or_quick(acquisition: Acquisition) -> bool:
    """Tell whether a picture is single-shot by name, or thicker than those through discs."""
    quick = any(words().found("noted", text) for _, text in names(acquisition))
    return quick or (acquisition.slice_thickness_mm or 0.0) > THICKEST_MM


def dixon_picture(acquisition: Acquisition) -> tuple[str, str]:
    """Return (picture, value) that Image Type says of a Dixon series; empty if it does not."""
    for value in acquisition.image_type[2:]:
        kind = words().kind_of_type(value)
        if kind in (WATER, IN_PHASE, FAT):
            return kind, value
    return "", ""


def _by_elements(acquisition: Acquisition) -> Iterator[Kind]:
    """Yield what elements say, the plainest first."""
    values = [value.upper() for value in acquisition.image_type]
    if acquisition.modality in ("MR", "") and acquisition.sop_class_uid not in ("", *MR_IMAGES):
        yield Kind(NOT_MR_IMAGE, f"SOP Class: {UID(acquisition.sop_class_uid).name}")
    if LOCALIZER.upper() in values:
        yield Kind(LOCALIZER, f"Image Type: {LOCALIZER.upper()}")
    for value in values[2:]:
        kind = words().kind_of_type(value)
        if kind and kind not in (WATER, IN_PHASE):
            yield Kind(kind, f"Image Type: {value}")
    yield from _by_sequence(acquisition)
    if acquisition.burned_in_annotation.upper() == "YES":
        yield Kind("a picture with burned-in text", "Burned In Annotation: YES", proven=False)
    if values[:2] == ["DERIVED", "SECONDARY"]:
        yield Kind("a secondary picture", "Image Type: DERIVED, SECONDARY", proven=False)


def _by_sequence(acquisition: Acquisition) -> Iterator[Kind]:
    if (acquisition.b_value_s_mm2 or 0) > 0:
        yield Kind(DIFFUSION, f"Diffusion b-value: {acquisition.b_value_s_mm2:g}")
    if ECHO_PLANAR in acquisition.scanning_sequence:
        yield Kind(ECHO_PLANAR_PICTURE, f"Scanning Sequence: {ECHO_PLANAR}")
    if ECHO_PLANAR_SEQUENCE.match(acquisition.sequence_name):
        yield Kind(ECHO_PLANAR_PICTURE, f"Sequence Name: {acquisition.sequence_name}")
    component = acquisition.complex_image_component.upper()
    if component in _NOT_MAGNITUDE:
        yield Kind(_NOT_MAGNITUDE[component], f"Complex Image Component: {component}")


def _by_name(acquisition: Acquisition) -> Kind | None:
    """Return what the names say; the protocol is asked where the series names no contrast."""
    for element, text in names(acquisition):
        kind, word = _named_kind(text, acquisition)
        if kind:
            return Kind(kind, f"{element}: {word!r}", proven=False)
        if named_contrasts(text):
            break
    return None


def _named_kind(text: str, acquisition: Acquisition) -> tuple[str, str]:
    for kind, word in words().found("picture", text).items():
        return kind, word
    if not named_contrasts(text) or is_thick_or_quick(acquisition):
        for kind, word in words().found("doubtful", text).items():
            return kind, word
    fat = dixon_word(text, "fat")
    return (FAT, fat) if fat else ("", "")
