"""The adjudicator's form: both grades, no names; never written over once it is filled in."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from tests.annotation.made_up_readings import READERS, reading, readings_of

from lumbargrade.annotation.disagreement import disagreements
from lumbargrade.annotation.form import FORM, check_unfilled, write_form
from lumbargrade.annotation.reader_table import read_reader_table
from lumbargrade.annotation.reading import GivenGrade
from lumbargrade.annotation.tables import item_of
from lumbargrade.errors import ReadingError
from lumbargrade.readings.faults import Faults


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@given(readings_of())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_shows_both_grades_and_names_nobody(tmp_path: Path, given_: list[GivenGrade]) -> None:
    found = disagreements(given_, READERS)
    write_form(tmp_path / FORM, found, READERS, {})
    rows = rows_of(tmp_path / FORM)
    for row, one in zip(rows, found, strict=True):
        shown = {row["reader A"].split(":")[0], row["reader B"].split(":")[0]}
        assert shown == {"cannot grade" if g is None else str(g) for g in one.grades.values()}
        assert (row["grade"], row["reason"]) == ("", "")
    text = (tmp_path / FORM).read_text("utf-8")
    assert not any(reader in text for reader in READERS)


def test_the_order_does_not_give_the_readers_away(tmp_path: Path) -> None:
    """Ann always says 0 and Bob 1: as A stands now one and now the other."""
    pairs = [
        reading(2 * n + k, reader, k, image=f"1.2.{n}")
        for n in range(200)
        for k, reader in enumerate(READERS)
    ]
    write_form(tmp_path / FORM, disagreements(pairs, READERS), READERS, {})
    first = [row["reader A"] for row in rows_of(tmp_path / FORM)]
    assert 70 < first.count("0") < 130


def test_a_form_that_is_filled_in_is_a_table_of_the_adjudicator(tmp_path: Path) -> None:
    pairs = [
        *(reading(1, "Ann", 0), reading(2, "Bob", 1)),
        *(reading(3, "Ann", 2, image="1.2.9"), reading(4, "Bob", 1, image="1.2.9")),
    ]
    found = disagreements(pairs, READERS)
    write_form(tmp_path / FORM, found, READERS, {})
    rows = rows_of(tmp_path / FORM)
    rows[0]["grade"], rows[1]["reason"] = "1", "cut off"
    with (tmp_path / "Lee.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.DictWriter(stream, list(rows[0]), delimiter=";")
        table.writeheader()
        table.writerows(rows)
    back = read_reader_table(tmp_path / "Lee.csv", Faults())
    assert back.reader == "Lee"
    assert [(one.item, one.grade, one.reason) for one in back.given] == [
        (item_of(found[0]), 1, ""),
        (item_of(found[1]), None, "cut off"),
    ]


def test_what_was_filled_in_is_not_written_over(tmp_path: Path) -> None:
    form, copy = tmp_path / FORM, tmp_path / "Lee.csv"
    check_unfilled(form, [])
    write_form(form, disagreements([reading(1), reading(2, "Bob", 1)], READERS), READERS, {})
    check_unfilled(form, [])
    form.write_text(form.read_text("utf-8").rstrip()[:-1] + "2,\r\n", "utf-8")
    with pytest.raises(
        ReadingError, match=r"adjudicate\.csv row 2: is filled in and would be lost"
    ):
        check_unfilled(form, [])
    copy.write_bytes(form.read_bytes())
    check_unfilled(form, [copy])
