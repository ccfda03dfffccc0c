"""The tables of the report."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.evaluation.material import SYSTEMS, cohort_image, evaluation

from lumbargrade.evaluation.report.tables.groups import drop_table
from lumbargrade.evaluation.report.tables.paper import table_2, table_3_or_4
from lumbargrade.evaluation.report.tables.run import run_tables, units
from lumbargrade.evaluation.results import Evaluation
from lumbargrade.files.table import TextTable, write_csv
from lumbargrade.statistics.patients import EXTERNAL, INTERNAL
from lumbargrade.su2022.demographics import table_1
from lumbargrade.su2022.published import article


@pytest.fixture(scope="module")
def results() -> Evaluation:
    return evaluation()


def rows_of(table: TextTable) -> list[dict[str, str]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_a_row_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="t: a row of 1 cells, not 2"):
        TextTable("t", "T", ("a", "b"), (("1",),))


def test_a_cell_is_no_formula(tmp_path: Path) -> None:
    cells = ("=1+1", "-cmd", "@x", "-0.03 (-0.1 to 0.2)", "-", "plain")
    path = write_csv(TextTable("t", "T", tuple("abcdef"), (cells,)), tmp_path)
    with path.open(newline="") as stream:
        assert list(csv.reader(stream))[1] == [
            *("'=1+1", "'-cmd", "'@x"),
            *("-0.03 (-0.1 to 0.2)", "-", "plain"),
        ]


def test_table_1_counts_patients() -> None:
    images = [cohort_image(number) for number in range(18)]  # women of 30 and 50, a man of 40
    column = {
        row[""]: row["internal test: this run"] for row in rows_of(table_1({INTERNAL: images}))
    }
    assert column["Patients"] == "3"
    assert column["Age"] == "40 +/- 10 (30-50)"
    assert column["Men"] == "1 (33.3 %)"
    assert column["Men, age"] == "40 (40-40)"
    printed = {
        row[""]: row["external: Su et al. 2022"] for row in rows_of(table_1({INTERNAL: images}))
    }
    assert printed["Women"] == "51 (51.0 %)"


def test_table_1_names_what_is_not_known() -> None:
    images = [replace(cohort_image(0), sex="", age_years=None)]
    column = {
        row[""]: row["internal test: this run"] for row in rows_of(table_1({INTERNAL: images}))
    }
    assert (column["Age"], column["Age not known"]) == ("-", "1")
    assert column["Sex not known"] == "1 (100.0 %)"


def test_table_2_counts_images_and_the_patients_who_have_them() -> None:
    images = [cohort_image(number, grade=number % 2) for number in range(12)]
    images.append(cohort_image(12, grade=None))
    rows = {(row["system"], row["grade"]): row for row in rows_of(table_2(images, ["LDH"]))}
    assert rows["LDH", "1"]["internal test: this run"] == "6 (50.0 %), 2 patients"
    assert rows["LDH", "3"]["internal test: this run"] == "0 (0.0 %), 0 patients"
    assert rows["LDH", "0"]["train and validation: Su et al. 2022"] == "6450 (49.8 %)"


@pytest.mark.parametrize("part", [INTERNAL, EXTERNAL])
def test_tables_3_and_4_of_a_run_with_the_articles_counts_repeat_the_article(
    part: str, results: Evaluation
) -> None:
    """Fed the matrices of Figure 6, both columns say the same, except where the article slips."""
    key = {INTERNAL: "internal_test", EXTERNAL: "external_test"}[part]
    figures = {
        system: replace(
            results.of_part(part)[system], table=tuple(map(tuple, article().images[key][system]))
        )
        for system in SYSTEMS
    }
    differ = set()
    for row in rows_of(table_3_or_4(part, figures)):
        for head in [head for head in row if head.endswith(": this run")]:
            name = head.split(":")[0]
            if row[head] != row[f"{name}: Su et al. 2022"]:
                differ.add((row["system"], row["grade"], name))
    slips = {INTERNAL: {("LCCS", "all", "k")}, EXTERNAL: {("LCCS", "2", "precision")}}
    assert differ == slips[part]


def test_the_slips_of_a_table_are_said_below_it(results: Evaluation) -> None:
    note = table_3_or_4(EXTERNAL, {}).note
    assert "10 of 108 images is 9.3 %" in note
    assert "This run has no external test." in note


def test_the_articles_baseline_beats_its_external_lccs(results: Evaluation) -> None:
    """What the headline hides: grade 0 alone scores 0.87, the model 0.80."""
    (row,) = [
        row
        for row in rows_of(units(results))
        if (row["source"], row["unit"], row["group"], row["system"])
        == ("Su et al. 2022", "image", EXTERNAL, "LCCS")
    ]
    assert row["accuracy"] == "0.80"
    assert row["majority class"] == "0.87"
    assert row["balanced accuracy"] == "0.58"


def test_internal_and_external_are_not_mixed(results: Evaluation) -> None:
    for table in run_tables(results):
        if "group" in table.columns:
            assert {row["group"] for row in rows_of(table)} == {INTERNAL, EXTERNAL}, table.name


def test_the_articles_own_drop(results: Evaluation) -> None:
    rows = {(row["system"], row["figure"]): row for row in rows_of(drop_table(results))}
    images = article().images
    told = [np.trace(images[key]["LDH"]) / images[key]["LDH"].sum() for key in images]
    assert rows["LDH", "accuracy"]["the same: Su et al. 2022"] == f"{told[1] - told[0]:+.2f}"
    assert rows["LNRC", "AUC 0-1 / 2-3"]["the same: Su et al. 2022"] == "-0.08"
    assert rows["LDH", "balanced accuracy"]["the same: Su et al. 2022"] == "-"


def test_one_part_and_one_kind_of_patient_have_no_drop_and_no_such_subgroup() -> None:
    names = [table.name for table in run_tables(evaluation(internal=4, external=0))]
    assert "external-drop" not in names
    assert "subgroups" in names
