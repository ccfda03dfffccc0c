"""The list of small changes: shift, turn, scale, noise, gamma, mirror with sides swapped.

They are made of the picture, not of the square that is cut out of it, so that everything
after the locator is in what is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from lumbargrade.grading.finding import Side
from lumbargrade.inference.outline import Placed
from lumbargrade.study.geometry import SliceGeometry

SHIFT_MM, TURN_DEG, SCALE, NOISE, GAMMA = 2.0, 3.0, 1.05, 0.03, 1.25
BRIGHT = 99.0
"""Percentile of the picture that noise is a share of."""

APEX = "displacement_apex_mm"
"""The one measure whose sign has a side."""


@dataclass(frozen=True)
class View:
    """A picture (rows, columns) float32 and the middle (column, row) of its region.

    The rows of the picture run along the patient's left or right, as on every axial slice here.
    """

    pixels: NDArray[np.float32]
    geometry: SliceGeometry
    centre: NDArray[np.float64]

    @property
    def placed(self) -> Placed:
        """The same, as inference takes a slice."""
        return self.pixels, self.geometry, (float(self.centre[0]), float(self.centre[1]))


@dataclass(frozen=True)
class Change:
    """One change.

    Attributes
    ----------
    of : makes the changed picture.
    mirrored : sides are swapped, and must be swapped back.
    scale : by how much lengths in mm grow.
    """

    of: Callable[[View], View]
    mirrored: bool = False
    scale: float = 1.0


def shifted(x_mm: float, y_mm: float) -> Callable[[View], View]:
    """Return a change that cuts the region so far beside its place."""

    def change(view: View) -> View:
        rows, columns = view.geometry.pixel_spacing_mm
        return replace(view, centre=view.centre + np.array([x_mm / columns, y_mm / rows]))

    return change


def turned(degrees: float) -> Callable[[View], View]:
    """Return a change that turns the picture about the middle of its region."""
    cosine, sine = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    return _moved(np.array([[cosine, -sine], [sine, cosine]]))


def scaled(factor: float) -> Callable[[View], View]:
    """Return a change that makes everything larger by a factor."""
    return _moved(np.eye(2) / factor)


def noisy(view: View) -> View:
    """Add white noise; the same to the same picture."""
    size = NOISE * float(np.percentile(view.pixels, BRIGHT))
    noise = np.random.default_rng(0).normal(0.0, size, view.pixels.shape)
    return replace(view, pixels=(view.pixels + noise).astype(np.float32))


def toned(gamma: float) -> Callable[[View], View]:
    """Return a change of the tone curve."""

    def change(view: View) -> View:
        top = max(float(view.pixels.max()), 1e-6)
        share = np.clip(view.pixels / top, 0.0, None)
        return replace(view, pixels=(top * share**gamma).astype(np.float32))

    return change


def mirrored(view: View) -> View:
    """Exchange left and right."""
    flipped = np.ascontiguousarray(view.pixels[:, ::-1])
    column = view.pixels.shape[1] - 1 - view.centre[0]
    return replace(view, pixels=flipped, centre=np.array([column, view.centre[1]]))


def _moved(back: NDArray[np.float64]) -> Callable[[View], View]:
    """``back`` (2, 2), by rows and columns, leads from the new picture to the old one."""

    def change(view: View) -> View:
        middle = view.centre[::-1]
        offset = middle - back @ middle
        moved = ndimage.affine_transform(view.pixels, back, offset, order=3, mode="nearest")
        return replace(view, pixels=moved.astype(np.float32))

    return change


CHANGES: Mapping[str, tuple[Change, ...]] = {
    f"shift {SHIFT_MM:g} mm": tuple(
        Change(shifted(x, y))
        for x, y in ((SHIFT_MM, 0.0), (-SHIFT_MM, 0.0), (0.0, SHIFT_MM), (0.0, -SHIFT_MM))
    ),
    f"turn {TURN_DEG:g} degrees": (Change(turned(TURN_DEG)), Change(turned(-TURN_DEG))),
    "scale 5 %": (Change(scaled(SCALE), scale=SCALE), Change(scaled(1 / SCALE), scale=1 / SCALE)),
    "noise 3 %": (Change(noisy),),
    "gamma": (Change(toned(GAMMA)), Change(toned(1 / GAMMA))),
    "mirror": (Change(mirrored, mirrored=True),),
}
"""Name -> its changes, in both directions."""


def undone(measures: Mapping[str, float], change: Change) -> dict[str, float]:
    """Return the measures of a changed picture as they would be on the picture itself.

    Lengths and areas are scaled back, and sides swapped back.
    """
    found = {}
    for name, value in measures.items():
        own = other_side(name) if change.mirrored else name
        power = 2 if "_mm2" in name else 1 if "_mm" in name else 0
        sign = -1.0 if change.mirrored and name == APEX else 1.0
        found[own] = sign * value / change.scale**power
    return found


def other_side(name: str) -> str:
    """Return a name of the other side; without a side, the name itself.

    Examples
    --------
    >>> other_side("recess_depth_mm_left"), other_side("LNRC_right"), other_side("sac_area_mm2")
    ('recess_depth_mm_right', 'LNRC_left', 'sac_area_mm2')
    """
    for one, other in ((Side.LEFT, Side.RIGHT), (Side.RIGHT, Side.LEFT)):
        if name.endswith(f"_{one}"):
            return f"{name.removesuffix(str(one))}{other}"
    return name
