from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import CohortError, OutputError
from lumbargrade.files.ledger import PRIVATE
from lumbargrade.files.lock import locked
from lumbargrade.phantom.anatomy.anatomy import Anatomy
from lumbargrade.phantom.generate import generate_cohort, make_patient
from lumbargrade.phantom.imaging.paint_canal import RootTable
from lumbargrade.phantom.imaging.scan import Scan, scan_slice
from lumbargrade.phantom.options import CohortOptions
from lumbargrade.phantom.simulate import StudyOptions, simulate_study
from lumbargrade.phantom.simulated import SimulatedStudy
from lumbargrade.study.geometry import SliceGeometry

Simulate = Callable[[int, int, StudyOptions], SimulatedStudy]


def _files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_layout_and_truth(stub_simulate: Simulate, tmp_path: Path) -> None:
    out = tmp_path / "cohort"
    seen: list[tuple[int, int]] = []
    summary = generate_cohort(
        out, CohortOptions(2, 7, workers=1), lambda *at: seen.append(at), stub_simulate
    )
    assert seen == [(0, 2), (1, 2), (2, 2)]
    assert (summary.made, summary.found) == (2, 0)
    described = json.loads((out / "cohort.json").read_text())
    assert described["schema"] == "lumbargrade.cohort/1"
    assert (described["seed"], described["patients"]) == (7, 2)
    truth = json.loads((out / "truth" / "P00002.json").read_text())
    assert truth["patient_id"] == "P00002"
    assert len(truth["slices"]) == 3  # axial only
    assert all((out / item["file"]).is_file() for item in truth["slices"])
    first, last = truth["slices"][0], truth["slices"][-1]
    assert first["grades"] == {"LDH": None, "LCCS": 0, "LNRC_left": None, "LNRC_right": None}
    assert last["measures"] == {"sac_area_mm2": 130.0, "gap_left_mm": None}
    assert first["region"]["center_px"] == [16.0, 12.5]
    assert first["region"]["center_mm"][0] == pytest.approx(-10.5 + 16 * 0.625)
    assert sorted(path.name for path in out.iterdir()) == ["cohort.json", "studies", "truth"]


def test_a_finished_patient_is_left_alone(stub_simulate: Simulate, tmp_path: Path) -> None:
    options = CohortOptions(3, 7, workers=1)
    generate_cohort(tmp_path, options, simulate=stub_simulate)
    whole = _files(tmp_path)
    (tmp_path / "truth" / "P00002.json").unlink()
    (tmp_path / ".unfinished" / "P00002").mkdir(parents=True)
    made: list[int] = []

    def watched(seed: int, index: int, study: StudyOptions) -> SimulatedStudy:
        made.append(index)
        return stub_simulate(seed, index, study)

    summary = generate_cohort(tmp_path, options, simulate=watched)
    assert made == [1]
    assert (summary.made, summary.found) == (1, 2)
    assert _files(tmp_path) == whole


def test_a_cohort_can_grow(stub_simulate: Simulate, tmp_path: Path) -> None:
    generate_cohort(tmp_path / "a", CohortOptions(1, 7, workers=1), simulate=stub_simulate)
    generate_cohort(tmp_path / "a", CohortOptions(2, 7, workers=1), simulate=stub_simulate)
    generate_cohort(tmp_path / "b", CohortOptions(2, 7, workers=1), simulate=stub_simulate)
    assert _files(tmp_path / "a") == _files(tmp_path / "b")


def test_scanners_are_taken_in_turn(stub_simulate: Simulate, tmp_path: Path) -> None:
    options = CohortOptions(3, 7, scanners=("verio-3t", "archive-1t"), workers=1)
    generate_cohort(tmp_path, options, simulate=stub_simulate)
    names = [
        json.loads(path.read_text())["scanner"]["name"]
        for path in sorted((tmp_path / "truth").iterdir())
    ]
    assert names == ["verio-3t", "archive-1t", "verio-3t"]


def test_other_settings_are_refused(stub_simulate: Simulate, tmp_path: Path) -> None:
    generate_cohort(tmp_path, CohortOptions(1, 7, workers=1), simulate=stub_simulate)
    with pytest.raises(CohortError, match=r"cohort\.json: this cohort was made with seed 7, not 8"):
        generate_cohort(tmp_path, CohortOptions(1, 8, workers=1), simulate=stub_simulate)


