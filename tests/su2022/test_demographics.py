"""Table 1: patients, not images, beside what the article prints."""

from __future__ import annotations

from dataclasses import replace

from tests.evaluation.material import cohort_image

from lumbargrade.files.table import TextTable
from lumbargrade.statistics.patients import INTERNAL
from lumbargrade.su2022.demographics import table_1
from lumbargrade.su2022.published import article


def rows_of(table: TextTable) -> list[dict[str, str]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_the_article_is_printed_as_it_stands() -> None:
    table = table_1({})
    assert table.columns == (
        "",
        "internal, all: Su et al. 2022",
        "external: Su et al. 2022",
    )
    rows = {row[""]: row for row in rows_of(table)}
    assert rows["Age"]["internal, all: Su et al. 2022"] == "49 +/- 14 (13-88)"
    assert rows["Men"]["external: Su et al. 2022"] == "49 (49.0 %)"
    told = article().demographics["internal"]
    assert told["men"] + told["women"] == told["n"]


def test_every_group_has_a_column_and_unknown_figures_a_dash() -> None:
    one = replace(cohort_image(0), sex="O", age_years=70.0)
    table = table_1({"internal test": [one], "external test": []})
    assert table.columns[3:] == ("internal test: this run", "external test: this run")
    rows = {row[""]: row for row in rows_of(table)}
    assert rows["Other sex"]["internal test: this run"] == "1 (100.0 %)"
    assert rows["Age"]["internal test: this run"] == "70 (70-70)"  # no deviation of one
    assert rows["Other sex"]["external: Su et al. 2022"] == "-"
    assert rows["Patients"]["external test: this run"] == "0"


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
