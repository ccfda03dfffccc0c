"""The discs of simulated sagittal slices, from the anatomy and not from the picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lumbargrade.cohort.discs import FOLDER
from lumbargrade.phantom.anatomy.anatomy import Anatomy
from lumbargrade.phantom.dicom import WrittenInstance, WrittenStudy
from lumbargrade.phantom.imaging.paint_spine import disc_half_shares
from lumbargrade.phantom.simulated import DiscTruth, SimulatedStudy
from lumbargrade.spine.tracing import DiscTracing, write_disc_tracings

PFIRRMANN, GRADED_CONTRAST = "PFIRRMANN", "t2"
"""Discs are graded on T2 alone."""

MIDDLE_MM = 12.0
"""Sagittal slices so far from the midline still show the corners that the midline has."""


def disc_corners(anatomy: Anatomy, index: int) -> NDArray[np.float64]:
    """Return the corners (4, 3) of a disc space (0 = L1/2) in the midline, in patient
    coordinates (LPS, mm) and in the order of ``spine.tracing.CORNERS``.
    """
    level = anatomy.canal.levels[index]
    middle, half = anatomy.disc_zeta(index), level.disc_height / 2
    front, back = (half * share for share in disc_half_shares((-1.0, 1.0)))
    depth = level.disc_depth
    places = ((-depth, front), (0.0, back), (0.0, -back), (-depth, -front))
    return np.array([anatomy.spine.to_patient(0.0, v, middle + w) for v, w in places])


def pfirrmann_value(disc: DiscTruth) -> int:
    """Return the value 0 to 4 of Pfirrmann's grade (2001): the nearest to the degeneration from
    which the disc's grey and height were drawn.
    """
    return int(np.clip(round(disc.measures["degeneration"]), 0, 4))


def write_discs(study: SimulatedStudy, written: WrittenStudy, folder: Path) -> None:
    """Write ``discs/<patient>.json`` of a study whose files lie in ``folder``, the cohort.

    Files are named relative to the folder of that file. Without corners nothing is written.
    """
    if all(disc.corners_mm is None for disc in study.discs):
        return
    middle = np.mean([disc.center_mm[0] for disc in study.discs])
    tracings = [
        _tracing(study, item)
        for item in written.instances
        if item.series.plane == "sagittal"
        and abs(item.slice.geometry.center_mm[0] - middle) <= MIDDLE_MM
    ]
    if tracings:
        (folder / FOLDER).mkdir(exist_ok=True)
        write_disc_tracings(folder / FOLDER / f"{study.patient_id}.json", tracings)


def _tracing(study: SimulatedStudy, item: WrittenInstance) -> DiscTracing:
    geometry = item.slice.geometry
    return DiscTracing(
        file=f"../studies/{study.patient_id}/{item.file}",
        discs={
            str(disc.level): np.array([geometry.to_pixel(one)[:2] for one in disc.corners_mm])
            for disc in study.discs
            if disc.corners_mm is not None
        },
        sacrum_seen=True,
        patient=study.patient_id,
        simulated=True,
        grades={
            str(disc.level): {PFIRRMANN: pfirrmann_value(disc)}
            for disc in study.discs
            if disc.corners_mm is not None and item.series.contrast == GRADED_CONTRAST
        },
    )
