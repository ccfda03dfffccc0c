"""Names of measures: which have a side, and what becomes of them in a mirror."""

from __future__ import annotations

import re
from collections.abc import Sequence

MEASURES = "measures"
"""Name of the output that holds measures, (n, measures) in their units."""

_SIDE = re.compile(r"(?<=_)(left|right)(?=_|$)")
_ACROSS = "_u_mm"
"""End of the name of a place along the left-right axis: its sign changes in a mirror."""


def mirrored_name(name: str) -> str:
    """Return the measure that becomes this one in a mirror.

    Examples
    --------
    >>> mirrored_name("root_gap_left_mm"), mirrored_name("bulge_mm")
    ('root_gap_right_mm', 'bulge_mm')
    """
    return _SIDE.sub(lambda found: {"left": "right", "right": "left"}[found[0]], name)


def mirror_columns(names: Sequence[str]) -> tuple[list[int], list[float]]:
    """Return, for each measure, the column and the sign that it gets in a mirror.

    Examples
    --------
    >>> mirror_columns(["recess_room_left_mm", "recess_room_right_mm", "herniation_u_mm"])
    ([1, 0, 2], [1.0, 1.0, -1.0])
    """
    columns = [list(names).index(mirrored_name(name)) for name in names]
    return columns, [-1.0 if name.endswith(_ACROSS) else 1.0 for name in names]


def without_other_side(names: Sequence[str]) -> list[str]:
    """Return the measures of one side whose other side is not among them."""
    return [name for name in names if mirrored_name(name) not in names]
