"""Published counts as files: page, PDF, JSON, CSV and tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lumbargrade.evaluation.matrix.check import Checked
from lumbargrade.evaluation.matrix.figures import MatrixFigures
from lumbargrade.evaluation.matrix.tables import INDEPENDENT, claims_line, matrix_tables
from lumbargrade.evaluation.measures.chance import CHANCE_NOTE
from lumbargrade.evaluation.report.chance import level_cell, levels_json
from lumbargrade.evaluation.report.page import page
from lumbargrade.evaluation.report.write import PAGE, PRINT, TABLES
from lumbargrade.figures.confusion import confusion_figure
from lumbargrade.figures.pdf import Picture, write_pdf
from lumbargrade.files.table import TextTable, write_csv, write_rows
from lumbargrade.files.write import write_json, write_text
from lumbargrade.statistics.format_estimates import csv_cells, estimate_json

SCHEMA = "lumbargrade.matrix/1"
DATA, FIGURES = "matrix.json", "matrix.csv"
PANELS = 3
"""Matrices in one row of a picture."""


def write_matrices(
    found: Sequence[MatrixFigures], checked: Sequence[Checked], source: str, folder: Path
) -> tuple[Path, ...]:
    """Write everything into an existing folder and return the paths.

    ``source`` is the name of the file of counts.
    """
    tables = matrix_tables(found, checked)
    parts: list[TextTable | Picture] = [*tables, *_pictures(found)]
    title = f"Confusion matrix: {source}"
    paragraphs = [
        f"Everything is computed from the counts in {source}.",
        *([claims_line(checked)] if checked else []),
    ]
    paths = [folder / name for name in (DATA, PAGE, FIGURES, PRINT)]
    write_json(paths[0], as_json(found, checked))
    # The page first: a figure grows to the size of its table when it is printed.
    write_text(paths[1], page(title, paragraphs, parts, ""))
    columns, *rows = as_rows(found)
    write_rows(paths[2], columns, rows)
    write_pdf(paths[3], title, ["Research use only. Not a medical device.", *paragraphs], parts)
    (folder / TABLES).mkdir(exist_ok=True)
    return (*paths, *(write_csv(one, folder / TABLES) for one in tables))


def as_json(found: Sequence[MatrixFigures], checked: Sequence[Checked]) -> dict[str, Any]:
    """Return plain data; what is undefined is null."""
    return {
        "schema": SCHEMA,
        "intervals": INDEPENDENT,
        "chance": CHANCE_NOTE,
        "systems": [_system(one) for one in found],
        "claims": [_claim(one) for one in checked],
    }


def _system(one: MatrixFigures) -> dict[str, Any]:
    matrix = one.matrix
    return {
        "system": matrix.system,
        "grades": list(matrix.grades),
        "table": {"rows": "reference", "columns": "given", "counts": matrix.counts.tolist()},
        "chance": levels_json(one.chance),
        "figures": [
            {
                "figure": figure.name,
                "grade": None if figure.grade is None else matrix.grades[figure.grade],
                "of_images": one.wholes.get(figure),
                **estimate_json(value),
            }
            for figure, value in one.values.items()
        ],
    }


def _claim(one: Checked) -> dict[str, Any]:
    return {
        "where": one.claim.where,
        "system": one.claim.system,
        "figure": one.claim.figure.name,
        "grade": one.grade or None,
        "printed": one.claim.printed.text,
        "counts_give": estimate_json(one.found),
        "verdict": str(one.verdict),
        "why": one.why,
    }


def as_rows(found: Sequence[MatrixFigures]) -> list[list[str]]:
    """Return every figure, one a row, with its heading."""
    rows = [["system", "figure", "grade", "value", "low", "high", "of_images", "chance"]]
    for one in found:
        for figure, value in one.values.items():
            grade = "" if figure.grade is None else one.matrix.grades[figure.grade]
            level = level_cell(one.chance.get(figure.name))
            named = [one.matrix.system, figure.name, grade]
            rows.append([*named, *csv_cells(value), str(one.wholes.get(figure, "")), level])
    return rows


def _pictures(found: Sequence[MatrixFigures]) -> list[Picture]:
    caption = "Rows: reference. Below each count, its percentage of the reference grade."
    pictures = []
    for number, start in enumerate(range(0, len(found), PANELS), start=1):
        some = {one.matrix.system: one.matrix.counts for one in found[start : start + PANELS]}
        figure = confusion_figure([("", some)], list(some))
        title = "Confusion matrices" + (f" ({number})" if len(found) > PANELS else "")
        pictures.append(Picture(f"matrices-{number}", title, caption, figure))
    return pictures
