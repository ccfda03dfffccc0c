"""Tables 1 to 4: the run beside the article, column by column."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.evaluation.material import SYSTEMS, cohort_image
from tests.evaluation.report.usual import rows_of, usual

from lumbargrade.evaluation.report.tables.paper import (
    agreement,
    paper_tables,
    table_2,
    table_3_or_4,
)
from lumbargrade.statistics.patients import EXTERNAL, INTERNAL
from lumbargrade.su2022.published import article


def test_table_2_counts_images_and_the_patients_who_have_them() -> None:
    images = [cohort_image(number, grade=number % 2) for number in range(12)]
    images.append(cohort_image(12, grade=None))
    rows = {(row["system"], row["grade"]): row for row in rows_of(table_2(images, ["LDH"]))}
    assert rows["LDH", "1"]["internal test: this run"] == "6 (50.0 %), 2 patients"
    assert rows["LDH", "3"]["internal test: this run"] == "0 (0.0 %), 0 patients"
    assert rows["LDH", "0"]["train and validation: Su et al. 2022"] == "6450 (49.8 %)"


@pytest.mark.parametrize("part", [INTERNAL, EXTERNAL])
def test_tables_3_and_4_of_a_run_with_the_articles_counts_repeat_the_article(
    part: str,
) -> None:
    """Fed the matrices of Figure 6, both columns say the same, except where the article slips."""
    key = {INTERNAL: "internal_test", EXTERNAL: "external_test"}[part]
    figures = {
        system: replace(
            usual().of_part(part)[system], table=tuple(map(tuple, article().images[key][system]))
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


def test_the_slips_of_a_table_are_said_below_it() -> None:
    note = table_3_or_4(EXTERNAL, {}).note
    assert "10 of 108 images is 9.3 %" in note
    assert "This run has no external test." in note


def test_the_tables_come_in_the_articles_order() -> None:
    names = [table.name for table in paper_tables(usual())]
    assert names == ["table-1", "table-2", "table-3", "table-4", "agreement"]


def test_agreement_stands_beside_that_of_the_article() -> None:
    rows = {(row["part"], row["system"]): row for row in rows_of(agreement(usual()))}
    assert len(rows) == 2 * len(SYSTEMS)
    row = rows[EXTERNAL, "LDH"]
    told = article().text_k["external_test"]["LDH"]
    assert row["k: Su et al. 2022"].startswith(f"{told[0]:.2f} ")
    own = usual().of_part(EXTERNAL)["LDH"].figures["ac1"]
    assert row["k: this run, over patients"].startswith(f"{own.value:.2f} (")
    assert row["k: this run, images independent"].startswith(f"{own.value:.2f} ")
