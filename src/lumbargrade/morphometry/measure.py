"""Every measure of a slice, from its outlines.

The outlines are turned into the patient's own frame first (``frame``), so that no measure
depends on how the patient lay, and each side is measured by the same formula, the right one
on the mirrored outlines.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from lumbargrade.grading.finding import Measure, Side
from lumbargrade.morphometry import canal
from lumbargrade.morphometry.formulas import facets, margin, recess, sac
from lumbargrade.morphometry.frame import find_frame, mirrored
from lumbargrade.morphometry.kinds import KINDS
from lumbargrade.morphometry.outlines import NotMeasured, Outlines

Formula = Callable[[Outlines], float]

FORMULAS: Mapping[str, Formula] = MappingProxyType(
    {
        **margin.FORMULAS,
        **sac.FORMULAS,
        **canal.FORMULAS,
        **recess.FORMULAS,
        **facets.FORMULAS,
    }
)
"""Name of a kind -> its formula, for outlines in the upright frame."""

NO_MIDLINE = "neither canal nor sac is outlined: the midline is not known"

TURNED = "the outlines have no axis of symmetry near the upright: the midline is not known"


def measure(outlines: Outlines) -> tuple[Measure, ...]:
    """Return every measure of the catalogue (``kinds.KINDS``), each side, in its order.

    Where an outline is missing, or lies so that a measure has no answer, its value is None
    with the reason. ``error`` is left to who knows how good the outlines are.
    """
    frame = find_frame(outlines)
    if frame is None:
        unseen = outlines.canal_back is None and outlines.sac is None
        reason = NO_MIDLINE if unseen else TURNED
        return tuple(
            Measure(kind.name, side, None, reason) for kind in KINDS.values() for side in kind.sides
        )
    upright = frame.apply(outlines)
    views = {None: upright, Side.LEFT: upright, Side.RIGHT: mirrored(upright)}
    return tuple(
        _measured(kind.name, side, views[side]) for kind in KINDS.values() for side in kind.sides
    )


def _measured(name: str, side: Side | None, outlines: Outlines) -> Measure:
    try:
        value = FORMULAS[name](outlines)
    except NotMeasured as missing:
        return Measure(name, side, None, str(missing))
    if not math.isfinite(value):
        return Measure(name, side, None, "the outlines allow no value")
    return Measure(name, side, value)
