"""Made-up measures of made-up slices, and the tables of readers who measured them too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from tests.evaluation.graded import graded_slice

from lumbargrade.grading.finding import Measure, Side, SliceGrades

HEAD = "sop_instance_uid,frame_number,measure,side,value,unit"
AREA, RECESS, SHARE = "sac_area_mm2", "recess_depth_mm", "root_share"


def measures_of(number: int) -> tuple[Measure, ...]:
    """An area, a recess on each side and a share, other on each slice."""
    return (
        Measure(AREA, None, 100.0 + 5 * number, error=4.0),
        Measure(RECESS, Side.LEFT, 4.0 + 0.1 * number, error=0.5),
        Measure(RECESS, Side.RIGHT, 5.0 - 0.1 * number, error=0.5),
        Measure(SHARE, None, None, "the roots are not drawn"),
    )


def measured_slices(count: int = 16) -> list[SliceGrades]:
    """Slices ``1.2.0``, ``1.2.1``, ... as ``graded.sixteen_slices`` names them."""
    return [replace(graded_slice(f"1.2.{i}", i % 4), measures=measures_of(i)) for i in range(count)]


def reader_rows(slices: Sequence[SliceGrades], offset: float = 0.0, seed: int = 1) -> list[str]:
    """The rows of a reader who differs by ``offset`` and, at random, by about 0.5."""
    rng = np.random.default_rng(seed)
    return [
        f"{one.sop_instance_uid},1,{found.name},{found.side or ''},"
        f"{found.value + offset + rng.normal(0, 0.5):.3f},"
        for one in slices
        for found in one.measures
        if found.value is not None
    ]


def write_table(path: Path, rows: Sequence[str], head: str = HEAD) -> Path:
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path
