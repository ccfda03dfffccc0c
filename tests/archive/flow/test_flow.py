"""The flow counts each patient once, at the first rule that takes the last slice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.archive.index_rows import study, table

from lumbargrade.archive.flow.flow import UNUSABLE, PatientFlow, patient_flow
from lumbargrade.archive.flow.rules import ColumnRule, ListRule, Rule, Rules, load_rules
from lumbargrade.errors import CohortError


def rules_of(*rules: Rule) -> Rules:
    return Rules("test", (), rules, "")


def keep(column: str, operator: str, value: Any, unknown: bool = False) -> ColumnRule:
    return ColumnRule("inclusion", f"{column} {operator}", column, operator, value, unknown)


def flow_of(rows: pa.Table, *rules: Rule, **listed: set[str]) -> PatientFlow:
    named = {reason: frozenset(patients) for reason, patients in listed.items()}
    return patient_flow(rows, rules_of(*rules), named)


def inside(flow: PatientFlow) -> list[str]:
    return [one.patient_id for one in flow.people if not one.out_at]


def test_each_is_counted_at_the_first_rule_that_takes_him() -> None:
    rows = table(
        study("A"),
        study("B", age_years=10, plane="sagittal"),
        study("C", plane="sagittal"),
        study("D", age_years=10),
    )
    young, axial = keep("age_years", "at least", 18), keep("plane", "is", "axial")
    flow = flow_of(rows, young, axial)
    assert [one.patients_out for one in flow.counts] == [0, 2, 1]
    assert [one.out_at for one in flow.people] == ["", young.reason, axial.reason, young.reason]
    turned = flow_of(rows, axial, young)
    assert [one.patients_out for one in turned.counts] == [0, 2, 1]
    assert [one.out_at for one in turned.people] == ["", *[axial.reason] * 2, young.reason]
    assert inside(flow) == inside(turned) == ["A"]


def test_a_patient_who_keeps_a_slice_stays_with_it() -> None:
    rows = table(study("A", 4), study("A", 3, "sag", plane="sagittal"))
    flow = flow_of(rows, keep("plane", "is", "axial"))
    assert [(one.images_out, one.images_left) for one in flow.counts] == [(0, 7), (3, 4)]
    assert flow.people[0].images == 4
    assert flow.included["plane"].to_pylist() == ["axial"] * 4


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("is", 30, "B"),
        ("is not", 30, "AC"),
        ("one of", (10, 30), "AB"),
        ("one of", (10, 30.5), "A"),
        ("none of", (10, 30), "C"),
        ("at least", 30, "BC"),
        ("at most", 30, "AB"),
        ("between", (30, 50), "BC"),
        ("at least", 29.5, "BC"),
    ],
)
@pytest.mark.parametrize("unknown", [True, False])
def test_operators(operator: str, value: Any, expected: str, unknown: bool) -> None:
    """N has no age: the rule says what becomes of such a slice."""
    ages = {"A": 10, "B": 30, "C": 50, "N": None}
    rows = table(*(study(name, 1, age_years=age) for name, age in ages.items()))
    found = inside(flow_of(rows, keep("age_years", operator, value, unknown)))
    assert found == [*expected, *(["N"] if unknown else [])]


def test_texts_and_flags_are_compared() -> None:
    rows = table(
        study("A", contrast="t1"),
        study("B", burned_in_annotation=True),
        study("C", burned_in_annotation=False),
    )
    assert inside(flow_of(rows, keep("contrast", "one of", ("t2", "pd")))) == ["B", "C"]
    assert inside(flow_of(rows, keep("contrast", "none of", ("t2",)))) == ["A"]
    assert inside(flow_of(rows, keep("burned_in_annotation", "is not", True, True))) == ["A", "C"]
    assert inside(flow_of(rows, keep("burned_in_annotation", "one of", (False,)))) == ["C"]


@pytest.mark.parametrize(
    ("column", "least", "expected"),
    [
        ("slices_per_series", 5, ["B"]),
        ("slices_per_study", 6, ["A", "B"]),
        ("slices_per_patient", 6, ["A", "B", "C"]),
        ("studies_per_patient", 2, ["C"]),
    ],
)
def test_counts_are_of_what_is_left(column: str, least: int, expected: list[str]) -> None:
    one_study = [row | {"study_id": "A"} for row in study("A", 3, "x") + study("A", 3, "y")]
    rows = table(
        one_study,
        study("B", 1, number_of_frames=8),
        study("C", 3, "x") + study("C", 3, "y"),
        study("D", 4) + study("D", 9, "sag", plane="sagittal"),
    )
    flow = flow_of(rows, keep("plane", "is", "axial"), keep(column, "at least", least))
    assert inside(flow) == expected


def test_listed_patients_are_out_for_the_first_reason() -> None:
    rows = table(*(study(name) for name in "ABC"))
    rules = (
        ListRule("exclusion", "bone", ("fracture", "inflammation")),
        ListRule("exclusion", "surgery", ("previous surgery",)),
    )
    listed = {"inflammation": {"A"}, "previous surgery": {"A", "B"}}
    flow = patient_flow(
        rows, rules_of(*rules), {reason: frozenset(some) for reason, some in listed.items()}
    )
    assert [one.patients_out for one in flow.counts] == [0, 1, 1]
    assert [one.out_at for one in flow.people] == ["bone", "surgery", ""]


def test_files_of_nobody_and_copies_are_told_apart() -> None:
    copies = [row | {"file_id": f"z{row['file_id']}"} for row in study("A", 2)]
    rows = table(
        study("A", 2),
        copies,
        study("B", 2, usable=False, reason="truncated"),
        study("C", 2, usable=False, reason="no longer in the archive"),
        [{"file_id": "1", "usable": False, "reason": "not DICOM"}],
    )
    flow = flow_of(rows)
    assert flow.left_out == {
        "no longer in the archive": 2,
        "not DICOM": 1,
        "a copy of another file": 2,
    }
    assert (flow.patients, flow.images) == (2, 4)
    assert flow.counts[0].reason == UNUSABLE
    assert flow.counts[0].patients_out == 1
    assert inside(flow) == ["A"]


def test_a_broken_copy_does_not_hide_the_good_file() -> None:
    good = study("A", 1)
    bad = [good[0] | {"file_id": "0", "usable": False, "reason": "truncated"}]
    assert inside(flow_of(table(bad, good))) == ["A"]


def test_age_is_that_of_the_first_included_study() -> None:
    rows = table(
        study("A", 1, "x", age_years=40, plane="sagittal"),
        study("A", 1, "y", age_years=44),
        study("A", 1, "z", age_years=47, sex=None),
    )
    (person,) = flow_of(rows, keep("plane", "is", "axial")).people
    assert (person.age_years, person.sex) == (44, "F")


def test_slips_of_archive_and_rules_are_noted() -> None:
    rows = table(study("A", 1, "x"), study("A", 1, "y", sex="M"), study("B"))
    flow = flow_of(rows, keep("plane", "is", "Axial"), keep("contrast", "one of", ("t2", "t9")))
    assert flow.notes == (
        "1 patients have more than one sex in their headers: one Patient ID may be shared by "
        "several patients.",
        "Rule 'plane is': no file has plane 'Axial'; found: axial.",
    )
    assert not inside(flow)


def test_an_index_of_nobody_is_refused() -> None:
    rows = table([{"file_id": "1", "usable": False, "reason": "not DICOM"}])
    with pytest.raises(CohortError, match="the index holds no file of any patient"):
        flow_of(rows)


SERIES = st.builds(
    study,
    st.sampled_from("ABCDE"),
    st.integers(1, 3),
    st.sampled_from("xyz"),
    plane=st.sampled_from(["axial", "sagittal", None]),
    age_years=st.one_of(st.none(), st.integers(0, 90)),
    usable=st.booleans(),
)


@settings(deadline=None)
@given(st.lists(SERIES, min_size=1, max_size=8), st.sets(st.sampled_from("ABCDE")))
def test_nobody_is_lost_or_doubled(series: list[list[dict[str, Any]]], listed: set[str]) -> None:
    rules = (
        keep("age_years", "at least", 18, True),
        keep("plane", "is", "axial"),
        ListRule("exclusion", "bone", ("fracture",)),
        keep("slices_per_study", "at least", 2),
    )
    rows = table(*series)
    flow = flow_of(rows, *rules, fracture=listed)
    left_patients, left_images = flow.patients, flow.images
    for count in flow.counts:
        left_patients, left_images = (
            left_patients - count.patients_out,
            left_images - count.images_out,
        )
        assert (count.patients_left, count.images_left) == (left_patients, left_images)
    out = [one.out_at for one in flow.people if one.out_at]
    assert all(out.count(one.reason) == one.patients_out for one in flow.counts)
    assert len(inside(flow)) == left_patients
    assert set(flow.included["patient_id"].to_pylist()) == set(inside(flow))
    assert len(flow.included) == left_images == sum(one.images for one in flow.people)
    assert not listed & set(inside(flow))


def test_the_rules_of_the_article_on_an_archive() -> None:
    rows = table(
        study("in", 15),
        study("thin", 15, slice_thickness_mm=1.0),
        study("weak", 15, magnetic_field_strength_t=1.5),
        study("few", 4),
        study("unnamed", 15, body_part=None),
        study("neck", 15, body_part="other spine"),
    )
    flow = patient_flow(rows, load_rules("su2022"), {})
    assert inside(flow) == ["in", "unnamed"]
    assert {one.out_at for one in flow.people if one.out_at} == {
        "slices too thin or too thick",
        "another field strength",
        "too few axial T2 slices",
        "no MRI of the lumbar spine",
    }


def test_the_packaged_rules_are_in_the_package() -> None:
    import lumbargrade.archive.flow

    assert (Path(lumbargrade.archive.flow.__file__).parent / "rules_su2022.toml").is_file()
