"""A cohort on disk: read whole, refused with the name of the faulty file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lumbargrade.cohort.read import read_cohort
from lumbargrade.errors import CohortError
from lumbargrade.grading.level import Level


def truth(patient: str, slices: int = 2) -> dict[str, Any]:
    """A truth file as the simulation writes it."""
    return {
        "schema": "lumbargrade.truth/1",
        "patient_id": patient,
        "simulated": True,
        "age_years": 54,
        "sex": "F",
        "scanner": {"name": "verio-3t", "external": False, "echo_time_ms": 103.0},
        "study_instance_uid": f"1.{patient[1:]}",
        "discs": [],
        "slices": [
            {
                "file": f"studies/{patient}/axial_t2/{number:04}.dcm",
                "series_instance_uid": f"1.{int(patient[1:])}.1",
                "sop_instance_uid": f"1.{int(patient[1:])}.1.{number}",
                "contrast": "t2",
                "level": "L4/L5",
                "disc_in_plane": number > 0,
                "region": {"center_mm": [1.0, 2.0, 3.0], "center_px": [160.5, 170]},
                "grades": {"LDH": None, "LCCS": 0, "LNRC_left": 3, "LNRC_right": None},
                "measures": {"sac_area_mm2": 152.0},
            }
            for number in range(slices)
        ],
    }


def write(path: Path, data: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data), encoding="utf-8")


@pytest.fixture
def cohort(tmp_path: Path) -> Path:
    folder = tmp_path / "cohort"
    head = {"schema": "lumbargrade.cohort/1", "seed": 7, "patients": 2, "simulated": True}
    write(folder / "cohort.json", head)
    for patient in ("P00001", "P00002"):
        content = truth(patient)
        write(folder / "truth" / f"{patient}.json", content)
        for item in content["slices"]:
            (folder / item["file"]).parent.mkdir(parents=True, exist_ok=True)
            (folder / item["file"]).touch()
    return folder


def test_reads_every_slice_and_keeps_missing_missing(cohort: Path) -> None:
    read = read_cohort(cohort)
    assert read.simulated
    assert [item.patient_id for item in read.slices] == ["P00001"] * 2 + ["P00002"] * 2
    first = read.slices[0]
    assert first.file == cohort / "studies/P00001/axial_t2/0000.dcm"
    assert first.level is Level.L4_L5
    assert first.center_px == (160.5, 170.0)
    assert first.grades == {"LDH": None, "LCCS": 0, "LNRC_left": 3, "LNRC_right": None}
    assert [item.disc_in_plane for item in read.slices[:2]] == [False, True]
    assert (first.scanner, first.external, first.age_years, first.sex) == (
        "verio-3t",
        False,
        54,
        "F",
    )


def test_field_strength_and_picture_code_may_be_there_or_not(cohort: Path) -> None:
    content = truth("P00002")
    content["scanner"]["magnetic_field_strength_t"] = 1.5
    content["slices"][0]["picture_code"] = "0f" * 32
    write(cohort / "truth" / "P00002.json", content)
    known = [(one.field_strength_t, one.picture_code) for one in read_cohort(cohort).slices]
    assert known == [(None, None), (None, None), (1.5, "0f" * 32), (1.5, None)]


def test_what_nobody_said_is_none(cohort: Path) -> None:
    content = truth("P00002")
    content["slices"][0] |= {"region": None, "disc_in_plane": None, "level": None}
    content["slices"][0]["grades"] = {"RSNARECESS_left": 2, "SPIDERPFIRRMANN": 4}
    content["slices"][1]["region"]["box_px"] = [10, 20, 30, 40.5]
    content["slices"][1]["region"]["size_mm"] = [15, 20.25]
    write(cohort / "truth" / "P00002.json", content)
    none, known = read_cohort(cohort).slices[2:]
    assert (none.center_px, none.box_px, none.disc_in_plane, none.level) == (None,) * 4
    assert none.grades == {"RSNARECESS_left": 2, "SPIDERPFIRRMANN": 4}
    assert (known.box_px, known.size_mm) == ((10, 20, 30, 40.5), (15, 20.25))
    assert known.center_mm == (1, 2, 3)


def test_the_fingerprint_follows_the_content_and_not_the_place(
    cohort: Path, tmp_path: Path
) -> None:
    before = read_cohort(cohort).fingerprint
    moved = cohort.rename(tmp_path / "elsewhere")
    assert read_cohort(moved).fingerprint == before
    content = truth("P00002")
    content["slices"][0]["grades"]["LCCS"] = 1
    write(moved / "truth" / "P00002.json", content)
    assert read_cohort(moved).fingerprint != before


OWN = {
    "code": "CS",
    "name": "Clinical significance",
    "source": "a note",
    "per_side": False,
    "needs_disc": False,
    "grades": [{"value": value, "name": f"{value}", "help": f"{value}"} for value in range(3)],
}


def describe(cohort: Path, systems: object) -> None:
    """Let a cohort bring its own grading systems along."""
    head = json.loads((cohort / "cohort.json").read_text())
    write(cohort / "cohort.json", {**head, "grading_systems": systems})


def test_grades_of_systems_that_a_cohort_brings_along_are_kept(cohort: Path) -> None:
    describe(cohort, [OWN])
    write(cohort / "truth" / "P00002.json", spoil("slices.1.grades.CS", 2))
    assert read_cohort(cohort).slices[3].grades["CS"] == 2
    write(cohort / "truth" / "P00002.json", spoil("slices.1.grades.CS", 3))
    with pytest.raises(CohortError, match="CS 3, not 0 to 2 or null"):
        read_cohort(cohort)


@pytest.mark.parametrize(
    ("systems", "message"),
    [
        ({}, "'grading_systems' is not a list"),
        ([{"code": "CS"}], "'grading_systems': the grading system lacks"),
        ([3], "'grading_systems': "),
        ([{**OWN, "code": "LDH"}], "'grading_systems' has another LDH than this version"),
    ],
)
def test_a_faulty_system_of_a_cohort_is_refused(
    cohort: Path, systems: object, message: str
) -> None:
    describe(cohort, systems)
    with pytest.raises(CohortError, match=message) as caught:
        read_cohort(cohort)
    assert "cohort.json" in str(caught.value)


def test_measures_are_read_and_may_be_unknown(cohort: Path) -> None:
    content = truth("P00002")
    content["slices"][0]["measures"] = {"herniation_ratio": None, "bulge_mm": 2}
    del content["slices"][1]["measures"]
    write(cohort / "truth" / "P00002.json", content)
    found = [one.measures for one in read_cohort(cohort).slices]
    assert found[1:] == [{"sac_area_mm2": 152.0}, {"herniation_ratio": None, "bulge_mm": 2.0}, {}]


def spoil(path: str, value: object) -> dict[str, Any]:
    """A truth file of P00002 with one value replaced; ``path`` is like ``slices.0.level``."""
    content = truth("P00002")
    target: Any = content
    *keys, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    for key in keys:
        target = target[key]
    target[last] = value
    return content


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("patient_id", "P00003", "'patient_id' is 'P00003', the file is named 'P00002'"),
        ("schema", "other/1", "its schema is 'other/1'"),
        ("age_years", "54", "'age_years' is '54'"),
        ("scanner.magnetic_field_strength_t", "3", "'magnetic_field_strength_t' is '3', not a num"),
        (
            "slices.1.picture_code",
            "abc",
            "slice number 1: 'picture_code' is 'abc', not an image hash",
        ),
        (
            "slices.1.picture_code",
            3,
            "slice number 1: 'picture_code' is 3, not an image hash",
        ),
        ("scanner.external", None, "'external' is None, not true or false"),
        ("slices", None, "'slices' is not a list"),
        ("slices.1", 3, "slice number 1: is not a table"),
        ("slices.1.level", "L9", "slice number 1: 'level' 'L9' is not one of L1/L2"),
        ("slices.0.file", "../a.dcm", "points outside the cohort folder"),
        ("slices.0.file", "/etc/hosts", "points outside the cohort folder"),
        ("slices.0.file", "studies/none.dcm", "does not exist"),
        ("slices.0.grades.LCCS", 4, "LCCS 4, not 0 to 3 or null"),
        ("slices.0.grades.LCCS", True, "LCCS True, not 0 to 3 or null"),
        ("slices.0.grades.LXX", 0, "'LXX', which no grading system knows"),
        ("slices.0.measures", [], r"'measures' is \[\], not a table"),
        ("slices.0.measures.sac_area_mm2", "9", "'sac_area_mm2' is '9', not a number or null"),
        ("slices.0.region.center_px", [1.0], r"'region.center_px' is \[1.0\]"),
        ("slices.0.region.center_px", [1.0, float("nan")], r"'region.center_px' is \[1.0, nan\]"),
        ("slices.0.region", [], r"'region' is \[\], not a table"),
        ("slices.0.region.box_px", [1, 2, 3], r"'region.box_px' is \[1, 2, 3\], not \[x, y, width"),
        ("slices.0.region.center_px", None, r"'region.center_px' is None"),
        ("slices.0.disc_in_plane", "no", "'disc_in_plane' is 'no', not true or false"),
        ("slices.0.sop_instance_uid", "", "'sop_instance_uid' is '', not a text"),
    ],
)
def test_a_faulty_truth_file_is_refused_by_name(
    cohort: Path, path: str, value: object, message: str
) -> None:
    write(cohort / "truth" / "P00002.json", spoil(path, value))
    with pytest.raises(CohortError, match=message) as caught:
        read_cohort(cohort)
    assert "P00002.json" in str(caught.value)
    again = "make the cohort again" if path == "schema" else "make this patient again"
    assert str(caught.value).endswith(f": {again}")
    assert "\n" not in str(caught.value)


def test_a_picture_that_occurs_twice_is_refused(cohort: Path) -> None:
    write(cohort / "truth" / "P00002.json", spoil("slices.0.sop_instance_uid", "1.1.1.0"))
    with pytest.raises(CohortError, match=r"1\.1\.1\.0 occurs in patient P00001 and again in P00"):
        read_cohort(cohort)


def test_an_unfinished_cohort_is_refused(cohort: Path) -> None:
    (cohort / "truth" / "P00002.json").unlink()
    with pytest.raises(CohortError, match=r"truth files of 1 patients, cohort\.json lists 2"):
        read_cohort(cohort)


def test_a_folder_that_is_no_cohort_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"cohort\.json: cannot be read .*give a cohort folder"):
        read_cohort(tmp_path)


def test_a_truncated_truth_file_is_refused(cohort: Path) -> None:
    (cohort / "truth" / "P00002.json").write_text('{"schema":')
    with pytest.raises(CohortError, match=r"P00002\.json: is not JSON"):
        read_cohort(cohort)


@pytest.mark.parametrize(
    ("said", "makers"),
    [
        ({"simulated": True}, ()),
        ({"simulated": False}, ("",)),
        ({"simulated": True, "reference_readers": ["Ann", ""]}, ("Ann", "")),
        ({"simulated": False, "reference_readers": ["Zoe\u0308"]}, ("Zo\u00eb",)),
    ],
)
def test_who_made_the_reference(cohort: Path, said: dict[str, Any], makers: tuple[str]) -> None:
    write(cohort / "cohort.json", {"schema": "lumbargrade.cohort/1", "patients": 2, **said})
    assert {one.reference_by for one in read_cohort(cohort).slices} == {makers}


@pytest.mark.parametrize("names", ["Ann", [1], {"Ann": 1}])
def test_readers_who_are_no_names_are_refused(cohort: Path, names: object) -> None:
    head = {"schema": "lumbargrade.cohort/1", "patients": 2, "reference_readers": names}
    write(cohort / "cohort.json", head)
    with pytest.raises(CohortError, match="'reference_readers' is not a list of names"):
        read_cohort(cohort)
