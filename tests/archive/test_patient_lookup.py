"""Patients of a user's table are found by pseudonym and, with the key, by Patient ID."""

from __future__ import annotations

from pathlib import Path

import pytest

from lumbargrade.archive.patient_lookup import PatientLookup, patient_lookup
from lumbargrade.archive.pseudonym import Pseudonyms, make_key
from lumbargrade.errors import CohortError

KEY = Pseudonyms(bytes(32))
PATIENT = KEY.of("patient", "4711")


def test_a_pseudonym_needs_no_key() -> None:
    names = PatientLookup({PATIENT}, None)
    assert names.find(PATIENT) == PATIENT
    assert names.find("4711") is None
    assert names.advice.endswith("or the key of the index (--key) for a Patient ID")


def test_a_patient_id_is_found_by_the_key_if_the_patient_is_in_the_index() -> None:
    names = PatientLookup({PATIENT}, KEY)
    assert names.find("4711") == PATIENT
    assert names.find("4712") is None
    assert names.advice.endswith("its Patient ID as the archive writes it")


def test_the_key_beside_the_index_is_used(tmp_path: Path) -> None:
    assert patient_lookup({"A"}, tmp_path / "I", None).pseudonyms is None
    pseudonyms = Pseudonyms(make_key(tmp_path / "I.key"))
    patient = pseudonyms.of("patient", "4711")
    assert patient_lookup({patient}, tmp_path / "I", None).find("4711") == patient
    assert patient_lookup({"A"}, tmp_path / "I", None).find("4711") is None
    with pytest.raises(CohortError, match="the key cannot be read"):
        patient_lookup({"A"}, tmp_path / "I", tmp_path / "none.key")
