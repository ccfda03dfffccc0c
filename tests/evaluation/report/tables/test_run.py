"""Tables of a run that the article does not have."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.evaluation.material import evaluation
from tests.evaluation.report.usual import rows_of, usual

from lumbargrade.evaluation.report.tables.run import dichotomies, run_tables, units
from lumbargrade.statistics.patients import EXTERNAL, INTERNAL


def named(name: str) -> list[dict[str, str]]:
    """The rows of one table of the usual evaluation."""
    (table,) = [one for one in run_tables(usual()) if one.name == name]
    return rows_of(table)


def test_the_articles_baseline_beats_its_external_lccs() -> None:
    """What the headline hides: grade 0 alone scores 0.87, the model 0.80."""
    (row,) = [
        row
        for row in rows_of(units(usual()))
        if (row["source"], row["unit"], row["group"], row["system"])
        == ("Su et al. 2022", "image", EXTERNAL, "LCCS")
    ]
    assert row["accuracy"] == "0.80"
    assert row["majority class"] == "0.87"
    assert row["balanced accuracy"] == "0.58"


def test_internal_and_external_are_not_mixed() -> None:
    for table in run_tables(usual()):
        if "group" in table.columns:
            assert {row["group"] for row in rows_of(table)} == {INTERNAL, EXTERNAL}, table.name


def test_one_part_and_one_kind_of_patient_have_no_drop_and_no_such_subgroup() -> None:
    names = [table.name for table in run_tables(evaluation(internal=4, external=0))]
    assert "external-drop" not in names
    assert "subgroups" in names


def test_each_grade_has_its_support() -> None:
    found = [row for row in named("grades") if (row["unit"], row["system"]) == ("image", "LDH")]
    for part in (INTERNAL, EXTERNAL):
        counts = np.array(usual().of_part(part)["LDH"].table)
        mine = [row for row in found if row["group"] == part]
        assert [int(row["support"]) for row in mine] == counts.sum(1).tolist()
        recall = counts.diagonal() / counts.sum(1)
        for row, share in zip(mine, recall, strict=True):
            assert row["recall"].startswith(f"{share:.2f} (")


def test_both_dichotomies_by_hand() -> None:
    rows = [row for row in named("dichotomies") if row["system"] == "LCCS"]
    assert [row["grades"] for row in rows[:2]] == ["0 / 1-3", "0-1 / 2-3"]
    counts = np.array(usual().of_part(INTERNAL)["LCCS"].table)
    for row, lowest in zip(rows[:2], (1, 2), strict=True):
        assert row["positive"] == f"{counts[lowest:].sum()} of {counts.sum()}"
        sensitivity = counts[lowest:, lowest:].sum() / counts[lowest:].sum()
        predictive = counts[lowest:, lowest:].sum() / counts[:, lowest:].sum()
        assert row["sensitivity"].startswith(f"{sensitivity:.2f} (")
        assert row["positive predictive value"].startswith(f"{predictive:.2f} (")


def test_a_cut_above_all_grades_is_left_out_and_grades_are_called_as_people_do() -> None:
    whole = usual().of_part(INTERNAL)["LCCS"]
    binary = replace(whole, system="SLIP", table=((5, 1), (2, 3)))
    ladder = replace(whole, system="PFIRRMANN", table=((1,) * 5,) * 5)
    told = [(row["system"], row["grades"]) for row in rows_of(dichotomies([binary, ladder]))]
    assert told == [("SLIP", "0 / 1"), ("PFIRRMANN", "1 / 2-5"), ("PFIRRMANN", "1-2 / 3-5")]


def test_every_figure_has_three_intervals() -> None:
    rows = named("intervals")
    assert len(rows) == 2 * 3 * 5
    one = usual().of_part(INTERNAL)["LDH"]
    first = rows[0]
    found = one.formulas["ac1"]
    assert (first["group"], first["system"], first["figure"]) == (INTERNAL, "LDH", "Gwet AC1")
    assert first["images independent"] == (
        f"{found.independent.low:.2f} to {found.independent.high:.2f}"
    )
    assert (
        first["clustered by patient"] == f"{found.clustered.low:.2f} to {found.clustered.high:.2f}"
    )


def test_an_image_that_was_not_graded_is_counted_as_that() -> None:
    for row in named("coverage"):
        graded, missing = int(row["graded"]), int(row["not graded"])
        assert graded + missing == int(row["with a reference"])
    assert sum(int(row["not graded"]) for row in named("coverage")) > 0
