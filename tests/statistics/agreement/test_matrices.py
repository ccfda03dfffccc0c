from __future__ import annotations

from pathlib import Path

import pytest

from lumbargrade.errors import EvaluationError
from lumbargrade.readings.faults import Faults
from lumbargrade.readings.read import Asked, read_readings
from lumbargrade.statistics.agreement.matrices import matrices_of, note_contradictions
from lumbargrade.statistics.agreement.readings_matrix import ReadingsMatrix

HEAD = "reader,patient,image,system,side,grade"
GOOD = ("Ann,P1,a,LDH,,2", "Bob,P1,a,LDH,,1")


def read_matrices(path: Path) -> tuple[dict[str, ReadingsMatrix], list[str]]:
    faults = Faults()
    asked = Asked(reader=True, patient=True)
    readings = read_readings(path, asked, faults, EvaluationError)
    note_contradictions(readings, faults)
    faults.check(EvaluationError)
    return matrices_of(readings, path)


def _table(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "readings.csv"
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return path


def test_one_panel_a_system_with_gaps(tmp_path: Path) -> None:
    rows = (
        "Bob,P1,a,LNRC,left,3",
        "Ann,P1,a,LNRC,left,0",
        "Ann,P1,a,LNRC,right,1",
        *GOOD,
        "Ann,P2,b,LDH,,NA",
        "Bob,P2,b,LDH,,",
        "Cem,P2,b,LDH,,3",
    )
    matrices, left_out = read_matrices(_table(tmp_path, *rows))
    assert left_out == []
    assert list(matrices) == ["LDH", "LNRC"]
    assert matrices["LDH"].readers == ("Ann", "Bob", "Cem")
    assert matrices["LDH"].ratings.tolist() == [[2, 1, -1], [-1, -1, 3]]
    assert matrices["LDH"].patients.tolist() == ["P1", "P2"]
    assert matrices["LNRC"].readers == ("Bob", "Ann")
    assert matrices["LNRC"].ratings.tolist() == [[3, 0], [-1, 1]]
    assert matrices["LNRC"].grades == 4


def test_spreadsheets_may_write_semicolons_a_mark_and_blanks(tmp_path: Path) -> None:
    path = tmp_path / "readings.csv"
    text = "\ufeffGrade ;Reader;patient;image;system\r\n2;Ann;P1;a;ldh\r\n 1;Bob ;P1;a;LDH\r\n"
    path.write_text(text, encoding="utf-8")
    matrix = read_matrices(path)[0]["LDH"]
    assert (matrix.readers, matrix.ratings.tolist()) == (("Ann", "Bob"), [[2, 1]])


def test_a_quoted_name_may_hold_a_comma(tmp_path: Path) -> None:
    matrix = read_matrices(_table(tmp_path, '"Smith, A",P1,a,LDH,,2', "Bob,P1,a,LDH,,1"))[0]["LDH"]
    assert matrix.readers == ("Smith, A", "Bob")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Ann,P1,b,LDH,,4", "row 4: LDH grade '4' is unknown: grades go from 0 to 3"),
        ("Ann,P1,b,LDH,,1.5", "row 4: LDH grade '1.5' is unknown"),
        ("Ann,P1,b,LDX,,1", "row 4: system 'LDX' is unknown: use LDH, LCCS, LNRC"),
        ("Ann,P1,b,LNRC,middle,1", "row 4: side 'middle' of LNRC is unknown: use left or right"),
        ("Ann,P1,b,LDH,left,1", "row 4: side 'left': LDH has no sides; leave it empty"),
        (",P1,b,LDH,,1", "row 4: reader is empty: fill it in"),
        ("Ann,,b,LDH,,1", "row 4: patient is empty"),
        ("Ann,P1", "row 4: names no slice: fill in sop"),
        ("Cem,P2,a,LDH,,1", "row 4: image a belongs to patient P2 here and to P1 above"),
        (
            "Ann,P1,a,LDH,,3",
            "row 4: image a: Ann gave LDH in readings.csv row 2 already: keep",
        ),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, row: str, message: str) -> None:
    path = _table(tmp_path, *GOOD, row)
    with pytest.raises(EvaluationError) as caught:
        read_matrices(path)
    assert f"readings.csv {message}" in str(caught.value)


def test_many_wrong_lines_are_counted(tmp_path: Path) -> None:
    wrong = [f"Ann,P1,b{number},LDH,,9" for number in range(5)]
    with pytest.raises(EvaluationError, match=r"^5 faults, .*:\n  readings.csv row 4"):
        read_matrices(_table(tmp_path, *GOOD, *wrong))


def test_sides_are_for_all_readers_of_an_image_or_for_none(tmp_path: Path) -> None:
    path = _table(tmp_path, "Ann,P1,a,LNRC,left,1", "Bob,P1,a,LNRC,,1")
    with pytest.raises(EvaluationError, match="row 3: image a: LNRC has a side in one row, none"):
        read_matrices(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no column system and grade: the first line must name"),
        ("reader,image,system,grade\n", "no column patient: the first line must name"),
        (HEAD + "\nAnn,P1,a,LDH,,1\n", "no image was graded in LDH by two readers"),
        (HEAD + "\nAnn,P1,a,LDH,,1\nBob,P1,b,LDH,,1\n", "with the same image names"),
    ],
)
def test_a_table_without_pairs_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "readings.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationError, match=message):
        read_matrices(path)


def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"absent.csv: cannot be read \(No such file"):
        read_matrices(tmp_path / "absent.csv")
    (tmp_path / "latin.csv").write_bytes(HEAD.encode() + b"\nJ\xf6rg,P1,a,LDH,,1\n")
    with pytest.raises(EvaluationError, match=r"is not UTF-8 \(byte 40\): save it as CSV UTF-8"):
        read_matrices(tmp_path / "latin.csv")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (("Ann,P1,a,LDH,,1,5",), "line 2 has more cells than the first line: quote a cell"),
        (("Doe, Ann,P1,a,LDH,,1",), "line 2 has more cells than the first line"),
    ],
)
def test_a_row_that_is_too_long_is_refused(
    tmp_path: Path, rows: tuple[str, ...], message: str
) -> None:
    with pytest.raises(EvaluationError, match=message):
        read_matrices(_table(tmp_path, *rows))


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = _table(tmp_path, "Ann,P1,a,LDH,,1,2", head=f"{HEAD},Grade")
    with pytest.raises(EvaluationError, match="column grade occurs twice: keep one"):
        read_matrices(path)


def test_tabs_whole_numbers_with_a_point_and_either_spelling_of_a_name(tmp_path: Path) -> None:
    rows = ("Ann,P1,a,LDH,,2.0", "M\u00fcller,P1,a,LDH,,1.0", "Mu\u0308ller,P1,b,LDH,,nan")
    path = tmp_path / "readings.csv"
    text = "\n".join((HEAD, *rows)).replace(",", "\t")
    path.write_text(text, encoding="utf-8")
    matrix = read_matrices(path)[0]["LDH"]
    assert matrix.readers == ("Ann", "M\u00fcller")
    assert matrix.ratings.tolist() == [[2, 1], [-1, -1]]


def test_a_system_without_a_pair_is_left_out_and_said(tmp_path: Path) -> None:
    matrices, left_out = read_matrices(_table(tmp_path, *GOOD, "Ann,P1,a,LNRC,left,1"))
    assert list(matrices) == ["LDH"]
    assert left_out == ["LNRC: no image was graded by two readers, so it is excluded."]
