"""Outlines as a stack of masks, which is what the outline network learns and gives, and back.

The stack has one layer a structure and side, in the order of :data:`LAYERS`; pixels as in the
canonical square of ``study.patch``, the outlines' origin in its middle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.finding import Side
from lumbargrade.morphometry.canal import canal_back, canal_outline
from lumbargrade.morphometry.contour import blobs, centre_line, closed_outline, closed_outlines
from lumbargrade.morphometry.drawing import Mask, disks, filled, stroke
from lumbargrade.morphometry.outlines import Line, Outlines, Root

Drawn = TypeVar("Drawn")

SIDES = (Side.RIGHT, Side.LEFT)

_SIDED = ("facet", "joint", "joint_end", "root", "exit")

LAYERS = (
    "disc",
    "sac",
    "canal",
    *(
        f"{part}_{side}"
        for part in ("facet", "joint", "joint_end", "root", "exit")
        for side in SIDES
    ),
    "roots_in_sac",
    "clusters",
)
"""``canal`` is the canal without the disc; ``joint_end`` the medial end of a joint, ``root``
the traversing root, ``exit`` the exiting one."""

MIRRORED = tuple(
    LAYERS.index(_swapped)
    for _swapped in (
        name.replace(Side.RIGHT, "*").replace(Side.LEFT, Side.RIGHT).replace("*", Side.LEFT)
        for name in LAYERS
    )
)
"""For each layer, the one that it becomes in the mirror."""

INPUT_LAYERS = ("disc", "sac", "canal", "facets", "roots")
"""What a grader may see of the layers, beside the picture: left and right in one; ``roots`` are
the traversing and the exiting ones."""

_MERGED = (
    ("disc",),
    ("sac",),
    ("canal",),
    tuple(f"facet_{side}" for side in SIDES),
    tuple(f"{part}_{side}" for part in ("root", "exit") for side in SIDES),
)
"""For each of :data:`INPUT_LAYERS`, the layers that it is the maximum of."""

JOINT_WIDTH_MM = 1.6
"""Width at which a joint's line is drawn: two to three pixels."""

END_MM = 1.2
"""Standard deviation of the spot on the medial end of a joint."""

SMALLEST_ROOT_MM = 1.2
"""A smaller root is drawn at this size: less than two pixels teach nothing."""

CERTAIN = 0.78
"""Mean probability inside of a shape below which it is left out: its outline is in doubt. On
real slices of the tuning half that loses one sac in seventy, all of them wrong or hardly seen."""

LARGEST_ROOT_MM = 12.0
"""A larger shape is no root: ganglia measure 5 to 8 mm."""

END_THRESHOLD = 0.2
"""Highest value of a spot from which on there is an end; a spot is one pixel high at best."""


@dataclass(frozen=True)
class Square:
    """The square that the masks cover: ``pixels`` along an edge, each of ``spacing_mm``."""

    pixels: int
    spacing_mm: float


def to_layers(outlines: Outlines, square: Square) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return masks (layers, n, n) of 0 to 1, and which of the layers (layers,) were drawn.

    A layer that was not drawn is empty and must not be learned from.
    """
    masks = np.zeros((len(LAYERS), square.pixels, square.pixels), dtype=np.float32)
    known = np.zeros(len(LAYERS), dtype=np.bool_)
    for name, mask in [*_middle(outlines, square), *_sides(outlines, square)]:
        masks[LAYERS.index(name)], known[LAYERS.index(name)] = mask, True
    return masks, known


def input_layers(masks: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return probabilities (n, 5, h, h) of :data:`INPUT_LAYERS` from (n, layers, h, h)."""
    indices = [[LAYERS.index(name) for name in names] for names in _MERGED]
    return np.stack([masks[:, index].max(axis=1) for index in indices], axis=1)


def _middle(outlines: Outlines, square: Square) -> Iterator[tuple[str, Mask]]:
    """Yield name and mask of what has no sides."""
    size = (square.pixels, square.spacing_mm)
    if outlines.sac is not None:
        yield "sac", filled(outlines.sac, *size)
    if outlines.disc is not None:
        disc = filled(outlines.disc, *size)
        yield "disc", disc
        if outlines.canal_back is not None:
            canal = filled(canal_outline(outlines.disc, outlines.canal_back), *size)
            yield "canal", np.clip(canal - disc, 0.0, 1.0)
    if outlines.roots_in_sac is not None:
        yield "roots_in_sac", disks(map(_enlarged, outlines.roots_in_sac), *size)
    if outlines.clusters is not None:
        nothing = np.zeros((square.pixels, square.pixels), dtype=np.float32)
        drawn = [filled(line, *size) for line in outlines.clusters]
        yield "clusters", np.max([nothing, *drawn], axis=0)


