"""Discs as a sagittal series shows them, in patient coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lumbargrade.grading.level import Level
from lumbargrade.study.graded import SagittalPicture
from lumbargrade.study.model import Slice

Vector = NDArray[np.float64]

_UPWARD = tuple(reversed(Level))


@dataclass(frozen=True, eq=False)
class SpineDisc:
    """One disc of the spine.

    Attributes
    ----------
    corners_mm : (4, 3) in patient coordinates (LPS), in the order of
        ``spine.tracing.CORNERS``.
    above_sacrum : how many discs lie between this one and the sacrum (0: L5/S1); None where
        the series does not show the sacrum, so that discs cannot be counted from it.
    confidence : 0 to 1, of the network.
    """

    corners_mm: Vector
    above_sacrum: int | None
    confidence: float

    @property
    def level(self) -> Level | None:
        """Its name, None where it is not known or above L1/L2."""
        count = self.above_sacrum
        return None if count is None or count >= len(_UPWARD) else _UPWARD[count]

    @property
    def center_mm(self) -> Vector:
        """(3,) the middle of the disc."""
        return np.asarray(self.corners_mm.mean(axis=0), dtype=np.float64)

    @cached_property
    def posterior(self) -> Vector:
        """(3,) unit vector in the middle plane, from the anterior to the posterior margin."""
        front = self.corners_mm[0] + self.corners_mm[3]
        back = self.corners_mm[1] + self.corners_mm[2]
        return _unit(back - front)

    @cached_property
    def cranial(self) -> Vector:
        """(3,) unit normal of the middle plane, towards the head.

        The disc is seen in the sagittal plane alone: it is taken to be level from side to side.
        """
        upward = np.array([0.0, -self.posterior[2], self.posterior[1]])
        return _unit(upward)

    @property
    def height_mm(self) -> float:
        """Mean of the anterior and the posterior height."""
        edges = self.corners_mm[[0, 1]] - self.corners_mm[[3, 2]]
        return float(np.abs(edges @ self.cranial).mean())


@dataclass(frozen=True)
class SpineDiscs:
    """What the sagittal series of a study show.

    Attributes
    ----------
    discs : caudal to cranial; empty where none was found.
    frame_of_reference_uid : whose coordinates they are in.
    series : the series as it is named in messages; empty where there is none.
    picture : the slice that shows them best: the one nearest to their middles.
    doubts : what makes their names doubtful, each with its reason and the alternative, such as
        "the sacrum is not in view".
    contrast : of the series, a name of ``study.series.contrast``; empty where there is none.
    pictures : its middle slices, on which discs were looked for.
    aside : some slices on either side of these, which are not decoded yet.
    """

    discs: tuple[SpineDisc, ...] = ()
    frame_of_reference_uid: str = ""
    series: str = ""
    doubts: tuple[str, ...] = ()
    picture: SagittalPicture | None = None
    contrast: str = ""
    pictures: tuple[SagittalPicture, ...] = ()
    aside: tuple[Slice, ...] = ()


def _unit(vector: Vector) -> Vector:
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float64)
