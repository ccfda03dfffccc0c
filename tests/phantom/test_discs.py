"""Discs of simulated sagittal slices lie where they are painted, and where the files say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.phantom.anatomies import anatomy_with, marked, points_at

from lumbargrade.grading.level import Level
from lumbargrade.phantom.dicom import write_study
from lumbargrade.phantom.discs import MIDDLE_MM, disc_corners, pfirrmann_value, write_discs
from lumbargrade.phantom.imaging.paint_spine import paint_column
from lumbargrade.phantom.simulate import StudyOptions, simulate_study
from lumbargrade.phantom.simulated import DiscTruth, SimulatedStudy
from lumbargrade.spine.tracing import read_disc_tracings
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.read import read_study

STEP_MM = 0.25
ANATOMY = anatomy_with()
TISSUES = (*(f"annulus_{n}" for n in (1, 2, 3, 4)), "nucleus_1", "nucleus_2", "fibrous")


@pytest.fixture(scope="module")
def study() -> SimulatedStudy:
    """A patient without pictures."""

    def blank(
        anatomy: object, roots: object, geometry: SliceGeometry, *rest: object
    ) -> NDArray[np.uint16]:
        return np.zeros((geometry.rows, geometry.columns), dtype=np.uint16)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lumbargrade.phantom.simulate.scan_slice", blank)
        return simulate_study(3, 3, StudyOptions())


def painted(index: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """A disc in the midline: depths (v), heights from its plane (w), and where it is (w, v)."""
    v, w = np.arange(-50, 8, STEP_MM), np.arange(-12, 12, STEP_MM)
    depth, height = np.meshgrid(v, w)
    zeta = ANATOMY.disc_zeta(index) + height
    canvas = np.zeros(depth.shape, np.float32)
    points = points_at(np.zeros_like(depth), depth, zeta)
    paint_column(canvas, ANATOMY, points, marked(*TISSUES))
    return v, w, canvas > 0.4


@pytest.mark.parametrize("index", range(5))
def test_corners_lie_at_the_edge_of_the_painted_disc(index: int) -> None:
    corners = disc_corners(ANATOMY, index)
    u, v, zeta = ANATOMY.spine.to_spine(corners.astype(np.float32))
    np.testing.assert_allclose(u, 0, atol=0.2)
    depths, heights, shown = painted(index)
    across = depths[shown[np.abs(heights).argmin()]]
    assert across.min() == pytest.approx(v[[0, 3]].mean(), abs=1.5)
    assert across.max() == pytest.approx(v[[1, 2]].mean(), abs=2.0)
    for upper, lower, inward in ((0, 3, 2.0), (1, 2, -2.0)):
        column = np.abs(depths - (v[upper] + inward)).argmin()
        painted_mm = shown[:, column].sum() * STEP_MM
        assert float(zeta[upper] - zeta[lower]) == pytest.approx(painted_mm, abs=2.2)
    front, back = np.linalg.norm(corners[[0, 1]] - corners[[3, 2]], axis=1)
    assert front > back > 0.4 * ANATOMY.canal.levels[index].disc_height  # lordosis


def test_centres_are_those_of_the_truth(study: SimulatedStudy) -> None:
    assert len(study.discs) == 5
    for disc in study.discs:
        assert disc.corners_mm is not None
        away = disc.corners_mm.mean(axis=0) - disc.center_mm
        assert float(np.linalg.norm(away)) < 1.5
        front_up, back_up, back_low, front_low = disc.corners_mm
        assert front_up[2] > front_low[2]
        assert back_up[2] > back_low[2]
        assert front_up[1] < back_up[1]
        assert front_low[1] < back_low[1]


def test_written_pixels_are_the_corners_in_the_patient(
    study: SimulatedStudy, tmp_path: Path
) -> None:
    written = write_study(study, tmp_path / "studies" / study.patient_id, "key")
    write_discs(study, written, tmp_path)
    path = tmp_path / "discs" / f"{study.patient_id}.json"
    tracings = read_disc_tracings(path)
    assert 3 <= len(tracings) < len(study.series[0].slices)
    truth = {str(disc.level): disc for disc in study.discs}
    middle = np.mean([disc.center_mm[0] for disc in study.discs])
    for tracing in tracings:
        assert (tracing.patient, tracing.simulated) == (study.patient_id, True)
        assert tracing.sacrum_seen
        (item,) = read_study(path.parent / tracing.file).series[0].slices
        assert abs(item.geometry.center_mm[0] - middle) <= MIDDLE_MM
        assert set(tracing.discs) == set(truth)
        for name, corners in tracing.discs.items():
            places = np.array([item.geometry.to_patient(*corner) for corner in corners])
            wanted = truth[name].corners_mm
            assert wanted is not None
            np.testing.assert_allclose(places[:, 1:], wanted[:, 1:], atol=0.02)


def test_a_study_without_corners_or_sagittal_slices_writes_none(
    study: SimulatedStudy,
    stub_simulate: Callable[[int, int, StudyOptions], SimulatedStudy],
    tmp_path: Path,
) -> None:
    stub = stub_simulate(1, 1, StudyOptions())
    axial = replace(study, series=study.series[1:])
    for number, one in enumerate((stub, axial)):
        written = write_study(one, tmp_path / "studies" / str(number), "key")
        write_discs(one, written, tmp_path)
    assert not (tmp_path / "discs").exists()


@pytest.mark.parametrize(
    ("degeneration", "value"), [(0.0, 0), (0.6, 1), (1.4, 1), (2.6, 3), (3.9, 4), (4.0, 4)]
)
def test_the_grade_is_the_nearest_to_the_degeneration(degeneration: float, value: int) -> None:
    disc = DiscTruth(Level.L4_L5, (0.0, 0.0, 0.0), {"degeneration": degeneration})
    assert pfirrmann_value(disc) == value


def test_grades_stand_beside_the_corners_on_t2_alone(study: SimulatedStudy, tmp_path: Path) -> None:
    written = write_study(study, tmp_path / "studies" / study.patient_id, "key")
    write_discs(study, written, tmp_path)
    found = read_disc_tracings(tmp_path / "discs" / f"{study.patient_id}.json")
    wanted = {str(one.level): {"PFIRRMANN": pfirrmann_value(one)} for one in study.discs}
    graded = [one.grades for one in found if any(one.grades.values())]
    assert graded
    assert all(grades == wanted for grades in graded)
    assert all("t2" in one.file for one in found if any(one.grades.values()))
