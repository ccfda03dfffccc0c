from __future__ import annotations

from pathlib import Path

import pytest
from tests.made_up_readings import made_up, write_table

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.reader_studies.inputs import Source, read_inputs
from lumbargrade.evaluation.reader_studies.table import Slot

HEAD = "reader,patient,image,system,grade"


def table(path: Path, *rows: str, head: str = HEAD) -> Path:
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_table_comes_back_as_it_was_made(tmp_path: Path) -> None:
    study = made_up(patients=25, readers=2)
    path = write_table(tmp_path / "r.csv", study)
    found = read_inputs(Source((path,), "net", "ref"))
    (expected,), (read,) = study.tables, found.tables
    assert found.readers == study.readers
    assert read.columns.keys() == expected.columns.keys()
    for slot, column in expected.columns.items():
        assert read.column(slot).tolist() == column.tolist()
    assert sorted(found.times.seconds) == pytest.approx(sorted(study.times.seconds), abs=1e-3)
    assert found.notes == ()


def test_a_table_without_a_reader_is_of_one_named_as_the_file(tmp_path: Path) -> None:
    readings = table(tmp_path / "r.csv", "Ann,P1,i1,LDH,1", "Bob,P1,i1,LDH,2")
    net = table(tmp_path / "net.csv", "P1,i1,3", head="patient,image,LDH")
    found = read_inputs(Source((readings, net), "net"))
    assert (found.readers, found.model, found.reference) == (("Ann", "Bob"), "net", "")
    assert found.tables[0].column(Slot("net")).tolist() == [3]
    assert found.notes == (
        "LDH: images of 1 patient only: intervals from so few have not been tried.",
    )


def test_who_is_not_there_cannot_be_the_model(tmp_path: Path) -> None:
    path = table(tmp_path / "r.csv", "Ann,P1,i1,LDH,1")
    with pytest.raises(EvaluationError, match="--model net: is none of the readers: name one of A"):
        read_inputs(Source((path,), "net"))
    with pytest.raises(EvaluationError, match=r"add a table of its own named ref\.csv"):
        read_inputs(Source((path,), reference="ref"))


def test_what_contradicts_in_two_tables_is_refused(tmp_path: Path) -> None:
    one = table(tmp_path / "a.csv", "Ann,P1,i1,LDH,1")
    two = table(tmp_path / "b.csv", "Ann,P2,i1,LDH,1")
    with pytest.raises(EvaluationError, match="2 faults") as caught:
        read_inputs(Source((one, two)))
    assert "belongs to patient P2 here and to P1 above" in str(caught.value)
    assert "give the second reading as round 2" in str(caught.value)


def test_an_empty_reader_among_named_ones_is_a_fault(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", "Ann,P1,i1,LDH,1", ",P1,i2,LDH,1")
    with pytest.raises(EvaluationError, match=r"a\.csv row 3: reader is empty: fill it in"):
        read_inputs(Source((path,)))


def test_other_systems_are_left_out_and_said(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", "Ann,P1,i1,LDH,1", "Ann,P1,i1,RSNACANAL,1")
    assert "RSNACANAL: is no system of LDH" in read_inputs(Source((path,))).notes[0]
    path = table(tmp_path / "b.csv", "Ann,P1,i1,RSNACANAL,1", "Ann,P1,i1,LDH,")
    with pytest.raises(EvaluationError, match="holds no reading of LDH, LCCS, LNRC"):
        read_inputs(Source((path,)))
