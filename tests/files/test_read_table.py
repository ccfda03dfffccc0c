"""Tables from any program, and files that are none."""

from __future__ import annotations

import csv
import io
import tempfile
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.errors import CohortError, EvaluationError
from lumbargrade.files.formula_guard import unguarded
from lumbargrade.files.read_table import column_name, open_table, table_rows

CELLS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
DELIMITERS = pytest.mark.parametrize("delimiter", [",", ";", "\t"])


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(path: Path, *required: str) -> list[tuple[int, dict[str, str]]]:
    return [(line, dict(row)) for line, row in table_rows(path, required, CohortError)]


@DELIMITERS
@given(data=st.data())
def test_what_csv_writes_is_read_back(delimiter: str, data: st.DataObject) -> None:
    names = data.draw(st.lists(CELLS, min_size=2, max_size=4, unique_by=column_name))
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(names), max_size=len(names))))
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows([names, *rows])
    with tempfile.TemporaryDirectory() as folder:
        table = open_table(write(Path(folder), "\ufeff" + stream.getvalue()), names, CohortError)
        found = [cells for _, cells in table.rows]
    assert table.columns == tuple(map(column_name, names))
    assert found == [[*map(unguarded, row)] for row in rows if any(cell.strip() for cell in row)]


@DELIMITERS
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_dialect_is_one_table(tmp_path: Path, delimiter: str, end: str, mark: str) -> None:
    lines = [' "Grade"', "patient ", '"a,b;c\td"'], ["2", " P1", '"x\ny"'], ["", "", ""], ["3"]
    text = mark + end.join(delimiter.join(cells) for cells in lines) + end
    text = text.replace(' "Grade"', "Grade ")
    assert read(write(tmp_path, text), "patient", "grade") == [
        (2, {"grade": "2", "patient": "P1", "a,b;c\td": "x\ny"}),
        (5, {"grade": "3", "patient": "", "a,b;c\td": ""}),
    ]


@pytest.mark.parametrize(
    "head",
    ["patient;note, free", '"note; free",patient', "patient\tnote, free; or not", "patient,note;x"],
)
def test_the_delimiter_is_the_one_that_shows_the_columns(tmp_path: Path, head: str) -> None:
    table = open_table(write(tmp_path, head + "\n"), ("Patient",), CohortError)
    assert "patient" in table.columns
    assert len(table.columns) == 2


def test_without_known_columns_it_is_the_one_that_shows_most(tmp_path: Path) -> None:
    assert open_table(write(tmp_path, "a, b;c;d\n"), (), CohortError).columns == ("a, b", "c", "d")
    assert open_table(write(tmp_path, "a;b,c\n"), (), CohortError).columns == ("a;b", "c")


def test_names_are_equal_in_any_case_and_in_either_spelling(tmp_path: Path) -> None:
    path = write(tmp_path, "PRE\u0301NOM,\u00c5ge,\nMu\u0308ller,3,x\n")
    table = open_table(path, (), CohortError)
    assert table.heading == ("PRE\u0301NOM", "\u00c5ge", "")
    assert table.columns == ("pr\u00e9nom", "\u00e5ge", "")
    expected = {"pr\u00e9nom": "Mu\u0308ller", "\u00e5ge": "3"}  # cells keep their spelling
    assert read(path, "Pre\u0301nom", "a\u030age") == [(2, expected)]


@given(st.text())
def test_both_spellings_of_any_name_are_one(name: str) -> None:
    spelled = {column_name(unicodedata.normalize(form, name)) for form in ("NFC", "NFD")}
    assert spelled == {column_name(name)}
    assert unicodedata.is_normalized("NFC", column_name(name))


def test_blanks_and_the_quote_of_a_guard_are_taken_off(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b\n '=1 ,\"'\t-1 \"\n'x',''=2\n")
    assert [row for _, row in read(path)] == [{"a": "'=1", "b": "-1"}, {"a": "'x'", "b": "'=2"}]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "no column patient: the first line must name patient"),
        ("a,b\n", "no column patient: the first line must name patient"),
        ("patient,grade,Grade\n", "column grade occurs twice: keep one"),
        ("patient,e\u0301,\u00c9\n", "column \u00e9 occurs twice: keep one"),
        ('patient,b\n"x\ny",1\nP,1,2\n', "line 4 has more cells than the first line: quote a cell"),
        (
            "patient;b\nP;1;2\n",
            "line 2 has more cells than the first line: quote a cell that holds a ",
        ),
        (
            'patient,b\n"x\ny",1\nP,"1\n',
            "line 4: is not valid CSV (unexpected end of data): look for a q",
        ),
        (
            'patient,b\nP,"1"2\n',
            "line 2: is not valid CSV (',' expected after '\"'): look for a quotation",
        ),
        ('"patient,b\nP,1\n', "line 1: is not valid CSV (unexpected end of data)"),
        (
            "patient\n" + "x" * 200_000,
            "line 2: is not valid CSV (field larger than field limit (131072))",
        ),
        (b"patient\nP\0\n", "line 2: contains a NUL byte: not a text table"),
        (b"patient\nJ\xf6rg\n", "is not UTF-8 (byte 9): save it as CSV UTF-8"),
        ("patient\n".encode("utf-16"), "is not UTF-8 (byte 0): save it as CSV UTF-8"),
    ],
    ids=range(13),
)
def test_a_hostile_table_is_one_line(tmp_path: Path, content: str | bytes, words: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(EvaluationError) as raised:
        list(table_rows(path, ("patient",), EvaluationError))
    assert str(raised.value).startswith(f"{path}: {words}")
    assert "\n" not in str(raised.value)


def test_blank_cells_too_many_are_no_fault(tmp_path: Path) -> None:
    assert read(write(tmp_path, "a,b\n1,2,, \n\n")) == [(2, {"a": "1", "b": "2"})]


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"none\.csv: cannot be read \(No such file.*\): give a"):
        open_table(tmp_path / "none.csv", (), CohortError)
    with pytest.raises(CohortError, match=r"cannot be read \(Is a directory\)"):
        open_table(tmp_path, (), CohortError)


def test_a_huge_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lumbargrade.files.read_table.LARGEST_TABLE_BYTES", 10)
    assert read(write(tmp_path, "a\n12345678")) == [(2, {"a": "12345678"})]
    with pytest.raises(CohortError, match=r"table\.csv: is larger than 0 MB: split the table"):
        read(write(tmp_path, "a\n123456789"))
