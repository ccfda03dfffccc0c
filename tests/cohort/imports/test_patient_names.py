"""Patients of an import are named after their first folder, once a Patient ID."""

from __future__ import annotations

from lumbargrade.cohort.imports.patient_names import PatientNames


def test_one_patient_id_is_one_name() -> None:
    names = PatientNames()
    assert names.name("case 1", "ID1") == "case_1"
    assert names.name("case/1", "ID2") == "case_1-2"
    assert names.name("other", "ID1") == "case_1"
    assert names.notes == ["other has the Patient ID of case_1 and is treated as the same patient"]


def test_studies_without_a_patient_id_are_different_patients() -> None:
    names = PatientNames()
    assert [names.name(one, "") for one in ("a", "b")] == ["a", "b"]
    assert names.notes == []
