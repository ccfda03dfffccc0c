"""The outlines of a simulated slice, from the anatomy and not from the picture.

Only what the simulation draws as people have it: the disc (or body) and the dural sac.
Its facets and canal wall are too simple to learn from.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lumbargrade.grading.finding import Plane
from lumbargrade.morphometry.contour import closed_outline
from lumbargrade.morphometry.outlines import Outlines
from lumbargrade.morphometry.tracing import DRAFT_QUALITY, Tracing, write_tracings
from lumbargrade.phantom.anatomy.anatomy import Anatomy
from lumbargrade.phantom.dicom import WrittenStudy
from lumbargrade.phantom.imaging.paint import Points, inside
from lumbargrade.phantom.imaging.paint_canal import sac_distance
from lumbargrade.phantom.imaging.paint_spine import column_of
from lumbargrade.study.geometry import SliceGeometry

FOLDER = "outlines"
"""Of a cohort: one file of outlines a patient."""

SPACING_MM, PIXELS = 0.5, 260
"""The square on which distances are taken: 130 mm, a whole disc and more."""


def slice_outlines(
    anatomy: Anatomy, geometry: SliceGeometry, center_px: tuple[float, float]
) -> Outlines:
    """Return disc (or body) and sac of an axial slice, in mm from ``center_px``.

    The slice lies as simulated ones do: columns run to the patient's left, rows to the back.
    """
    points = square_points(anatomy, geometry, center_px, SPACING_MM)
    column, sac = column_of(anatomy, points), sac_distance(anatomy, points)
    disc = inside(column.outline, SPACING_MM)
    return Outlines(
        disc=closed_outline(disc, SPACING_MM),
        # the sac ends where disc material is
        sac=closed_outline(inside(sac, SPACING_MM) * (disc < 0.5), SPACING_MM),
    )


def write_outlines(written: WrittenStudy, patient_id: str, folder: Path) -> None:
    """Write ``outlines/<patient>.json`` of a study whose files lie in ``folder``, the cohort.

    Files are named relative to the folder of that file.
    """
    tracings = [
        Tracing(
            file=f"../studies/{patient_id}/{item.file}",
            outlines=item.slice.outlines,
            centre_px=truth.canal_center_px,
            pixel_spacing_mm=item.slice.geometry.pixel_spacing_mm[0],
            patient=patient_id,
            level=str(truth.level),
            contrast=item.series.contrast,
            plane=Plane.DISC if truth.disc_in_plane else Plane.BODY,
            quality=DRAFT_QUALITY,
            note="simulated",
        )
        for item in written.instances
        if (truth := item.slice.truth) is not None and item.slice.outlines is not None
    ]
    if tracings:
        (folder / FOLDER).mkdir(exist_ok=True)
        write_tracings(folder / FOLDER / f"{patient_id}.json", tracings)


def square_points(
    anatomy: Anatomy, geometry: SliceGeometry, center_px: tuple[float, float], spacing_mm: float
) -> Points:
    """Return the points (n, n) of a square of 130 mm around ``center_px`` of a slice.

    Column j lies (j + 0.5) * ``spacing_mm`` - 65 mm to the patient's left of it, row i so far to
    the back.
    """
    count = round(PIXELS * SPACING_MM / spacing_mm)
    axis = (np.arange(count) + 0.5 - count / 2) * spacing_mm
    row, column = np.asarray(geometry.row_direction), np.asarray(geometry.column_direction)
    place = (
        geometry.to_patient(*center_px) + row * axis[None, :, None] + column * axis[:, None, None]
    ).astype(np.float32)
    u, v, zeta = anatomy.spine.to_spine(place)
    return Points(place[..., 0], place[..., 1], place[..., 2], u, v, zeta, spacing_mm)
