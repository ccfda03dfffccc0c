"""The patient's own frame on a slice: which way is left, which way is back, where is the middle.

A patient may lie turned on the table by 10 to 15 degrees, and the region may lie off the
midline. Both would change every "front to back". So the midline is found from the outlines:
the axis on which the wall of the canal, the facets, the joints, the disc's back and the sac
come to lie most nearly on their other side's. What is the most lopsided, a herniation or one
worn joint, counts least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.finding import Side
from lumbargrade.morphometry.lines import close, feet, resample
from lumbargrade.morphometry.outlines import Line, Outlines, Root

Numbers = NDArray[np.float64]

_DECIMALS = 6
"""Of a mm: so no edge is level but for the last digit of a float."""
_STEP_MM = 2.0
_NEAR_MM = 35.0
"""Of the disc, only what is this near to the canal: its front may be cut by the picture."""
_ROUNDS = 20
_SETTLED = 5e-4
"""A step of fewer radians (0.03 degrees) and mm is the last one."""
_SMALL_MM = 1.0
"""Sides that differ by less than this are alike: beyond, a difference counts by its root."""
_FIRST_GUESS_WEIGHT = 200.0
"""A hundredth of what full outlines weigh: it decides only where they say nothing of the turn."""
_LARGEST_TURN = np.deg2rad(35.0)
_LARGEST_CORRECTION = np.deg2rad(20.0)


@dataclass(frozen=True)
class Frame:
    """The upright frame of a patient on a slice.

    Attributes
    ----------
    turn : angle in radians from the picture's x axis to the patient's left, towards y.
    offset_mm : of the midline from the centre of the region, along the patient's left.
    """

    turn: float
    offset_mm: float

    def __post_init__(self) -> None:
        if abs(self.turn) > _LARGEST_TURN:
            raise ValueError("a patient turned this far would not be read as lying on the back")

    def upright(self, points: Numbers) -> Numbers:
        """Return points (..., 2) as mm to the left of the midline and mm to the back."""
        left, back = _axes(self.turn)
        x, y = points @ left - self.offset_mm, points @ back
        return np.asarray(np.round(np.stack([x, y], axis=-1), _DECIMALS))

    def apply(self, outlines: Outlines) -> Outlines:
        """Return the outlines in this frame."""
        return moved(outlines, self.upright)


def mirrored(outlines: Outlines) -> Outlines:
    """Return outlines with left and right changed over, x and names alike."""
    flipped = moved(outlines, lambda points: points * np.array([-1.0, 1.0]))
    other = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}
    wall = flipped.canal_back
    return replace(
        flipped,
        canal_back=None if wall is None else wall[::-1].copy(),  # from right to left again
        facets={other[side]: one for side, one in flipped.facets.items()},
        joints={other[side]: one for side, one in flipped.joints.items()},
        traversing_roots={other[side]: one for side, one in flipped.traversing_roots.items()},
        exiting_roots={other[side]: one for side, one in flipped.exiting_roots.items()},
    )


def moved(outlines: Outlines, move: Callable[[Numbers], Numbers]) -> Outlines:
    """Return outlines with every point moved by a function of points (..., 2), sides kept."""

    def line(one: Line | None) -> Line | None:
        return None if one is None else move(one)

    def root(one: Root) -> Root:
        x, y = move(np.array(one.centre_mm))
        return replace(one, centre_mm=(float(x), float(y)))

    def lines(of: Mapping[Side, Line]) -> dict[Side, Line]:
        return {side: move(one) for side, one in of.items()}

    def roots(of: Mapping[Side, Root]) -> dict[Side, Root]:
        return {side: root(one) for side, one in of.items()}

    dots, groups = outlines.roots_in_sac, outlines.clusters
    return Outlines(
        disc=line(outlines.disc),
        sac=line(outlines.sac),
        canal_back=line(outlines.canal_back),
        facets=lines(outlines.facets),
        joints=lines(outlines.joints),
        traversing_roots=roots(outlines.traversing_roots),
        exiting_roots=roots(outlines.exiting_roots),
        roots_in_sac=None if dots is None else tuple(root(one) for one in dots),
        clusters=None if groups is None else tuple(move(one) for one in groups),
    )


def find_frame(outlines: Outlines) -> Frame | None:
    """Return the upright frame: the axis of the best mirror symmetry of the outlines.

    The axis is found by Gauss-Newton steps on the distances between the lines of one side and
    the mirrored lines of the other, from the line between the two sides' facets (or the ends
    of the wall) on. None where neither canal nor sac is drawn, or no such axis lies within 35
    degrees of the upright: a patient who lies turned farther is not measured.
    """
    middle = _middle(outlines)
    if middle is None:
        return None
    pairs = [
        (resample(one, _STEP_MM), resample(other, _STEP_MM))
        for one, other in _pairs(outlines, middle)
    ]
    start = _first_guess(outlines, middle)
    if start is None:
        return None
    turn, offset = start
    for _ in range(_ROUNDS):
        step_turn, step_offset = _step(pairs, turn, offset, turn - start[0])
        turn, offset = turn + step_turn, offset + step_offset
        if max(abs(step_turn), abs(step_offset)) < _SETTLED:
            break
        if abs(turn - start[0]) > _LARGEST_CORRECTION:
            return None
    if abs(turn) > _LARGEST_TURN:
        return None
    return Frame(float(turn), float(offset))


def _axes(turn: float) -> tuple[Numbers, Numbers]:
    """The directions to the patient's left and back."""
    cosine, sine = np.cos(turn), np.sin(turn)
    return np.array([cosine, sine]), np.array([-sine, cosine])


