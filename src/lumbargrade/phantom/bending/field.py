"""Where the tissue between disc and wall goes when they move.

What lies between the new margins is carried along by a smooth field: its ends are held by disc
and wall, and it gives way more where the tissue is softer (a membrane of uneven stiffness,
div(k grad b) = 0). Solved for the way back, from each place of the new picture to the old one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.ndimage import map_coordinates, zoom
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import spsolve
from scipy.spatial import cKDTree

from lumbargrade.morphometry.outlines import Line, Outlines
from lumbargrade.phantom.bending.shape import Moved, Slate

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]

REACH_MM = (36.0, -26.0, 30.0)
"""Half width, and range to the back, of what a bend may change."""
COARSE = 2
"""The field is solved on every second pixel."""
FAT_STIFFNESS, SAC_STIFFNESS, ROOT_STIFFNESS = 1.0, 3.5, 30.0
"""Epidural fat gives way first, then the sac; a root moves as a whole [design]."""
WALL_FADE_MM = 4.0
"""Behind a wall that came forward, the tissue is stretched over this depth."""
ROUNDS = 2
"""Times that the stiffness is looked up where the tissue came from."""


@dataclass(frozen=True)
class Grid:
    """A window of a picture: first row and column, rows and columns, and mm.

    ``x_mm`` (columns,) and ``y_mm`` (rows,) are the centres of its pixels.
    """

    first: tuple[int, int]
    x_mm: Numbers
    y_mm: Numbers
    spacing_mm: float

    @property
    def window(self) -> tuple[slice, slice]:
        """Rows and columns of the picture."""
        row, column = self.first
        return slice(row, row + len(self.y_mm)), slice(column, column + len(self.x_mm))

    def mask(self, line: Line, finer: int = 4) -> Numbers:
        """Return the share (rows, columns) of each pixel that lies inside a closed line."""
        size = (len(self.x_mm) * finer, len(self.y_mm) * finer)
        corner = np.array([self.x_mm[0], self.y_mm[0]]) - self.spacing_mm / 2
        points = (line - corner) / self.spacing_mm * finer - 0.5
        image = Image.new("L", size)
        ImageDraw.Draw(image).polygon([tuple(point) for point in points], fill=1)
        fine = np.asarray(image, dtype=np.float64)
        boxes = fine.reshape(size[1] // finer, finer, size[0] // finer, finer)
        return np.asarray(boxes.mean(axis=(1, 3)))

    def places(self) -> Numbers:
        """Return (rows, columns, 2) the centres of its pixels, (x, y) in mm."""
        x, y = np.meshgrid(self.x_mm, self.y_mm)
        return np.stack([x, y], axis=-1)


def grid_of(pixels: int, spacing_mm: float, middle_mm: float) -> Grid:
    """Return the window around the canal of a square picture with ``pixels`` along an edge."""
    axis = np.asarray((np.arange(pixels) - (pixels - 1) / 2) * spacing_mm, dtype=np.float64)
    half, front, back = REACH_MM
    columns = np.flatnonzero(np.abs(axis - middle_mm) <= half)
    rows = np.flatnonzero((axis >= front) & (axis <= back))
    even = (len(rows) // COARSE * COARSE, len(columns) // COARSE * COARSE)
    rows, columns = rows[: even[0]], columns[: even[1]]
    return Grid((int(rows[0]), int(columns[0])), axis[columns], axis[rows], spacing_mm)


def behind(grid: Grid, line: Line) -> Mask:
    """Return which pixels (rows, columns) lie behind an open line; beyond its ends, none."""
    order = np.argsort(line[:, 0], kind="stable")
    y = np.interp(grid.x_mm, line[order, 0], line[order, 1], left=np.inf, right=np.inf)
    return np.asarray(grid.y_mm[:, None] >= y[None, :])


def way_back(grid: Grid, slate: Slate, moved: Moved) -> Numbers:
    """Return (rows, columns, 2): (x, y) in mm from each new place to where its tissue was."""
    coarse = Grid(
        grid.first,
        grid.x_mm.reshape(-1, COARSE).mean(axis=1),
        grid.y_mm.reshape(-1, COARSE).mean(axis=1),
        COARSE * grid.spacing_mm,
    )
    held, given = _held(coarse, slate, moved)
    stiffness = _stiffness(coarse, slate.outlines)
    field, local = given, stiffness
    for _ in range(ROUNDS):
        field = _membrane(local, held, given)
        local = looked_up(stiffness, field, coarse)
    rows = [
        zoom(field[..., axis], COARSE, order=1, grid_mode=True, mode="nearest") for axis in (0, 1)
    ]
    return np.stack(rows, axis=-1)


def nearest_change(places: Numbers, new: Line, old: Line) -> tuple[Numbers, Numbers]:
    """Return old less new, (..., 2), of the nearest point of ``new``, and its distance (...)."""
    distance, index = cKDTree(new).query(places)
    return (old - new)[index], distance


def _held(grid: Grid, slate: Slate, moved: Moved) -> tuple[Mask, Numbers]:
    """Return where the field is given, (rows, columns), and what it is there."""
    places = grid.places()
    disc = grid.mask(moved.disc) >= 0.5
    given = np.zeros_like(places)
    given[disc], _ = nearest_change(places[disc], moved.disc, slate.disc)
    bone = behind(grid, moved.wall)
    for facet in slate.outlines.facets.values():
        bone |= grid.mask(facet) >= 0.5
    bone &= ~disc
    change, away = nearest_change(places[bone], moved.wall, slate.wall)
    given[bone] = change * np.clip(1.0 - away / WALL_FADE_MM, 0.0, 1.0)[:, None]
    held = disc | bone
    held[[0, -1], :] = held[:, [0, -1]] = True
    return held, given


def _stiffness(grid: Grid, outlines: Outlines) -> Numbers:
    values = np.full((len(grid.y_mm), len(grid.x_mm)), FAT_STIFFNESS)
    if outlines.sac is not None:
        values += (SAC_STIFFNESS - FAT_STIFFNESS) * grid.mask(outlines.sac)
    places = grid.places()
    for root in (*outlines.traversing_roots.values(), *outlines.exiting_roots.values()):
        away = np.hypot(*np.moveaxis(places - np.array(root.centre_mm), -1, 0))
        values[away <= root.diameter_mm / 2 + 0.3] = ROOT_STIFFNESS
    return values


def looked_up(values: Numbers, field: Numbers, grid: Grid) -> Numbers:
    """Return ``values`` (rows, columns) where the tissue of each place was, by the way back."""
    rows, columns = np.indices(values.shape, dtype=float)
    at = [rows + field[..., 1] / grid.spacing_mm, columns + field[..., 0] / grid.spacing_mm]
    return np.asarray(map_coordinates(values, at, order=1, mode="nearest"))


def _membrane(stiffness: Numbers, held: Mask, given: Numbers) -> Numbers:
    """Solve div(k grad b) = 0 for both parts of b where it is not held."""
    index = np.full(held.shape, -1)
    free = np.argwhere(~held)
    if len(free) == 0:
        return given
    index[tuple(free.T)] = np.arange(len(free))
    own = stiffness[tuple(free.T)]
    total, right = np.zeros(len(free)), np.zeros((len(free), 2))
    entries: list[tuple[NDArray[Any], NDArray[Any], Numbers]] = []
    for step in ((0, 1), (0, -1), (1, 0), (-1, 0)):
        beside = tuple((free + step).T)
        other = stiffness[beside]
        weight = 2 * own * other / (own + other)
        total += weight
        known, to = held[beside], index[beside]
        right[known] += weight[known, None] * given[beside][known]
        entries.append((np.flatnonzero(~known), to[~known], -weight[~known]))
    rows, columns, values = (np.concatenate(part) for part in zip(*entries, strict=True))
    diagonal = np.arange(len(free))
    matrix = coo_matrix(
        (np.r_[values, total], (np.r_[rows, diagonal], np.r_[columns, diagonal]))
    ).tocsc()
    field = given.copy()
    field[tuple(free.T)] = spsolve(matrix, right)
    return field
