"""Two tables, and a third: what is written, what is told, what is refused."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.evaluation.graded import cohort_of, graded_slice, reference_slice, study_of

from lumbargrade.annotation.double_reading import DoubleReading, adjudicate
from lumbargrade.annotation.form import FORM
from lumbargrade.annotation.reference import Origin
from lumbargrade.errors import OutputError, ReadingError
from lumbargrade.evaluation.agreement import measure_agreement
from lumbargrade.evaluation.match import match
from lumbargrade.evaluation.match_graders import with_graders

HEAD = "patient,sop,LDH,LNRC_left,LNRC_right,reason"


def table(path: Path, *rows: str, head: str = HEAD) -> Path:
    path.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    return path


@pytest.fixture
def pair(tmp_path: Path) -> list[Path]:
    return [
        table(tmp_path / "Ann.csv", "P1,1.2.1,0,1,2,", "P1,1.2.2,1,,,cut off", "P2,1.2.3,3,0,0,"),
        table(tmp_path / "Bob.csv", "P1,1.2.1,0,2,2,", "P1,1.2.2,2,,,cut", "P2,1.2.3,3,0,,"),
    ]


def filled(form: Path, path: Path, grades: Sequence[str]) -> Path:
    with form.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row, grade in zip(rows, grades, strict=True):
        row["grade"] = grade
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.DictWriter(stream, list(rows[0]), delimiter=";")
        out.writeheader()
        out.writerows(rows)
    return path


def origins(found: DoubleReading) -> list[Origin]:
    return [one.origin for one in found.values]


def test_from_two_tables_to_a_reference(pair: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    blind = adjudicate(pair, out)
    assert (blind.readers, blind.adjudicator) == (("Ann", "Bob"), None)
    assert blind.files == ("disagreements.csv", "readings.csv", FORM)
    assert [(one.image, one.system) for one in blind.disagreements] == [
        ("1.2.1", "LNRC"),
        ("1.2.2", "LDH"),
    ]
    assert blind.notes == ("Read by Ann only, and so without a reference: 1.",)
    third = filled(out / FORM, tmp_path / "Lee.csv", ["1", "3"])
    done = adjudicate([*pair, third], out)
    assert done.files == ("disagreements.csv", "readings.csv", "reference.csv")
    assert done.adjudicator == "Lee"
    assert origins(done).count(Origin.ADJUDICATOR) == 2
    assert Origin.OPEN not in origins(done)
    assert {(one.image, one.grade) for one in done.values if one.system == "LDH"} == {
        ("1.2.1", 0),
        ("1.2.2", 3),
        ("1.2.3", 3),
    }


def test_what_is_still_open_stays_in_the_form(pair: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    adjudicate(pair, out)
    done = adjudicate([*pair, filled(out / FORM, tmp_path / "Lee.csv", ["1", ""])], out)
    assert done.files == ("disagreements.csv", "readings.csv", "reference.csv", FORM)
    assert (out / FORM).read_text("utf-8").count("\n") == 2
    assert origins(done).count(Origin.OPEN) == 1


def test_where_nothing_differs_the_reference_is_there_at_once(
    pair: list[Path], tmp_path: Path
) -> None:
    same = table(tmp_path / "Cy.csv", "P1,1.2.1,0,1,2,")
    assert adjudicate([pair[0], same], tmp_path / "out").files == (
        "disagreements.csv",
        "readings.csv",
        "reference.csv",
    )


def test_what_the_adjudicator_says_elsewhere_is_told(pair: list[Path], tmp_path: Path) -> None:
    lee = table(tmp_path / "Lee.csv", "P1,1.2.1,3,1,3,", "P9,1.2.9,1,,,")
    assert adjudicate([*pair, lee], tmp_path / "out").notes[1:] == (
        "Graded by Lee without need, as the readers' grades stand: 2.",
        "Graded by Lee and by none of Ann, Bob: 1.",
    )


def test_second_readings_go_to_agreement_and_nowhere_else(pair: list[Path], tmp_path: Path) -> None:
    listed = table(tmp_path / "x.csv", "P1,1.2.1,1,1,2,,Ann again,2", head=f"{HEAD},reader,round")
    copied = table(tmp_path / "Bob again.csv", "P1,1.2.1,1,1,2,")
    found = adjudicate(pair, tmp_path / "out", [listed, copied])
    assert found.values == adjudicate(pair, tmp_path / "plain").values
    with (tmp_path / "out" / "readings.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {(row["reader"], row["round"]) for row in rows} == {
        ("Ann", "1"),
        ("Bob", "1"),
        ("Ann again", "2"),
        ("Bob again", "2"),
    }
    agreement, _ = measure_agreement(tmp_path / "out" / "readings.csv", tmp_path / "agreement")
    assert agreement[0].together.readers == ("Ann", "Bob", "Ann again", "Bob again")
    stranger = table(tmp_path / "Cy.csv", "P1,1.2.1,1,1,2,")
    with pytest.raises(
        ReadingError, match=r"Cy\.csv: its reader is Cy, who is none of Ann, Bob: a"
    ):
        adjudicate(pair, tmp_path / "out", [stranger])


def test_evaluate_sets_the_readers_beside_a_model(tmp_path: Path) -> None:
    slices = [reference_slice(f"1.2.{i}", i // 2, i % 4) for i in range(8)]
    rows = [f"{one.patient_id},{one.sop_instance_uid},{i % 4},0,0," for i, one in enumerate(slices)]
    tables = [table(tmp_path / f"{name}.csv", *rows) for name in ("Ann", "Bob")]
    adjudicate(tables, tmp_path / "out")
    study = study_of([graded_slice(one.sop_instance_uid, 0) for one in slices])
    material = match([study], cohort_of(slices))
    found = with_graders(material, slices, [tmp_path / "out" / "readings.csv"])
    assert [one.name for one in found.graders] == ["Ann", "Bob"]
    assert [one.predicted for one in found.graders[0].records["LDH"]] == [0, 1, 2, 3] * 2


@pytest.mark.parametrize("count", [0, 1, 4])
def test_it_takes_two_tables_or_three(pair: list[Path], tmp_path: Path, count: int) -> None:
    with pytest.raises(ReadingError, match=f"{count} tables: give those of two readers, and"):
        adjudicate((pair * 2)[:count], tmp_path / "out")


def test_nobody_reads_twice_under_one_name(pair: list[Path], tmp_path: Path) -> None:
    other = table(tmp_path / "b.csv", "P1,1.2.1,0,1,2,,Ann", head=f"{HEAD},reader")
    with pytest.raises(ReadingError, match=r"b\.csv: its reader is Ann, as that of .*Ann\.csv"):
        adjudicate([pair[0], other], tmp_path / "out")
    with pytest.raises(ReadingError, match="write another name into the column reader"):
        adjudicate([*pair, other], tmp_path / "out")


def test_readers_without_a_common_image_are_refused(pair: list[Path], tmp_path: Path) -> None:
    other = table(tmp_path / "Cy.csv", "P1,1.2.77,0,1,2,")
    with pytest.raises(ReadingError, match="have no graded image in common: name each image the"):
        adjudicate([pair[0], other], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_faults_of_all_tables_are_told_at_once(pair: list[Path], tmp_path: Path) -> None:
    wrong = [
        table(tmp_path / "Cy.csv", "P9,1.2.1,0,,,"),
        table(tmp_path / "Di.csv", "P1,1.2.1,9,,,"),
    ]
    with pytest.raises(ReadingError) as told:
        adjudicate([pair[0], *wrong], tmp_path / "out")
    assert str(told.value).splitlines() == [
        "2 faults, nothing was written:",
        "  Di.csv row 2: LDH grade '9' is unknown: grades go from 0 to 3",
        "  Cy.csv: image 1.2.1 belongs to patient P9 here and to P1 in Ann.csv",
    ]


def test_what_was_read_and_what_was_filled_in_is_not_written_over(
    pair: list[Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    adjudicate(pair, out)
    inside = filled(out / FORM, out / FORM, ["1", "2"])
    with pytest.raises(ReadingError, match="is filled in and would be lost: save the form else"):
        adjudicate(pair, out)
    with pytest.raises(OutputError, match="which is read and would be replaced"):
        adjudicate([*pair, inside], out)