def _sides(outlines: Outlines, square: Square) -> Iterator[tuple[str, Mask]]:
    """Yield name and mask of what lies on the left or on the right."""
    size = (square.pixels, square.spacing_mm)
    for side, line in outlines.facets.items():
        yield f"facet_{side}", filled(line, *size)
    for side, line in outlines.joints.items():
        if len(line) > 1:
            yield f"joint_{side}", stroke(line, *size, JOINT_WIDTH_MM)
        yield f"joint_end_{side}", _spot(line[0], square)
    for name, roots in (("root", outlines.traversing_roots), ("exit", outlines.exiting_roots)):
        for side, root in roots.items():
            yield f"{name}_{side}", disks([_enlarged(root)], *size)


def from_layers(masks: NDArray[np.float32], square: Square, roots_in_sac: bool) -> Outlines:
    """Return the outlines of probabilities (layers, n, n).

    What is nowhere likely, or in doubt, is left out. ``roots_in_sac``: whether they can be seen,
    as on T2.
    """
    layer = dict(zip(LAYERS, masks, strict=True))
    spacing = square.spacing_mm
    disc, sac = (_outline(layer[name], spacing) for name in ("disc", "sac"))
    canal = _outline(layer["canal"], spacing)
    return Outlines(
        disc=disc,
        sac=sac,
        canal_back=None if canal is None or disc is None else canal_back(canal, disc),
        facets=_on_their_sides(
            {side: _outline(layer[f"facet_{side}"], spacing) for side in SIDES}, _line_x
        ),
        joints=_on_their_sides({side: _joint(layer, side, square) for side in SIDES}, _line_x),
        traversing_roots=_on_their_sides(_largest(layer, "root", spacing), _root_x),
        exiting_roots=_on_their_sides(_largest(layer, "exit", spacing), _root_x),
        roots_in_sac=blobs(layer["roots_in_sac"], spacing) if roots_in_sac else None,
        clusters=tuple(closed_outlines(layer["clusters"], spacing)) if roots_in_sac else None,
    )


def _on_their_sides(
    found: Mapping[Side, Drawn | None], x_of: Callable[[Drawn], float]
) -> dict[Side, Drawn]:
    """Return what was found; neither where the left one lies on the right of the right one."""
    there = {side: one for side, one in found.items() if one is not None}
    if len(there) == len(SIDES) and x_of(there[Side.LEFT]) <= x_of(there[Side.RIGHT]):
        return {}
    return there


def _line_x(line: Line) -> float:
    return float(line[:, 0].mean())


def _root_x(root: Root) -> float:
    return root.centre_mm[0]


def _outline(probability: NDArray[np.float32], spacing_mm: float) -> Line | None:
    inside = probability[probability > 0.5]
    if not inside.size or float(inside.mean()) < CERTAIN:
        return None
    return closed_outline(probability, spacing_mm)


def _joint(layer: dict[str, NDArray[np.float32]], side: Side, square: Square) -> Line | None:
    """Return the joint's line; its medial end is where the layer of the ends says."""
    line = centre_line(layer[f"joint_{side}"], square.spacing_mm)
    end = _peak(layer[f"joint_end_{side}"], square)
    if end is None:
        return line
    if line is None or len(line) < 2:
        return np.array([end])
    return np.vstack([end, line[1:]])


def _peak(spot: NDArray[np.float32], square: Square) -> Line | None:
    """Return the centre (x, y) of the highest spot, as the mean of what lies close to it."""
    row, column = np.unravel_index(int(spot.argmax()), spot.shape)
    if spot[row, column] < END_THRESHOLD:
        return None
    reach = round(2 * END_MM / square.spacing_mm)
    rows = slice(max(row - reach, 0), row + reach + 1)
    columns = slice(max(column - reach, 0), column + reach + 1)
    near = spot[rows, columns].astype(np.float64)
    y, x = np.mgrid[rows, columns][:, : near.shape[0], : near.shape[1]]
    middle = np.array([(near * x).sum(), (near * y).sum()]) / near.sum()
    return np.asarray((middle + 0.5 - square.pixels / 2) * square.spacing_mm)


def _spot(centre: Line, square: Square) -> NDArray[np.float32]:
    axis = (np.arange(square.pixels) + 0.5 - square.pixels / 2) * square.spacing_mm
    away = (axis[None, :] - centre[0]) ** 2 + (axis[:, None] - centre[1]) ** 2
    return np.asarray(np.exp(-away / (2 * END_MM**2)), dtype=np.float32)


def _largest(layer: dict[str, NDArray[np.float32]], name: str, spacing: float) -> dict[Side, Root]:
    found = {side: blobs(layer[f"{name}_{side}"], spacing) for side in SIDES}
    largest = {
        side: max(each, key=lambda one: one.diameter_mm) for side, each in found.items() if each
    }
    return {side: one for side, one in largest.items() if one.diameter_mm <= LARGEST_ROOT_MM}


def _enlarged(root: Root) -> Root:
    return Root(root.centre_mm, max(root.diameter_mm, SMALLEST_ROOT_MM))
