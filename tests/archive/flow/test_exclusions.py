"""Manual exclusions: patients are found by pseudonym or Patient ID, slips are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from lumbargrade.archive.flow.exclusions import read_exclusions
from lumbargrade.archive.patient_lookup import PatientLookup
from lumbargrade.archive.pseudonym import Pseudonyms
from lumbargrade.errors import CohortError

REASONS = ("fracture", "previous surgery", "artefact")
KEY = Pseudonyms(bytes(32))
FOURTH = KEY.of("patient", "4711")
NAMES = PatientLookup({"A", "B", FOURTH}, KEY)


def read(path: Path, text: str, names: PatientLookup = NAMES) -> dict[str, frozenset[str]]:
    path.write_text(text, encoding="utf-8")
    return dict(read_exclusions(path, names, REASONS, REASONS[:2]))


def test_a_list_is_read(tmp_path: Path) -> None:
    text = "Patient;Reason;Note\nA;Fracture;a name\n4711; previous surgery \nA;previous surgery\n"
    assert read(tmp_path / "e.csv", text) == {
        "fracture": {"A"},
        "previous surgery": {"A", FOURTH},
        "artefact": frozenset(),
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("patient\nA\n", "no column reason: the first line must name patient, reason$"),
        ("patient,reason\nA,fracture\nB,fractur\n", "line 3: reason 'fractur' is unknown: use fra"),
        ("patient,reason\nA,artefact\n", "line 2: no rule excludes for 'artefact': add a"),
        ("patient,reason\nZ,fracture\n", "line 2: patient 'Z' is not in the index: give its pseud"),
    ],
)
def test_a_slip_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CohortError, match=message):
        read(tmp_path / "e.csv", text)


def test_without_a_key_a_patient_id_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"or the key of the index \(--key\) for a Patient ID"):
        read(
            tmp_path / "e.csv",
            "patient,reason\n4711,fracture\n",
            PatientLookup(NAMES.patients, None),
        )


def test_a_list_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"cannot be read \(No such file"):
        read_exclusions(tmp_path / "none.csv", NAMES, REASONS, REASONS)
