"""Everything that a bundle says of pictures: the grades of each, and its measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.real.changes.change import View
from lumbargrade.inference.bundle_json import OUTLINE_PATCH
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.grader.inputs import place_maps, with_maps
from lumbargrade.inference.outline import Drawn, draw
from lumbargrade.inference.probabilities import findings_of
from lumbargrade.morphometry.measure import measure
from lumbargrade.study.patch import PatchSpec, extract_patch

PLANE = "plane"


@dataclass(frozen=True)
class Read:
    """What is read from one picture, by name, with ``_left`` or ``_right`` where it has sides.

    Attributes
    ----------
    grades : None where there is none; ``plane`` is what the slice cuts.
    measures : NaN where one is not known.
    """

    grades: dict[str, int | str | None]
    measures: dict[str, float]


def read_views(engine: Engine, views: Sequence[View]) -> list[Read]:
    """Grade, draw and measure pictures around the middle of their regions.

    Raises BundleError if the bundle draws no outlines, StudyError if a square does not fit.
    """
    manifest = engine.bundle.manifest
    drawn = draw(engine, _cut(views, OUTLINE_PATCH))
    patches = _cut(views, manifest.patch)
    if manifest.sees_outlines:
        patches = with_maps(patches, place_maps([one.masks for one in drawn], manifest.patch))
    logits = engine.grade(patches)
    found = []
    for row, one in enumerate(drawn):
        own = {name: values[row] for name, values in logits.items()}
        findings = findings_of(manifest, own, one.cut)
        grades: dict[str, int | str | None] = {
            sided(each.system, each.side): each.grade for each in findings
        }
        grades[PLANE] = str(one.cut.plane)
        found.append(Read(grades, _measures(one)))
    return found


def sided(name: str, side: str | None) -> str:
    """Return a name with its side behind it, if it has one."""
    return name if side is None else f"{name}_{side}"


def _measures(drawn: Drawn) -> dict[str, float]:
    return {
        sided(one.name, one.side): float("nan") if one.value is None else one.value
        for one in measure(drawn.outlines)
    }


def _cut(views: Sequence[View], spec: PatchSpec) -> NDArray[np.float32]:
    return np.stack([extract_patch(*one.placed, spec) for one in views])