def test_a_folder_with_other_things_is_refused(stub_simulate: Simulate, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(CohortError, match="is not a cohort"):
        generate_cohort(tmp_path, CohortOptions(1, 7, workers=1), simulate=stub_simulate)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_unwritable_place_is_one_line(stub_simulate: Simulate, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        generate_cohort(
            tmp_path / "file" / "cohort", CohortOptions(1, 7, workers=1), simulate=stub_simulate
        )


def test_a_damaged_description_is_refused(stub_simulate: Simulate, tmp_path: Path) -> None:
    (tmp_path / "cohort.json").write_text("{")
    with pytest.raises(CohortError, match="not a cohort description"):
        generate_cohort(tmp_path, CohortOptions(1, 7, workers=1), simulate=stub_simulate)


def test_a_patient_that_fails_is_named(tmp_path: Path) -> None:
    def broken(seed: int, index: int, study: StudyOptions) -> SimulatedStudy:
        raise ValueError("no canal")

    with pytest.raises(CohortError, match="patient P00001 cannot be simulated: no canal"):
        generate_cohort(tmp_path, CohortOptions(1, 7, workers=1), simulate=broken)
    assert not (tmp_path / "truth").exists()


def test_the_cohort_reads_back(stub_simulate: Simulate, tmp_path: Path) -> None:
    generate_cohort(tmp_path, CohortOptions(2, 7, workers=1), simulate=stub_simulate)
    cohort = read_cohort(tmp_path)
    assert cohort.simulated
    assert len(cohort.slices) == 6
    assert {item.patient_id for item in cohort.slices} == {"P00001", "P00002"}
    assert cohort.slices[2].grades == {"LDH": 2, "LCCS": 2, "LNRC_left": 0, "LNRC_right": 2}
    assert cohort.slices[0].disc_in_plane is False


def simulate_few_pictures(seed: int, index: int, options: StudyOptions) -> SimulatedStudy:
    """The whole simulation, with every seventh picture painted and the others black."""
    asked = itertools.count()

    def seldom(
        anatomy: Anatomy,
        roots: RootTable,
        geometry: SliceGeometry,
        scan: Scan,
        rng: np.random.Generator,
    ) -> NDArray[np.uint16]:
        if next(asked) % 7 == 0:
            return scan_slice(anatomy, roots, geometry, scan, rng)
        return np.zeros((geometry.rows, geometry.columns), np.uint16)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lumbargrade.phantom.simulate.scan_slice", seldom)
        return simulate_study(seed, index, options)


def test_workers_and_other_patients_change_nothing(tmp_path: Path) -> None:
    options = CohortOptions(2, 3, workers=2)
    generate_cohort(tmp_path / "two", options, simulate=simulate_few_pictures)
    make_patient(tmp_path / "alone", options, 1, simulate_few_pictures)
    together, alone = _files(tmp_path / "two"), _files(tmp_path / "alone")
    assert len(alone) > 20
    assert "discs/P00002.json" in alone
    assert alone == {name: together[name] for name in alone}


def test_what_a_killed_run_left_is_swept(stub_simulate: Simulate, tmp_path: Path) -> None:
    """Also of one that was killed before it said what it makes."""
    out = tmp_path / "out"
    (out / PRIVATE).mkdir(parents=True)
    (out / ".cohort.json.7.unfinished").touch()
    options = CohortOptions(1, 7, workers=1)
    generate_cohort(out, options, simulate=stub_simulate)
    whole = _files(out)
    assert sorted(path.name for path in out.iterdir()) == ["cohort.json", "studies", "truth"]
    (out / "truth" / ".P00001.json.8.unfinished").touch()
    for folder in ("outlines", "discs"):
        (out / folder).mkdir()
        (out / folder / ".P00001.json.8.unfinished").touch()
    (out / ".unfinished" / "P00002").mkdir(parents=True)
    generate_cohort(out, options, simulate=stub_simulate)
    assert _files(out) == whole


def test_a_cohort_is_made_by_one_process(stub_simulate: Simulate, tmp_path: Path) -> None:
    with (
        locked(tmp_path / PRIVATE, tmp_path),
        pytest.raises(OutputError, match="another lumbargrade is writing there"),
    ):
        generate_cohort(tmp_path, CohortOptions(1, 7, workers=1), simulate=stub_simulate)
