"""Tables of published counts, as people make them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.matrix.counts import PublishedMatrix, read_matrices

SYSTEMS = """system,reference,0,1,2
LDH,0,5,1,0
LDH,1,2,6,1
LDH,2,0,1,4
LCCS,2,0,0,3
LCCS,0,9,1,0
LCCS,1,1,2,0
"""


def _read(folder: Path, text: str) -> tuple[PublishedMatrix, ...]:
    path = folder / "counts.csv"
    path.write_text(text, encoding="utf-8")
    return read_matrices(path)


def test_systems_of_one_file_and_rows_in_any_order(tmp_path: Path) -> None:
    ldh, lccs = _read(tmp_path, SYSTEMS)
    assert (ldh.system, lccs.system) == ("LDH", "LCCS")
    assert ldh.grades == ("0", "1", "2")
    assert ldh.counts.tolist() == [[5, 1, 0], [2, 6, 1], [0, 1, 4]]
    assert lccs.counts.tolist() == [[9, 1, 0], [1, 2, 0], [0, 0, 3]]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_bare_numbers_are_one_system(tmp_path: Path, mark: str) -> None:
    (found,) = _read(tmp_path, mark.join("90") + "\n" + mark.join("07") + "\n")
    assert (found.system, found.grades) == ("", ("0", "1"))
    assert found.counts.tolist() == [[9, 0], [0, 7]]


def test_named_grades_keep_the_order_of_the_columns(tmp_path: Path) -> None:
    (found,) = _read(tmp_path, "reference,mild,severe\nsevere,1.0,8\nmild,9,0\n")
    assert found.grades == ("mild", "severe")
    assert found.counts.tolist() == [[9, 0], [1, 8]]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "is empty: give the counts of a confusion matrix"),
        ("reference,0,1\n", "holds a heading and no counts: give a row for each grade"),
        ("9\n", "has 1 rows of counts: give one for each grade, 2 to 10"),
        ("1,2\n" * 11, "has 11 rows of counts: give one for each grade, 2 to 10"),
        ("1,2\n3,4\n5,6\n", "'' is no count: give whole numbers"),
        ("1,2,3\n3,4,5\n", "has 3 counts, not 2: give a square"),
        ("84.2,15.8\n10,90\n", "'84.2' is no count: give whole numbers of images, no shares"),
        ('"1,034",2\n3,4\n', "'1,034' is no count: give whole numbers"),
        ("1,-2\n3,4\n", "'-2' is no count: give whole numbers"),
        ("0,0\n0,0\n", "holds no image: give counts above 0"),
        ("reference,0,1\n0,1,2\n2,3,4\n", "name the same grades on both sides, each once"),
        ("reference,0,1\n0,1,2\n0,3,4\n", "name the same grades on both sides, each once"),
        ("reference,0,1,1\n0,1,2,1\n1,3,4,1\n", "has a column twice (0, 1, 1): name each grade"),
    ],
)
def test_what_is_no_matrix_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(EvaluationError) as error:
        _read(tmp_path, text)
    assert fault in str(error.value)
    assert "counts.csv" in str(error.value)


def test_every_fault_is_a_line(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="2 faults, nothing was written") as error:
        _read(tmp_path, SYSTEMS.replace("2,6,1", "2,x,1").replace("LCCS,1,1,2,0", "LCCS,1,1,2,?"))
    assert str(error.value).splitlines()[1:] == [
        f"  counts.csv row {row}: {cell!r} is no count: give whole numbers of images, no shares "
        "and no separators of thousands"
        for row, cell in ((3, "x"), (7, "?"))
    ]


@given(
    st.integers(2, 10).flatmap(
        lambda size: st.lists(
            st.lists(st.integers(0, 10**9 - 1), min_size=size, max_size=size),
            min_size=size,
            max_size=size,
        )
    )
)
def test_every_matrix_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[int]]
) -> None:
    rows[0][0] += rows[0][0] == 0
    text = "".join(",".join(map(str, row)) + "\n" for row in rows)
    path = tmp_path_factory.getbasetemp() / "drawn.csv"
    path.write_text(text.replace("1000000000", "999999999"), encoding="utf-8")
    (found,) = read_matrices(path)
    assert np.array_equal(found.counts, np.minimum(rows, 10**9 - 1))


@given(st.text(alphabet='0123456789,;.\n"-ax ', max_size=60))
def test_no_text_ends_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_text(text, encoding="utf-8", newline="")
    try:
        found = read_matrices(path)
    except EvaluationError:
        return
    assert all(one.counts.sum() > 0 for one in found)
