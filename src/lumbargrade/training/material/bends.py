"""Bent slices as training rows: real slices without findings, changed to known grades.

They are made once, in the cache behind the packed slices, each from the outlines of its slice
(``phantom.bending``), and are drawn anew by the outline network, so that the maps that the grader
learns from have the errors that it will meet.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.cohort.read import CohortSlice
from lumbargrade.files.write import write_text
from lumbargrade.grading.level import Level
from lumbargrade.inference.grader.inputs import outline_maps
from lumbargrade.inference.outline import Drawn, Placed, draw_slices
from lumbargrade.phantom.bending.bend import bend_at_random, bendable, material_of
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.patch import PatchSpec
from lumbargrade.training.cache import (
    BENDS_FILE,
    DONE,
    CacheSpec,
    drawing_engine,
    in_processes,
    open_cache,
)
from lumbargrade.training.recipe import BendSettings

BENDS = "bends"
"""Stands for the site of bent slices, so that a recipe can say how often they are drawn."""

SEED = 20220513

Progress = Callable[[int, int], None]
FloatImage = NDArray[np.float32]


@dataclass(frozen=True)
class Source:
    """A packed slice to be bent: its row in the cache, and the rows that are its bends'."""

    row: int
    bent_rows: tuple[int, ...]
    level: Level | None
    t2_share: float


def sources_of(
    slices: Sequence[CohortSlice], wanted: Callable[[CohortSlice], bool], settings: BendSettings
) -> tuple[Source, ...]:
    """Return the slices without findings that are ``wanted``, with rows behind all slices."""
    if settings.per_slice == 0:
        return ()
    chosen = [row for row, one in enumerate(slices) if bendable(one) and wanted(one)]
    return tuple(
        Source(
            row,
            tuple(len(slices) + place * settings.per_slice + n for n in range(settings.per_slice)),
            slices[row].level,
            settings.t2_share,
        )
        for place, row in enumerate(chosen)
    )


def bend(
    sources: Sequence[Source], folder: Path, spec: CacheSpec, workers: int, progress: Progress
) -> dict[int, dict[str, Any]]:
    """Bend packed slices into further rows of the cache; return row -> its grades and measures.

    A slice without the outlines that a bend needs is left out. What the same
    sources gave before is kept.
    ``spec`` names the bundle that draws.
    """
    done = folder / BENDS_FILE
    # A run resumed with another split or recipe has other sources in the same rows.
    plan = [[one.row, list(one.bent_rows), one.level, one.t2_share] for one in sources]
    kept = json.loads(done.read_text(encoding="utf-8")) if done.exists() else {}
    if kept.get("plan") != plan:
        found: dict[int, dict[str, Any]] = {}
        tasks = [_Task(folder, spec, one, 1 if workers > 1 else None) for one in sources]
        for count, some in enumerate(in_processes(_bend_slice, tasks, workers), start=1):
            found |= some
            progress(count, len(tasks))
        write_text(done, json.dumps({"plan": plan, "bent": found}))
        kept = json.loads(done.read_text(encoding="utf-8"))
    return {int(row): truth for row, truth in kept["bent"].items()}


def as_slices(
    bent: Mapping[int, Mapping[str, Any]], sources: Sequence[Source], slices: Sequence[CohortSlice]
) -> dict[int, CohortSlice]:
    """Return row -> what is known of a bent slice, of the patient whose slice was bent."""
    owner = {row: one.row for one in sources for row in one.bent_rows}
    return {
        row: replace(
            slices[owner[row]],
            grades=truth["grades"],
            measures=truth["measures"],
            disc_in_plane=True,
            site=BENDS,
        )
        for row, truth in bent.items()
    }


@dataclass(frozen=True)
class _Task:
    folder: Path
    spec: CacheSpec
    source: Source
    threads: int | None


def _bend_slice(task: _Task) -> dict[int, dict[str, Any]]:
    """Write all bends of one slice; empty where it cannot be bent."""
    packed, source = open_cache(task.folder, writable=True), task.source
    if packed.state[source.row] != DONE:
        return {}  # nothing was cut
    assert task.spec.outliner is not None
    engine = drawing_engine(*task.spec.outliner, task.threads)
    whole = np.asarray(packed.patches[source.row], dtype=np.float32)
    drawn = draw_slices(engine, [_placed(whole, task.spec.patch)])[0]
    spacing = task.spec.patch.spacing_mm
    made = material_of(whole, spacing, drawn.outlines) if isinstance(drawn, Drawn) else None
    if made is None:
        return {}
    rng = np.random.default_rng([SEED, source.row])
    level = None if source.level is None else list(Level).index(source.level)
    bends = [
        bend_at_random(made, rng, level if rng.random() < source.t2_share else None)
        for _ in source.bent_rows
    ]
    rows = list(source.bent_rows)
    packed.patches[rows] = np.stack([one.picture for one in bends])
    if packed.maps is not None:
        placed = [_placed(one.picture, task.spec.patch) for one in bends]
        drawn_maps = outline_maps(engine, placed, task.spec.patch, task.spec.margin_px)
        packed.maps[rows] = np.rint(255 * drawn_maps).astype(np.uint8)
    return {
        row: {"grades": dict(one.truth.grades), "measures": dict(one.truth.measures)}
        for row, one in zip(rows, bends, strict=True)
    }


def _placed(picture: FloatImage, spec: PatchSpec) -> Placed:
    """Return a packed picture (h, h) as a slice of its own, its region in the middle."""
    edge, spacing = len(picture), spec.spacing_mm
    geometry = SliceGeometry(
        (0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (spacing, spacing), edge, edge
    )
    return picture, geometry, ((edge - 1) / 2, (edge - 1) / 2)
