"""What kind of picture a slice is: plane, region of the body, acquired or derived.

All answers are words of a closed list, so that they can be shown and stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from lumbargrade.study.model import Acquisition
from lumbargrade.study.series.contrast import description

AXIAL = "axial"
AXIAL_LEAST_COSINE = 0.7071
"""A slice is axial if its normal lies within 45 degrees of head-feet."""

ACQUIRED, LOCALIZER = "acquired", "localizer"

_LOCALIZER_NAME = re.compile(r"locali[sz]er|scout|survey|(?<![a-z])loc(?![a-z])|3[ _-]?pl")
_SPINE = re.compile(r"spine|lumb|sacr|lws|back|wirbel|lomb|rachis|column", re.IGNORECASE)
_LUMBAR = re.compile(r"lumb|l[ _-]?spine|(?<![a-z])(lws|ls)(?![a-z])|lomb")
_OTHER_SPINE = re.compile(
    r"cervi|thora|dorsal|(?<![a-z])(hws|bws)(?![a-z])|(?<![a-z])[ct][ _-]?spine"
)
_NOT_MAGNITUDE = {
    "P": "a phase picture",
    "PHASE": "a phase picture",
    "PHASE MAP": "a phase picture",
    "R": "a real-part picture",
    "I": "an imaginary-part picture",
    "F": "a Dixon fat picture",
    "FAT": "a Dixon fat picture",
    "OP": "an opposed-phase picture",
    "OPP_PHASE": "an opposed-phase picture",
    "OUT_PHASE": "an opposed-phase picture",
    "ADC": "a diffusion map",
    "TRACEW": "a diffusion picture",
    "DIFFUSION": "a diffusion picture",
    "MPR": "a reformatted picture",
    "REFORMATTED": "a reformatted picture",
    "PROJECTION IMAGE": "a projection",
    "MIP": "a projection",
    "SUB": "a subtraction",
    "SUBTRACTION": "a subtraction",
    "T2_MAP": "a parameter map",
    "T2 MAP": "a parameter map",
    "SCREEN SAVE": "a screen copy",
}


class Region(StrEnum):
    """The part of the body, as far as a header says."""

    LUMBAR = "lumbar spine"
    OTHER_SPINE = "other spine"
    """Cervical or thoracic."""
    SPINE = "spine"
    OTHER = "other"
    UNKNOWN = "unknown"


def picture_kind(acquisition: Acquisition) -> str:
    """Return ``"acquired"``, ``"localizer"``, or what was made of it (``"a projection"``)."""
    kinds = [value.upper() for value in acquisition.image_type]
    if "LOCALIZER" in kinds or _LOCALIZER_NAME.search(description(acquisition)):
        return LOCALIZER
    return next((_NOT_MAGNITUDE[kind] for kind in kinds[2:] if kind in _NOT_MAGNITUDE), ACQUIRED)


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


def region_of(acquisition: Acquisition) -> Region:
    """Return the region that body part or, failing that, the name of the series tells."""
    part, name = acquisition.body_part_examined, description(acquisition)
    if _LUMBAR.search(part.lower()) or _LUMBAR.search(name):
        return Region.LUMBAR
    if _OTHER_SPINE.search(part.lower()) or _OTHER_SPINE.search(name):
        return Region.OTHER_SPINE
    if not part:
        return Region.UNKNOWN
    return Region.SPINE if _SPINE.search(part) else Region.OTHER
