"""What the slices of a cohort cut, simulated or read, as further lessons for the outline network.

A cohort says whether a disc lies in the plane, and draws nothing: its slices teach that alone.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import CohortError
from lumbargrade.grading.finding import Plane
from lumbargrade.inference.outline import OUTLINE_PATCH
from lumbargrade.morphometry.layers import LAYERS
from lumbargrade.morphometry.outlines import Outlines
from lumbargrade.training.cache import DONE, CacheSpec, pack
from lumbargrade.training.outlines.data import MARGIN_PX, TracedSlices
from lumbargrade.training.progress_log import Listener

CACHE = "cohort"


def cohort_planes(cohort: Path, run: Path, listener: Listener) -> TracedSlices:
    """Return the slices of a cohort whose plane is known; their squares are packed into ``run``.

    A slice without a disc in its plane is taken for one of a vertebral body. Raises CohortError
    if the cohort cannot be read, or says of no slice whether a disc lies in its plane.
    """
    read = read_cohort(cohort)
    slices = [one for one in read.slices if one.disc_in_plane is not None and one.center_px]
    if not slices:
        raise CohortError(f"{cohort}: says of no slice whether a disc lies in its plane")
    spec = CacheSpec(read.fingerprint, OUTLINE_PATCH, MARGIN_PX)
    packed = pack(
        slices, run / CACHE, spec, progress=lambda done, total: listener.at("cohort", done, total)
    )
    rows = np.flatnonzero(packed.state == DONE)
    kept = [slices[row] for row in rows]
    pictures = np.asarray(packed.patches[rows], dtype=np.float32)
    planes = [Plane.DISC if one.disc_in_plane else Plane.BODY for one in kept]
    return TracedSlices(
        pictures=pictures,
        masks=np.zeros((len(kept), len(LAYERS), *pictures.shape[1:]), dtype=np.uint8),
        known=np.zeros((len(kept), len(LAYERS)), dtype=np.bool_),
        planes=np.array([list(Plane).index(one) for one in planes], dtype=np.int64),
        patients=np.array([one.patient_id for one in kept]),
        contrasts=np.array([one.contrast for one in kept]),
        drafts=np.ones(len(kept), dtype=np.bool_),
        outlines=(Outlines(),) * len(kept),
    )
