from __future__ import annotations

from dataclasses import replace

import pytest
from pydicom.dataset import Dataset

from lumbargrade.outputs.page.patient import patient_of, running_head
from lumbargrade.outputs.page.words.language import words_of
from lumbargrade.study.graded import GradedStudy

EN = words_of()


def test_what_the_headers_say_is_shown_and_no_name(graded: GradedStudy) -> None:
    header = Dataset()
    header.PatientName, header.PatientBirthDate = "NAME^GIVEN", "19510203"
    header.PatientAge, header.PatientSex, header.StudyDate = "054Y", "F", "20260102"
    study = replace(graded, references={"1": header}, scanner="MAKER, 1.5 T")
    assert patient_of(study, EN) == (
        ("Patient", "P00001"),
        ("Study date", "2026-01-02"),
        ("Age", "54 years"),
        ("Sex", "female"),
        ("Scanner", "MAKER, 1.5 T"),
    )


def test_what_is_not_known_is_left_out(graded: GradedStudy) -> None:
    header = Dataset()
    header.PatientAge, header.PatientSex, header.StudyDate = "", "", ""
    nobody = replace(graded.grades, patient_id="")
    study = replace(graded, grades=nobody, references={"1": header})
    assert patient_of(study, EN) == (("Patient", "not given"),)
    assert patient_of(graded, words_of("de")) == (("Patient", "P00001"),)


@pytest.mark.parametrize("hostile", ['"', "\\", "}", "</style>", "\n", "\u202e"])
def test_nothing_ends_the_string_at_the_head_of_a_page(hostile: str) -> None:
    text = running_head([("Patient", f"a{hostile}b")], EN)
    inside = text[1:-1]
    assert text[0] == text[-1] == '"'
    assert not set(inside) & set('"<>{}\n\u202e;')
    assert inside.count("\\") == sum(not (c.isascii() and c.isalnum()) for c in _plain(inside))


def _plain(text: str) -> str:
    """As a browser reads it: six digits after a backslash are a character."""
    first, *others = text.split("\\")
    return first + "".join(chr(int(one[:6], 16)) + one[7:] for one in others)
