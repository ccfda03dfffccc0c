"""The codes of measures in our structured reports, and their way back.

The quantity is of PS3.16 (CID 7469, 7470) where quantity and site say all that the measure is,
such as the area of the dural sac. Everything else has a code of the private scheme.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pydicom.sr.coding import Code

from lumbargrade.grading.finding import Plane
from lumbargrade.morphometry.kinds import Kind
from lumbargrade.outputs.dicom.sr_codes import LONGEST_MEANING, SCHEME

MEASURES = Code("OUTLINES", SCHEME, "Measures from outlines")
"""What a group of measures is about."""

VALUES: Mapping[str, str] = MappingProxyType(
    {
        "disc_displacement_mm": "DISCSHIFT",
        "displacement_apex_mm": "SHIFTAPEX",
        "intrafacet_depth_mm": "FACETLINEDEPTH",
        "displacement_ratio": "SHIFTRATIO",
        "sac_area_mm2": "SACAREA",
        "sac_depth_mm": "SACDEPTH",
        "sac_width_mm": "SACWIDTH",
        "canal_area_mm2": "CANALAREA",
        "canal_depth_mm": "CANALDEPTH",
        "free_canal_area_mm2": "FREECANALAREA",
        "ventral_csf_mm": "VENTRALCSF",
        "root_share": "ROOTSHARE",
        "root_clusters": "ROOTCLUSTERS",
        "recess_depth_mm": "RECESSDEPTH",
        "root_gap_mm": "ROOTGAP",
        "root_displacement_mm": "ROOTSHIFT",
        "facet_angle_deg": "FACETANGLE",
        "flavum_thickness_mm": "FLAVUMTHICKNESS",
    }
)
"""Measure -> its value in the private scheme. Reports in archives hold them: none may change."""

_AREA = Code("42798000", "SCT", "Area")
_DEPTH = Code("131197000", "SCT", "Depth")
_WIDTH = Code("103355008", "SCT", "Width")
_ANGLE = Code("1483009", "SCT", "Angle")

_CANAL = Code("61853006", "SCT", "Spinal canal structure")
_SAC = Code("DURALSAC", SCHEME, "Dural sac")
_RECESS = Code("LATERALRECESS", SCHEME, "Lateral recess")
_FACET_JOINT = Code("FACETJOINT", SCHEME, "Facet joint")

STANDARD: Mapping[str, tuple[Code, Code]] = MappingProxyType(
    {
        "sac_area_mm2": (_AREA, _SAC),
        "sac_depth_mm": (_DEPTH, _SAC),
        "sac_width_mm": (_WIDTH, _SAC),
        "canal_area_mm2": (_AREA, _CANAL),
        "canal_depth_mm": (_DEPTH, _CANAL),
        "recess_depth_mm": (_DEPTH, _RECESS),
        "facet_angle_deg": (_ANGLE, _FACET_JOINT),
    }
)
"""Measure -> quantity and site; sites that PS3.16 does not have are of the private scheme."""

UNITS: Mapping[str, Code] = MappingProxyType(
    {
        "mm": Code("mm", "UCUM", "millimeter"),
        "mm2": Code("mm2", "UCUM", "square millimeter"),
        "deg": Code("deg", "UCUM", "degree"),
        "1": Code("1", "UCUM", "no units"),
    }
)

NOT_MEASURED = Code("114006", "DCM", "Measurement failure")
"""Of CID 42: the outline that it needs is missing or in doubt."""

ABOVE, BELOW = "371886008", "371885007"
"""SNOMED CT, range of upper and of lower measurement uncertainty (TID 310)."""

CUT = Code("CUT", SCHEME, "What the slice cuts")
CUT_PROBABILITY = Code("CUTPROBABILITY", SCHEME, "Probability of what the slice cuts")
PLANES: Mapping[Plane, Code] = MappingProxyType(
    {
        Plane.DISC: Code("DISC", SCHEME, "Intervertebral disc"),
        Plane.ENDPLATE: Code("ENDPLATE", SCHEME, "Vertebral end-plate, partly disc, partly bone"),
        Plane.BODY: Code("BODY", SCHEME, "Vertebral body"),
    }
)


def private_concept(kind: Kind) -> Code:
    """Return the code of a measure in the private scheme."""
    return Code(VALUES[kind.name], SCHEME, kind.title[:LONGEST_MEANING])


def measure_of(value: str, site: str | None) -> str:
    """Return the measure that a concept and its site mean; ``value`` and ``site`` are code values.

    Raises ValueError if it is none of ours.
    """
    for name, own in VALUES.items():
        quantity, place = STANDARD.get(name, (None, None))
        if value == own or (quantity and place and (quantity.value, place.value) == (value, site)):
            return name
    raise ValueError(f"{value} at {site} is not a measure")


def plane_of(value: str) -> Plane:
    """Return what a code value of :data:`PLANES` means. Raises ValueError if it is another."""
    for plane, code in PLANES.items():
        if code.value == value:
            return plane
    raise ValueError(f"{value} is not what a slice cuts")
