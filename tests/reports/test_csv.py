"""Tables that are tables, and files that are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from lumbargrade.errors import CohortError
from lumbargrade.grading.level import Level
from lumbargrade.reports.csv import read_readings, read_reports

HEAD = "patient_id,level,clinical_significance,bulge\n"


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ('patient_id,note\nP1,"two\nlines"\n', {}),
        ('\ufeffPatient_ID;Text;extra\nP1;"two\nlines";x\n', {}),
        ('who\treport\tfull text\nP1\tno\t"two\nlines"\n', {"text_column": "Full Text"}),
    ],
)
def test_reports(tmp_path: Path, content: str, names: dict[str, str]) -> None:
    who = "who" if content.startswith("who") else "patient_id"
    (found,) = read_reports(write(tmp_path, content), who, **names)
    assert (found.patient_id, found.text) == ("P1", "two\nlines")


def test_a_short_row_has_an_empty_text(tmp_path: Path) -> None:
    (found,) = read_reports(write(tmp_path, "patient_id,note\nP1\n\n"))
    assert found.text == ""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"patient_id,note\nP1,a\0b\n", "line 2: contains a NUL byte: not a text table"),
        (b"patient_id,note\nP1,\xff\xfe\n", "is not UTF-8 (byte 19): save it as CSV UTF-8"),
        ("patient_id,words\nP1,x\n", "no column note or text or report: the first line must"),
        ("id,note\nP1,x\n", "no column patient_id: the first line must name it"),
        ("", "no column patient_id"),
        ("patient_id,note\n", "holds no report: give one row for each"),
        ("patient_id,note\n,x\n", "line 2: patient_id is empty: fill it in"),
        (
            "patient_id,note\nP1,x\nP2,y\nP1,z\n",
            "line 4: patient 'P1' has a report in line 2 already: keep one, or join the texts",
        ),
        (
            "patient_id,note\nP1," + "x" * 200_000,
            "line 2: is not valid CSV (field larger than field limit (131072)): look for a "
            "quotation",
        ),
    ],
    ids=range(9),
)
def test_a_hostile_table_is_one_line(tmp_path: Path, content: str | bytes, words: str) -> None:
    with pytest.raises(CohortError) as raised:
        read_reports(write(tmp_path, content))
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_text_keeps_its_blanks_and_loses_the_quote_of_a_guard(tmp_path: Path) -> None:
    path = write(tmp_path, 'patient_id,note\n P1 ,"  L4/5 "\nP2,\'- bulge\n')
    assert [(one.patient_id, one.text) for one in read_reports(path)] == [
        ("P1", "  L4/5 "),
        ("P2", "- bulge"),
    ]


def test_a_column_may_be_asked_for_in_either_spelling(tmp_path: Path) -> None:
    path = write(tmp_path, "no\u0301mina;BEFUND; x,y\nP1;ok;\n")
    (found,) = read_reports(path, "N\u00d3MINA", "befund")
    assert (found.patient_id, found.text) == ("P1", "ok")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("patient_id,note\nP1,bulge, L4\n", "line 2 has more cells than the first line: quote"),
        ("patient_id,note,Note\nP1,a,b\n", "column note occurs twice: keep one"),
        (
            'patient_id,note\nP1,"bulge\nP2,x\n',
            "line 2: is not valid CSV (unexpected end of data): ",
        ),
    ],
)
def test_no_text_is_lost_unseen(tmp_path: Path, content: str, words: str) -> None:
    with pytest.raises(CohortError) as raised:
        read_reports(write(tmp_path, content))
    assert words in str(raised.value)


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"cannot be read \(No such file.*\): give a CSV file"):
        read_reports(tmp_path / "none.csv")
    with pytest.raises(CohortError, match=r"cannot be read \(Is a directory\)"):
        read_reports(tmp_path)


def test_a_huge_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lumbargrade.files.read_table.LARGEST_TABLE_BYTES", 10)
    with pytest.raises(CohortError, match="is larger than 0 MB: split the table"):
        read_reports(write(tmp_path, "patient_id,note\nP1,x\n"))


def test_readings(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "P1,L4-L5,serious,Mild Bulge\nP1,L5-S1,,\n")
    first, second = read_readings(path)
    assert (first.level, first.significance, first.bulge) == (Level.L4_L5, 2, 1)
    assert (second.level, second.significance, second.bulge) == (Level.L5_S1, None, None)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("P1,L9,no,none\n", "line 2: 'L9' is not a level: use L1-L2 to L5-S1"),
        ("P1,L4-L5,bad,none\n", "line 2: clinical_significance 'bad' is unknown: use no, mild, "),
        ("P1,L4-L5,no,big\n", "line 2: bulge 'big' is unknown: use none, mild bulge, bulge or no"),
        ("P1,L4-L5,no,\nP1,L4/5,no,\n", "line 3: patient 'P1' has L4/L5 in line 2 already"),
        ("", "holds no reading: give one row for each level"),
    ],
)
def test_a_wrong_reading_is_one_line(tmp_path: Path, rows: str, words: str) -> None:
    with pytest.raises(CohortError) as raised:
        read_readings(write(tmp_path, HEAD + rows))
    assert words in str(raised.value)
