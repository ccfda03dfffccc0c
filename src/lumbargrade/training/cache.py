"""Patches and overviews of a whole cohort, packed once into memory-mapped files.

Reading and cutting a slice costs more than training on it; packed, the network and not
the reader is the limit. Packing goes on where it was interrupted.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from lumbargrade.cohort.read import CohortSlice
from lumbargrade.errors import CohortError, StudyError
from lumbargrade.files.workers import worker_pool
from lumbargrade.files.write import write_text
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.bundle_json import OUTLINER_FILE
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.grader.inputs import outline_maps
from lumbargrade.inference.outline import Placed
from lumbargrade.inference.regions import box_center
from lumbargrade.morphometry.layers import INPUT_LAYERS
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.model import Slice
from lumbargrade.study.patch import OverviewSpec, PatchSpec, extract_patch, overview
from lumbargrade.study.read import read_study
from lumbargrade.study.squares import FIXED_SQUARE, RegionRule

Progress = Callable[[int, int], None]
Task = TypeVar("Task")
Result = TypeVar("Result")

TODO, DONE, REFUSED = 0, 1, 2
"""State of one row of the cache."""

MAPS_FILE = "maps.npy"
SQUARES_FILE = "squares_mm.npy"
"""Only there where slices have squares of their own size."""
BENDS_FILE = "bends.json"
"""What is known of the bent slices, by row."""

_ARRAYS = ("patches", "overviews", "targets", "state")


@dataclass(frozen=True)
class CacheSpec:
    """What is packed; a cache made with another one is made anew.

    ``outliner``: folder of the bundle that draws the maps, and SHA-256 of its outline
    network; None: there are none.
    ``bent_rows``: further rows behind those of the slices (``material.bends``).
    ``rule``: whether each slice's box has a square of its own size.
    """

    fingerprint: str
    patch: PatchSpec
    margin_px: int
    overview: OverviewSpec = field(default_factory=OverviewSpec)
    outliner: tuple[str, str] | None = None
    bent_rows: int = 0
    rule: RegionRule = FIXED_SQUARE


@dataclass(frozen=True)
class PackedSlices:
    """The open cache: row i belongs to slice i of the cohort that was packed.

    Attributes
    ----------
    patches : (N, p, p) float16, p = pixels + 2 * margin.
    overviews : (N, o, o) float16.
    targets : (N, 2) float32, (u, v) of the canal's centre on the overview.
    state : (N,) uint8, ``DONE`` or ``REFUSED``.
    squares_mm : (N,) float32, the edge of each slice's square; None where all are of one size.
    maps : (N, 5, p, p) uint8, 255 times the probability of each of ``INPUT_LAYERS``; None where
        none were drawn.
    """

    patches: NDArray[np.float16]
    overviews: NDArray[np.float16]
    targets: NDArray[np.float32]
    state: NDArray[np.uint8]
    maps: NDArray[np.uint8] | None = None
    squares_mm: NDArray[np.float32] | None = None


def pack(
    slices: Sequence[CohortSlice],
    folder: Path,
    spec: CacheSpec,
    workers: int = 1,
    progress: Progress | None = None,
) -> PackedSlices:
    """Cut every slice's patch and overview, draw its maps, and keep them in ``folder``.

    Raises CohortError if a file of the cohort cannot be read, or its slice is not in it; OSError if
    there is no room for the cache.
    """
    meta = {"schema": "lumbargrade.cache/1", "slices": len(slices), **asdict(spec)}
    if spec.bent_rows == 0:
        del meta["bent_rows"]
    if spec.rule == FIXED_SQUARE:
        del meta["rule"]
    if spec.outliner is None:
        del meta["outliner"]
    else:
        meta["outliner"] = spec.outliner[1]  # wherever it lies
    _prepare(folder, meta, len(slices) + spec.bent_rows, spec)
    packed = open_cache(folder, writable=True)
    tasks = list(_tasks(slices, packed.state, folder, spec))
    if workers > 1:
        tasks = [replace(one, threads=1) for one in tasks]
    finished, total = int(np.count_nonzero(packed.state)), len(slices)
    for rows, states in in_processes(_pack_series, tasks, workers):
        packed.state[rows] = states
        finished += len(rows)
        if progress is not None:
            progress(finished, total)
    packed.state.flush()  # type: ignore[attr-defined]
    return open_cache(folder)


def open_cache(folder: Path, writable: bool = False) -> PackedSlices:
    """Map a packed cache into memory. Raises CohortError if the folder does not hold one."""
    mode: Any = "r+" if writable else "r"
    try:
        given = [np.load(folder / f"{name}.npy", mmap_mode=mode) for name in _ARRAYS]
        maps, squares = (
            np.load(folder / name, mmap_mode=mode) if (folder / name).is_file() else None
            for name in (MAPS_FILE, SQUARES_FILE)
        )
        return replace(PackedSlices(*given), maps=maps, squares_mm=squares)
    except (OSError, ValueError) as error:
        raise CohortError(
            f"{folder}: is not a packed cache ({error}); train without --resume"
        ) from None


@dataclass(frozen=True)
class _Task:
    folder: Path
    spec: CacheSpec
    rows: tuple[int, ...]
    slices: tuple[CohortSlice, ...]
    threads: int | None = None


def _prepare(folder: Path, meta: dict[str, Any], count: int, spec: CacheSpec) -> None:
    path = folder / "cache.json"
    if path.is_file() and json.loads(path.read_text(encoding="utf-8")) == meta:
        return
    folder.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    for name in (MAPS_FILE, BENDS_FILE, SQUARES_FILE):
        (folder / name).unlink(missing_ok=True)
    edge = spec.patch.pixels + 2 * spec.margin_px
    shapes: dict[str, tuple[tuple[int, ...], str]] = {
        "patches": ((count, edge, edge), "<f2"),
        "overviews": ((count, spec.overview.pixels, spec.overview.pixels), "<f2"),
        "targets": ((count, 2), "<f4"),
        "state": ((count,), "u1"),
    }
    if spec.rule != FIXED_SQUARE:
        shapes["squares_mm"] = ((count,), "<f4")
    if spec.outliner is not None:
        shapes["maps"] = ((count, len(INPUT_LAYERS), edge, edge), "u1")
    for name, (shape, dtype) in shapes.items():
        file = folder / f"{name}.npy"
        np.lib.format.open_memmap(file, mode="w+", dtype=np.dtype(dtype), shape=shape).flush()
        _allocate(file)
    write_text(path, json.dumps(meta))


def _allocate(file: Path) -> None:
    """Take the room of a file that was made with holes. Raises OSError if there is too little.

    Where a disk is full, writing to the mapped memory of a hole kills the process.
    """
    if hasattr(os, "posix_fallocate"):
        with file.open("rb+") as stream:
            os.posix_fallocate(stream.fileno(), 0, file.stat().st_size)


def _tasks(
    slices: Sequence[CohortSlice], state: NDArray[np.uint8], folder: Path, spec: CacheSpec
) -> Iterator[_Task]:
    # By series, since a patient may have several studies, which are not read together.
    by_series: dict[str, list[int]] = {}
    for row, item in enumerate(slices):
        if state[row] == TODO:
            by_series.setdefault(item.series_instance_uid, []).append(row)
    for rows in by_series.values():
        yield _Task(folder, spec, tuple(rows), tuple(slices[row] for row in rows))


def in_processes(
    work: Callable[[Task], Result], tasks: Sequence[Task], workers: int
) -> Iterator[Result]:
    """Yield what ``work`` makes of each task, in their order, by so many processes."""
    if workers <= 1 or len(tasks) < 2:
        yield from map(work, tasks)
        return
    with worker_pool(workers) as pool:
        yield from pool.map(work, tasks, chunksize=4)


def _pack_series(task: _Task) -> tuple[list[int], list[int]]:
    packed = open_cache(task.folder, writable=True)
    found = _read_slices(task.slices)
    placed: dict[int, Placed] = {}
    for row, item in zip(task.rows, task.slices, strict=True):
        picture = found.get(item.sop_instance_uid)
        if picture is None:
            raise CohortError(
                f"{item.file}: no slice with SOP Instance UID {item.sop_instance_uid}; "
                "the truth file and the DICOM file do not match"
            )
        cut = _pack_slice(packed, row, picture, item, task.spec)
        if cut is not None:
            placed[row] = cut
    if placed and packed.maps is not None:
        _draw(packed.maps, placed, task)
    return list(task.rows), [DONE if row in placed else REFUSED for row in task.rows]


def _draw(maps: NDArray[np.uint8], placed: dict[int, Placed], task: _Task) -> None:
    """Draw the maps of a series at once: networks are fast on whole batches."""
    assert task.spec.outliner is not None
    engine = drawing_engine(*task.spec.outliner, task.threads)
    drawn = outline_maps(engine, list(placed.values()), task.spec.patch, task.spec.margin_px)
    maps[list(placed)] = np.rint(255 * drawn).astype(np.uint8)


@functools.cache
def drawing_engine(folder: str, sha256: str, threads: int | None) -> Engine:
    """Return the engine of a bundle, loaded once a worker; one thread where workers share cores."""
    bundle = load_bundle(Path(folder))
    assert bundle.manifest.files[OUTLINER_FILE] == sha256
    return Engine(bundle, threads=threads)


def _read_slices(slices: Sequence[CohortSlice]) -> dict[str, Slice]:
    files = sorted({item.file for item in slices})
    try:
        study = read_study(files)
    except StudyError as error:
        raise CohortError(f"{files[0]}: {error}") from None
    return {item.sop_instance_uid: item for series in study.series for item in series.slices}


def _pack_slice(
    packed: PackedSlices, row: int, picture: Slice, item: CohortSlice, spec: CacheSpec
) -> Placed | None:
    """Return what was cut; None where nothing can be."""
    geometry = picture.geometry
    try:
        center, square = _region(item, geometry, spec)
        if center is None:
            return None  # nobody said where to look
        pixels = picture.load_pixels()
        patch = extract_patch(pixels, geometry, center, square, margin_px=spec.margin_px)
        whole, frame = overview(pixels, geometry, spec.overview)
    except StudyError:
        return None  # its field of view does not hold the square: nobody can grade it
    packed.patches[row] = patch
    packed.overviews[row] = whole
    packed.targets[row] = frame.from_pixel(*center)
    if packed.squares_mm is not None:
        packed.squares_mm[row] = square.size_mm
    return pixels, geometry, center


def _region(
    item: CohortSlice, geometry: SliceGeometry, spec: CacheSpec
) -> tuple[tuple[float, float] | None, PatchSpec]:
    """Return the middle of the square, and its size: as a drawn box is graded, where it counts.

    Raises StudyError if the box does not fit the slice.
    """
    if not spec.rule.is_drawn:
        return item.center_px, spec.patch
    if item.box_px is None:
        return None, spec.patch
    square = spec.rule.square(spec.patch, geometry, item.box_px)
    return box_center(item.box_px, geometry), square
