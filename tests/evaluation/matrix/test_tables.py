"""Tables of published counts."""

from __future__ import annotations

from tests.evaluation.matrix.su2022 import claims_of_the_article, figures_of_the_article
from tests.evaluation.report.usual import rows_of

from lumbargrade.evaluation.matrix.check import check_claims
from lumbargrade.evaluation.matrix.figures import Figure
from lumbargrade.evaluation.matrix.tables import claims_line, matrix_tables
from lumbargrade.statistics.format_estimates import show

CHECKED = check_claims(claims_of_the_article(), figures_of_the_article())


def test_what_does_not_fit_comes_first() -> None:
    tables = {
        one.name: one for one in matrix_tables(list(figures_of_the_article().values()), CHECKED)
    }
    assert list(tables) == ["claims", "accuracy", "agreement", "grades", "dichotomies", "counts"]
    first, second, third, *_ = rows_of(tables["claims"])
    assert (first["figure"], first["printed"], first["counts give"]) == ("ac1", "0.85", "0.8563")
    assert (second["system"], second["grade"]) == ("LCCS, external test", "2")
    assert (second["verdict"], third["verdict"]) == ("not possible", "fits")
    assert claims_line(CHECKED) == "88 of 90 printed figures fit the counts."


def test_each_figure_stands_beside_what_it_must_be_read_with() -> None:
    found = figures_of_the_article()["LCCS, external test"]
    accuracy, agreement, grades, cuts, counts = matrix_tables([found], [])
    (row,) = rows_of(accuracy)
    # Always answering grade 0 would be right more often than the model.
    assert (row["accuracy"][:4], row["majority class"]) == ("0.80", "0.87")
    first = rows_of(agreement)[0]
    assert first["value"] == show(found.values[Figure("ac1")])
    assert first["chance"] == f"{found.chance['ac1']:.2f}"
    assert "which images are of one patient" in agreement.note
    assert [row["support"] for row in rows_of(grades)] == ["1105", "105", "42", "21"]
    assert [row["positive"] for row in rows_of(cuts)] == ["1 and above", "2 and above", "3"]
    assert rows_of(cuts)[1]["images"] == "63 of 1273"
    assert rows_of(counts)[0]["sum"] == "1105"
