"""Claims of a paper as a table."""

from __future__ import annotations

from pathlib import Path

import pytest

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.matrix.claims import Claim, Printed, read_claims
from lumbargrade.evaluation.matrix.figures import Figure

HEAD = "system,figure,grade,value,low,high,of"
GRADES = {"LDH": ("none", "mild", "severe")}


def _read(folder: Path, *rows: str) -> tuple[Claim, ...]:
    path = folder / "claims.csv"
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return read_claims(path, GRADES)


def test_numbers_are_read_as_they_are_printed(tmp_path: Path) -> None:
    share, bare, k, support, error = _read(
        tmp_path,
        "LDH,Accuracy,,84.17 %,,,1234",
        "LDH,precision,severe,9.1,,,",
        "LDH,ac1,,0.80,.78,0.82,",
        "LDH,support,mild,343,,,",
        "LDH,mean_absolute_error,,1.2,,,",
    )
    assert (share.figure, share.of) == (Figure("accuracy"), 1234)
    assert share.printed == Printed("84.17 %", 84.17 / 100, 10.0**-2 / 100)
    assert bare.figure == Figure("precision", 2)
    assert bare.printed.value == pytest.approx(0.091)
    assert (k.low, k.high) == (
        Printed(".78", 0.78, 10.0**-2),
        Printed("0.82", 0.82, 10.0**-2),
    )
    assert (support.figure, support.printed.value) == (Figure("support", 1), 343)
    assert error.printed.value == pytest.approx(1.2)


def test_rounding_and_cutting_off() -> None:
    printed = Printed("0.85", 0.85, 0.01)
    assert [printed.rounds_from(one) for one in (0.845, 0.8549, 0.855, 0.8563)] == [True] * 3 + [
        False
    ]
    assert [printed.cut_from(one) for one in (0.8499, 0.85, 0.8563, 0.86)] == [
        False, True, True, False
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("LCCS,accuracy,,0.8,,,", "system 'LCCS' is not in the counts: name one of LDH"),
        ("LDH,k,,0.8,,,", "figure 'k' is not known: name one of images, ac1"),
        ("LDH,accuracy,mild,0.8,,,", "accuracy is of all grades: leave the grade empty"),
        ("LDH,recall,,0.8,,,", "recall needs a grade: name one of none, mild, severe"),
        ("LDH,ppv,none,0.8,,,", "ppv needs a lowest positive grade: name one of mild, severe"),
        ("LDH,accuracy,,,,,", "value '' is no number: give it as it is printed"),
        ("LDH,accuracy,,high,,,", "value 'high' is no number: give it as it is printed"),
        ("LDH,ac1,,0.8,x,,", "low 'x' is no number: give it as it is printed"),
        ("LDH,accuracy,,0.8,,,all", "of 'all' is no count: give how many images the share is of"),
    ],
)
def test_each_fault_names_its_row(tmp_path: Path, row: str, fault: str) -> None:
    with pytest.raises(EvaluationError) as error:
        _read(tmp_path, "LDH,accuracy,,0.8,,,", row)
    assert str(error.value).startswith("1 fault, nothing was written: claims.csv row 3: ")
    assert fault in str(error.value)


def test_an_empty_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="claims nothing: give one claimed figure a row"):
        _read(tmp_path)
