"""Which square of a slice the grader reads: one of a fixed size, or a drawn box made square.

Su et al. 2022 let a surgeon draw a box on every image, and expand it to a square (their
Figure 5); by how much they do not state. Training and grading both ask here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lumbargrade.errors import StudyError
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.patch import PatchSpec

Box = tuple[float, float, float, float]
"""(x, y, width, height) in pixels of the slice; x, y is the upper left corner."""

FIXED, DRAWN = "fixed", "drawn"
REGIONS = (FIXED, DRAWN)

BOX_MM = (20.0, 130.0)
"""The longer edge of a drawn box that has its own size lies within these [design]: the bony canal
alone is 24 mm wide (Panjabi 1992), a disc with the laminae behind it some 65 mm deep."""


@dataclass(frozen=True)
class RegionRule:
    """How large the square is.

    ``region`` is ``"fixed"`` (whatever the box, the size of the patch) or ``"drawn"`` (the longer
    edge of the box, times ``expand``).
    """

    region: str = FIXED
    expand: float = 1.0

    @property
    def is_drawn(self) -> bool:
        """Whether a drawn box has its own size."""
        return self.region == DRAWN

    def square(self, patch: PatchSpec, geometry: SliceGeometry, box: Box | None) -> PatchSpec:
        """Return ``patch`` with the edge in mm for a box of a slice; None: no box was drawn.

        Raises StudyError if the box has its own size and cannot be one around a disc.
        """
        if not self.is_drawn or box is None:
            return patch
        between_rows, between_columns = geometry.pixel_spacing_mm
        width, height = box[2] * between_columns, box[3] * between_rows
        edge = max(width, height)
        if not BOX_MM[0] <= edge <= BOX_MM[1]:  # NaN too
            raise StudyError(
                f"the drawn box is {width:.0f} x {height:.0f} mm; one around a disc and its canal "
                f"is {BOX_MM[0]:g} to {BOX_MM[1]:g} mm long: draw it again, or check its units"
            )
        return replace(patch, size_mm=self.expand * edge)


FIXED_SQUARE = RegionRule()


def rule_from(patch: Mapping[str, Any], maps: bool) -> RegionRule:
    """Read the rule from the patch of a bundle; one from before there were rules is fixed.

    ``maps``: the grader reads outlines' maps, which are drawn at one scale only. Raises ValueError
    if there is no such rule.
    """
    rule = RegionRule(patch.get("region", FIXED), float(patch.get("expand", 1.0)))
    if rule.region not in REGIONS:
        raise ValueError(f"patch has region {rule.region!r}, not one of {', '.join(REGIONS)}")
    if not (math.isfinite(rule.expand) and rule.expand > 0):
        raise ValueError(f"patch has expand {rule.expand!r}, not a positive number")
    if rule.is_drawn and maps:
        raise ValueError("the grader reads outlines and drawn boxes, which do not go together")
    return rule
