"""Reference grades of discs, out of a cohort's files of traced discs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lumbargrade.cohort.discs import FOLDER, GRADES, read_disc_grades
from lumbargrade.errors import CohortError
from lumbargrade.spine.tracing import DiscTracing, write_disc_tracings

CORNERS = np.array([[10.0, 20], [40, 20], [40, 30], [10, 30]])


def traced(cohort: Path, patient: str, *grades: dict[str, int]) -> None:
    """One slice for each of these, with the grades of two discs."""
    (cohort / FOLDER).mkdir(exist_ok=True)
    write_disc_tracings(
        cohort / FOLDER / f"{patient}.json",
        [
            DiscTracing(
                file=f"{number}.dcm",
                discs=dict.fromkeys(("L4/L5", "L5/S1"), CORNERS),
                sacrum_seen=True,
                patient=patient,
                grades={disc: {"PFIRRMANN": value} for disc, value in each.items()},
            )
            for number, each in enumerate(grades)
        ],
    )


def test_a_disc_on_several_slices_is_graded_once(tmp_path: Path) -> None:
    traced(tmp_path, "P1", {"L4/L5": 2, "L5/S1": 3}, {"L4/L5": 2}, {})
    traced(tmp_path, "P2", {})
    assert read_disc_grades(tmp_path) == {
        "P1": {"L4/L5": {"PFIRRMANN": 2}, "L5/S1": {"PFIRRMANN": 3}}
    }


def test_a_cohort_without_traced_discs_has_none(tmp_path: Path) -> None:
    assert read_disc_grades(tmp_path) == {}


def test_two_grades_of_one_disc_are_refused(tmp_path: Path) -> None:
    traced(tmp_path, "P1", {"L4/L5": 2}, {"L4/L5": 3})
    with pytest.raises(CohortError, match=r"P1\.json: disc L4/L5 of patient P1 has two grades of"):
        read_disc_grades(tmp_path)


def test_tables_of_readers_count_as_traced_discs_do(tmp_path: Path) -> None:
    traced(tmp_path, "P1", {"L4/L5": 2})
    table = tmp_path / FOLDER / GRADES
    table.write_text("patient,level,system,grade\nP1,L4/L5,PFIRRMANN,3\nP2,L5-S1,pfirrmann,5\n")
    assert read_disc_grades(tmp_path) == {
        "P1": {"L4/L5": {"PFIRRMANN": 2}},
        "P2": {"L5/S1": {"PFIRRMANN": 4}},
    }
    table.write_text("patient,level,system,grade\nP1,L4/L5,PFIRRMANN,4\n")
    with pytest.raises(CohortError, match="has two grades of PFIRRMANN"):
        read_disc_grades(tmp_path)
    (tmp_path / FOLDER / "notes.csv").write_text("patient,remark\nP1,none\n")
    table.write_text("patient,level,system,grade\nP1,L4/L5,LDH,3\n")
    assert read_disc_grades(tmp_path) == {"P1": {"L4/L5": {"PFIRRMANN": 2}}}
    table.write_text("patient,level,system,grade\nP1,,PFIRRMANN,0\n")
    with pytest.raises(CohortError, match="row 2: names no slice"):
        read_disc_grades(tmp_path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "P1.json").write_text("no JSON")
    with pytest.raises(CohortError, match=r"P1\.json: no JSON: write a list of records"):
        read_disc_grades(tmp_path)
