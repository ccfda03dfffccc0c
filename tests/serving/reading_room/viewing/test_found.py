from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lumbargrade.cohort.read import CohortSlice
from lumbargrade.errors import ReadingError
from lumbargrade.serving.reading_room.viewing.found import find_slices
from lumbargrade.study.read import read_study
from lumbargrade.study.series.sagittal import sagittal_series

Known = tuple[CohortSlice, ...]


def test_slices_are_found_caudal_to_cranial(simulated_study: Path, known: Known) -> None:
    found = find_slices(simulated_study, known[::-1])
    heights = [one.item.geometry.center_mm[2] for one in found.slices]
    assert heights == sorted(heights)
    assert sorted(one.known.sop_instance_uid for one in found.slices) == sorted(
        one.sop_instance_uid for one in known
    )
    for one in found.slices:
        assert one.item.sop_instance_uid == one.known.sop_instance_uid
        assert one.pixels.shape == (one.item.geometry.rows, one.item.geometry.columns)
        assert one.is_axial


def test_sagittal_slices_can_be_read_too(simulated_study: Path, known: Known) -> None:
    series = sagittal_series(read_study(simulated_study))
    assert series is not None
    wanted = [
        replace(
            known[0],
            series_instance_uid=one.series_instance_uid,
            sop_instance_uid=one.sop_instance_uid,
        )
        for one in series.slices
    ]
    found = find_slices(simulated_study, [*wanted, known[0]])
    assert [one.is_axial for one in found.slices] == [True, *[False] * len(wanted)]
    across = [one.item.geometry.center_mm[0] for one in found.slices[1:]]
    assert np.all(np.diff(across) < 0), "the patient's left first: the other way round as numbered"


def test_a_picture_that_is_gone_is_named(simulated_study: Path, known: Known) -> None:
    lost = replace(known[0], sop_instance_uid="1.2.3")
    with pytest.raises(ReadingError, match=r"has no picture 1\.2\.3, which the cohort lists: put"):
        find_slices(simulated_study, [lost, *known])


def test_a_patient_without_slices(simulated_study: Path) -> None:
    with pytest.raises(ReadingError, match="no slice of the cohort is of this patient"):
        find_slices(simulated_study, [])
