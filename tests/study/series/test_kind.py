"""Plane, region and kind of a picture."""

from __future__ import annotations

import numpy as np
import pytest

from lumbargrade.study.model import Acquisition
from lumbargrade.study.series.kind import picture_kind, plane_of


@pytest.mark.parametrize(("degrees", "plane"), [(44.9, "axial"), (45.1, "coronal")])
def test_a_slice_is_axial_within_45_degrees(degrees: float, plane: str) -> None:
    angle = np.radians(degrees)
    for sign in (1, -1):
        assert plane_of((0.0, np.sin(angle), sign * np.cos(angle))) == plane


@pytest.mark.parametrize(
    ("normal", "plane"),
    [
        ((1, 0, 0), "sagittal"),
        ((0, -1, 0), "coronal"),
        ((0.71, 0.0, 0.704), "sagittal"),
        ((0.5, 0.5, 0.70), "oblique"),
    ],
)
def test_other_planes(normal: tuple[float, float, float], plane: str) -> None:
    assert plane_of(normal) == plane


@pytest.mark.parametrize(
    ("image_type", "name", "kind"),
    [
        (("ORIGINAL", "PRIMARY", "M"), "t2 tra", "acquired"),
        (("ORIGINAL", "PRIMARY", "LOCALIZER"), "t2", "localizer"),
        ((), "3-pl loc", "localizer"),
        ((), "allocation", "acquired"),
        (("DERIVED", "PRIMARY", "mip"), "t2", "a projection"),
        (("P", "R", "M"), "t2", "acquired"),
    ],
)
def test_kinds_of_pictures(image_type: tuple[str, ...], name: str, kind: str) -> None:
    assert picture_kind(Acquisition(image_type=image_type, series_description=name)) == kind