def _middle(outlines: Outlines) -> Numbers | None:
    for line in (outlines.canal_back, outlines.sac):
        if line is not None:
            return np.asarray(line.mean(axis=0))
    return None


def _first_guess(outlines: Outlines, middle: Numbers) -> tuple[float, float] | None:
    """Turn and offset by the line between both facets, or between the ends of the wall.

    None where the facets say that the patient lies on a side.
    """
    if len(outlines.facets) == 2:
        left, right = (outlines.facets[side].mean(axis=0) for side in (Side.LEFT, Side.RIGHT))
    elif outlines.canal_back is not None:
        right, left = outlines.canal_back[0], outlines.canal_back[-1]
    else:
        left, right = middle + np.array([1.0, 0.0]), middle
    across = left - right
    turn = float(np.arctan2(across[1], across[0]))
    if abs(turn) > _LARGEST_TURN:
        if len(outlines.facets) == 2 and abs(turn) < np.pi - _LARGEST_TURN:
            return None
        return 0.0, float(middle[0])
    return turn, float(_axes(turn)[0] @ middle)


def _pairs(outlines: Outlines, middle: Numbers) -> Iterator[tuple[Line, Line]]:
    """Each line, and the line that its mirror image should lie on; all open."""
    if outlines.canal_back is not None:
        yield outlines.canal_back, outlines.canal_back
    if outlines.sac is not None:
        yield close(outlines.sac), close(outlines.sac)
    if outlines.disc is not None:
        disc = resample(close(outlines.disc), _STEP_MM)
        near = disc[np.hypot(*(disc - middle).T) < _NEAR_MM]
        if len(near) > 1:
            yield near, close(outlines.disc)
    if len(outlines.facets) == 2:
        left, right = (close(outlines.facets[side]) for side in (Side.LEFT, Side.RIGHT))
        yield left, right
        yield right, left
    if len(outlines.joints) == 2:
        left, right = outlines.joints[Side.LEFT], outlines.joints[Side.RIGHT]
        if min(len(left), len(right)) == 1:  # only the medial end of one was seen
            left, right = left[:1], right[:1]
        yield left, right
        yield right, left


def _step(
    pairs: list[tuple[Line, Line]], turn: float, offset: float, corrected: float
) -> tuple[float, float]:
    """One Gauss-Newton step of turn and offset; the distances are along the other line's normal.

    ``corrected`` is how far the turn is from its first guess, which draws it back a little.
    """
    left, back = _axes(turn)
    rows, values, weights = [], [], []
    for points, other in pairs:
        beside = points @ left - offset
        mirrored = points - 2 * beside[:, None] * left
        nearest, _ = feet(mirrored, other)
        apart = mirrored - nearest
        distance = np.hypot(*apart.T)
        normal = apart / np.maximum(distance, 1e-9)[:, None]
        by_turn = -2 * ((points @ back)[:, None] * left + beside[:, None] * back)
        rows.append(np.column_stack([(normal * by_turn).sum(axis=1), 2 * normal @ left]))
        values.append(distance)
        weights.append(1 / np.maximum(distance, _SMALL_MM))
    slope, value, weight = np.vstack(rows), np.concatenate(values), np.concatenate(weights)
    square = (slope * weight[:, None]).T @ slope + np.diag([_FIRST_GUESS_WEIGHT, 1e-6])
    pull = slope.T @ (weight * value) + np.array([_FIRST_GUESS_WEIGHT * corrected, 0.0])
    step = -np.linalg.solve(square, pull)
    return float(step[0]), float(step[1])
