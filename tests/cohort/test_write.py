"""A cohort on disk, as ``cohort.read`` reads it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from lumbargrade.cohort.read import CohortSlice, read_cohort
from lumbargrade.cohort.write import (
    SimulatedTruth,
    origin_description,
    safe_name,
    take_in,
    unique_name,
    write_description,
    write_patient,
)
from lumbargrade.errors import OutputError
from lumbargrade.grading.level import Level


def known(folder: Path) -> CohortSlice:
    file = folder / "studies" / "P1" / "01" / "0001.dcm"
    file.parent.mkdir(parents=True)
    file.touch()
    return CohortSlice(
        patient_id="P1",
        file=file,
        series_instance_uid="1.1",
        sop_instance_uid="1.1.1",
        contrast="t2",
        level=Level.L4_L5,
        disc_in_plane=None,
        center_px=(10.00004, 20.0),
        grades={"LDH": 2, "LCCS": None},
        scanner="Maker One",
        external=True,
        age_years=61.0,
        sex="F",
        field_strength_t=1.5,
        box_px=(2.5, 4.5, 15.0, 31.0),
        center_mm=(1.0, 2.0, 3.0),
        size_mm=(7.5, 15.5),
    )


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    one = known(tmp_path)
    write_patient(tmp_path, "1", [one])
    write_description(tmp_path, origin_description(1, "import"))
    cohort = read_cohort(tmp_path)
    assert not cohort.simulated
    assert cohort.slices[0].center_px == (10.0, 20.0)  # four decimals
    assert cohort.slices[0].__dict__ == one.__dict__ | {"center_px": (10.0, 20.0)}
    assert sorted(path.name for path in (tmp_path / "truth").iterdir()) == ["P1.json"]


def test_measures_are_written_where_there_are_any(tmp_path: Path) -> None:
    one = replace(known(tmp_path), measures={"bulge_mm": 1.5, "herniation_ratio": None})
    write_patient(tmp_path, "1", [one])
    write_description(tmp_path, origin_description(1, "import"))
    assert read_cohort(tmp_path).slices[0].measures == one.measures


def test_the_order_of_the_entries_stays(tmp_path: Path) -> None:
    write_patient(tmp_path, "1", [known(tmp_path)])
    truth = json.loads((tmp_path / "truth" / "P1.json").read_text("utf-8"))
    assert list(truth) == [
        *("schema", "patient_id", "age_years", "sex", "scanner", "study_instance_uid", "slices"),
    ]
    assert list(truth["slices"][0]["region"]) == ["center_px", "center_mm", "box_px", "size_mm"]
    write_description(tmp_path, origin_description(1, "import", simulated=True))
    described = json.loads((tmp_path / "cohort.json").read_text("utf-8"))
    assert list(described) == ["schema", "patients", "simulated", "origin", "software_version"]
    assert described["simulated"] is True


def test_a_simulated_patient_has_discs_and_measures(tmp_path: Path) -> None:
    extra = SimulatedTruth({"echo_time_ms": 103.0}, [{"level": "L4/L5"}], [{"area_mm2": None}])
    write_patient(tmp_path, "1", [known(tmp_path)], extra)
    truth = json.loads((tmp_path / "truth" / "P1.json").read_text("utf-8"))
    assert truth["scanner"]["echo_time_ms"] == 103.0
    assert truth["discs"] == [{"level": "L4/L5"}]
    assert truth["slices"][0]["measures"] == {"area_mm2": None}


def test_a_file_that_cannot_be_copied_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"none\.dcm: cannot be copied into the cohort"):
        take_in(tmp_path / "none.dcm", tmp_path / "out" / "0001.dcm")


def test_names_of_files_hold_nothing_foreign() -> None:
    assert safe_name("../../etc/passwd") == "etc_passwd"
    assert safe_name("\n..") == "unnamed"
    taken: set[str] = set()
    assert [unique_name("Case 1", taken), unique_name("Case_1", taken)] == ["Case_1", "Case_1-2"]
