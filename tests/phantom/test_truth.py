from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from lumbargrade.cohort.read import read_cohort
from lumbargrade.cohort.write import write_description
from lumbargrade.phantom.dicom import write_study
from lumbargrade.phantom.simulate import StudyOptions
from lumbargrade.phantom.simulated import SimulatedStudy
from lumbargrade.phantom.truth import write_truth

Simulate = Callable[[int, int, StudyOptions], SimulatedStudy]


def test_what_only_a_simulation_knows(stub_simulate: Simulate, tmp_path: Path) -> None:
    study = replace(stub_simulate(7, 0, StudyOptions()), patient_id="P1")
    written = write_study(study, tmp_path / "studies" / "P1", "key")
    write_truth(study, written, tmp_path)
    truth = json.loads((tmp_path / "truth" / "P1.json").read_text("utf-8"))
    assert list(truth) == [
        *("schema", "patient_id", "simulated", "age_years", "sex", "scanner"),
        *("study_instance_uid", "discs", "slices"),
    ]
    assert truth["simulated"] is True
    assert truth["scanner"] == {
        "name": "stub-3t",
        "external": False,
        "magnetic_field_strength_t": 3.0,
        "echo_time_ms": 103.0,
        "repetition_time_ms": 4000.0,
        "pixel_spacing_mm": [0.625, 0.625],
        "slice_thickness_mm": 4.0,
    }
    assert truth["discs"] == [
        {"level": "L4/L5", "center_mm": [0.0, 1.0, 2.0], "measures": {"height_mm": 9.0}}
    ]
    keys = ["center_mm", "center_px", "box_px", "size_mm"]
    assert [list(one["region"]) for one in truth["slices"]] == [keys] * 3
    assert truth["slices"][0]["region"]["box_px"] is None
    assert truth["slices"][0]["measures"] == {"sac_area_mm2": 150.0, "gap_left_mm": None}
    write_description(tmp_path, {"patients": 1, "simulated": True})
    assert [one.center_px for one in read_cohort(tmp_path).slices] == [(16.0, 12.5)] * 3


def test_the_box_of_an_expert_is_written_in_pixels_and_mm(
    stub_simulate: Simulate, tmp_path: Path
) -> None:
    study = replace(stub_simulate(7, 0, StudyOptions()), patient_id="P1")
    series = [
        replace(one, slices=tuple(replace(item, box_px=(2, 3, 20, 16)) for item in one.slices))
        for one in study.series
    ]
    study = replace(study, series=tuple(series))
    write_truth(study, write_study(study, tmp_path / "studies" / "P1", "key"), tmp_path)
    write_description(tmp_path, {"patients": 1, "simulated": True})
    for one in read_cohort(tmp_path).slices:
        assert (one.box_px, one.size_mm) == ((2, 3, 20, 16), (12.5, 10))
        assert one.center_px == (16.0, 12.5)  # the canal's, not the box's
