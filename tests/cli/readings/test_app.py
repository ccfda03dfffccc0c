"""``lumbargrade readings``: each option reaches its command, and the help shows the whole way."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.calls import call, note_calls, refused
from tests.cli.readings.filled import Row, fill

from lumbargrade.annotation.worklist import ListOptions
from lumbargrade.cohort.read import read_cohort


def test_worklist_hands_on_what_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    noted = note_calls(monkeypatch, "lumbargrade.cli.readings", "worklist")
    call(
        *("readings", "worklist", "COHORT", "--reader", "Ann", "-o", "Ann.csv"),
        *("--system", "LDH", "--system", "LNRC", "--again", "0.2", "--seed", "3"),
    )
    assert noted["worklist"] == {
        "cohort": Path("COHORT"),
        "reader": "Ann",
        "out": Path("Ann.csv"),
        "options": ListOptions(3, 0.2),
        "systems": ["LDH", "LNRC"],
    }


def test_adjudicate_hands_on_what_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    noted = note_calls(monkeypatch, "lumbargrade.cli.readings", "adjudicate")
    call("readings", "adjudicate", "A.csv", "B.csv", "C.csv", "-o", "OUT", "--again", "D.csv")
    assert noted["adjudicate"] == {
        "tables": [Path("A.csv"), Path("B.csv"), Path("C.csv")],
        "out": Path("OUT"),
        "again": [Path("D.csv")],
    }


def test_the_help_shows_the_whole_way() -> None:
    told = call("readings", "--help")
    for step in ("worklist COHORT", "adjudicate Ann.csv Bob.csv Lee.csv", "agreement", "import"):
        assert step in told


def test_the_way_of_the_help_leads_from_a_cohort_to_a_cohort(
    graded_cohort: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A spreadsheet cuts the patients' leading zeros and parts cells with semicolons."""
    monkeypatch.chdir(tmp_path)

    def reads(shift: int) -> object:
        def answer(row: Row) -> None:
            row["patient"] = row["patient"].lstrip("0")
            row |= {"LDH": "2", "LCCS": "1,0", "LNRC_left": "0", "LNRC_right": "0"}
            if row["sop_instance_uid"].endswith(".3"):
                row["LDH"] = str(shift)
            if row["sop_instance_uid"] == "1.2.2.1.4":
                row |= {"LNRC_left": "", "reason": "cut off"}

        return answer

    for name, shift in (("Ann", 0), ("Bob", 1)):
        call("readings", "worklist", graded_cohort, "--reader", name, "-o", f"{name}.csv")
        fill(Path(f"{name}.csv"), Path(f"{name}.csv"), reads(shift))  # type: ignore[arg-type]
    told = call("readings", "adjudicate", "Ann.csv", "Bob.csv", "-o", "OUT")
    assert "4 to be settled: OUT/to_adjudicate.csv, to be filled in and given as the third" in told

    def settles(row: Row) -> None:
        assert "Ann" not in ";".join(row.values())
        row["grade"] = "3"

    fill(Path("OUT/to_adjudicate.csv"), Path("Lee.csv"), settles)
    told = call("readings", "adjudicate", "Ann.csv", "Bob.csv", "Lee.csv", "-o", "OUT")
    assert "Reference standard: OUT/reference.csv" in told
    assert "LDH: reader agreement" in call("agreement", "OUT/readings.csv", "-o", "AGREEMENT")
    call("cohort", "import", graded_cohort, "--grades", "OUT/reference.csv", "-o", "GRADED")

    slices = read_cohort(Path("GRADED")).slices
    assert len(slices) == 24
    assert {one.reference_by for one in slices} == {("", "Ann", "Bob", "Lee")}  # "" of before
    for one in slices:
        settled = one.sop_instance_uid.endswith(".3")
        assert one.grades["LDH"] == (3 if settled else 2)
        assert (one.grades["LCCS"], one.grades["LNRC_right"]) == (1, 0)
        cut = one.sop_instance_uid == "1.2.2.1.4"
        assert one.grades["LNRC_left"] == (None if cut else 0)


def test_what_is_wrong_is_one_line(tmp_path: Path) -> None:
    table = tmp_path / "Ann.csv"
    table.write_text("patient,image,LDH\nP1,a,9\n", "utf-8")
    told = refused("readings", "adjudicate", table, tmp_path / "none.csv", "-o", tmp_path / "out")
    assert told.startswith("error: ")
    assert "none.csv: cannot be read (No such file or directory): give a CSV file" in told
