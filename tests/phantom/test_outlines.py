"""Outlines of simulated slices agree with the truth, which comes by other formulas."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lumbargrade.grading.finding import Plane
from lumbargrade.morphometry.formulas.margin import back_margin
from lumbargrade.morphometry.lines import area
from lumbargrade.morphometry.tracing import read_tracings
from lumbargrade.phantom.dicom import write_study
from lumbargrade.phantom.outlines import write_outlines
from lumbargrade.phantom.simulate import StudyOptions, simulate_study
from lumbargrade.phantom.simulated import SimulatedStudy
from lumbargrade.study.geometry import SliceGeometry


@pytest.fixture(scope="module")
def study() -> SimulatedStudy:
    """A patient with much disease, without pictures."""

    def blank(
        anatomy: object, roots: object, geometry: SliceGeometry, *rest: object
    ) -> NDArray[np.uint16]:
        return np.zeros((geometry.rows, geometry.columns), dtype=np.uint16)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lumbargrade.phantom.simulate.scan_slice", blank)
        return simulate_study(3, 3, StudyOptions(severe=True))


def test_areas_are_those_of_the_truth(study: SimulatedStudy) -> None:
    seen = 0
    for item in study.series[1].slices:
        assert item.truth is not None
        assert item.outlines is not None
        assert item.outlines.sac is not None
        if item.truth.disc_in_plane:
            seen += 1
            wanted = item.truth.measures["sac_area_mm2"]
            assert area(item.outlines.sac) == pytest.approx(wanted, rel=0.08, abs=4)
    assert seen >= 5


def test_the_largest_herniation_stands_out_of_the_outline(study: SimulatedStudy) -> None:
    discs = [one for one in study.series[1].slices if one.truth and one.truth.disc_in_plane]
    by_truth = [one.truth.measures["disc_displacement_mm"] for one in discs if one.truth]
    worst = discs[int(np.argmax(by_truth))]
    assert worst.outlines is not None
    assert worst.outlines.disc is not None
    assert max(by_truth) > 3
    assert back_margin(worst.outlines.disc).displacement > 0.5 * max(by_truth)


def test_they_are_written_as_tracings_beside_the_study(
    study: SimulatedStudy, tmp_path: Path
) -> None:
    folder = tmp_path / "studies" / study.patient_id
    written = write_study(study, folder, "key")
    write_outlines(written, study.patient_id, tmp_path)
    path = tmp_path / "outlines" / f"{study.patient_id}.json"
    tracings = read_tracings(path)
    assert len(tracings) == len(study.series[1].slices)
    assert all((path.parent / one.file).resolve().is_file() for one in tracings)
    assert {one.plane for one in tracings} <= {Plane.DISC, Plane.BODY}
    assert {one.quality for one in tracings} == {1}
    assert {one.patient for one in tracings} == {study.patient_id}


def test_a_study_without_outlines_writes_none(study: SimulatedStudy, tmp_path: Path) -> None:
    bare = replace(
        study,
        series=tuple(
            replace(one, slices=tuple(replace(item, outlines=None) for item in one.slices))
            for one in study.series
        ),
    )
    written = write_study(bare, tmp_path / "studies" / study.patient_id, "key")
    write_outlines(written, study.patient_id, tmp_path)
    assert not (tmp_path / "outlines").exists()
