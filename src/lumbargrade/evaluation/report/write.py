"""The report: ``report.html``, ``report.pdf``, every table as CSV, everything as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from lumbargrade.evaluation.measures.system_figures import SystemFigures
from lumbargrade.evaluation.report.chance import level_cell
from lumbargrade.evaluation.report.checklist import checklist_table, checklists
from lumbargrade.evaluation.report.evaluated_card import evaluated_card
from lumbargrade.evaluation.report.figures import (
    certainty_pictures,
    measure_pictures,
    paper_pictures,
)
from lumbargrade.evaluation.report.json import as_json
from lumbargrade.evaluation.report.model_card import CARD_FILE
from lumbargrade.evaluation.report.page import page
from lumbargrade.evaluation.report.tables.certainty import certainty_tables
from lumbargrade.evaluation.report.tables.graders import grader_tables
from lumbargrade.evaluation.report.tables.measures import measures_tables
from lumbargrade.evaluation.report.tables.paper import paper_tables
from lumbargrade.evaluation.report.tables.run import run_tables
from lumbargrade.evaluation.results import Evaluation
from lumbargrade.figures.pdf import Picture, write_pdf
from lumbargrade.files.table import TextTable, write_csv, write_rows
from lumbargrade.files.write import write_json, write_text
from lumbargrade.grading.system import written_grade
from lumbargrade.statistics.bootstrap import Estimate
from lumbargrade.statistics.format_estimates import csv_cells
from lumbargrade.statistics.patients import ENOUGH_PATIENTS

PAGE, PRINT, DATA, FIGURES = "report.html", "report.pdf", "evaluation.json", "evaluation.csv"
BOOTSTRAP, WILSON = "bootstrap", "wilson"
TABLES = "tables"
"""Folder of the CSV files."""


def write(evaluation: Evaluation, folder: Path) -> tuple[Path, ...]:
    """Write the report into an existing folder and return the paths.

    Beside page, PDF and JSON: ``evaluation.csv`` with every figure, one a row,
    ``tables/`` with each table of the report, and ``model-card.md``.
    """
    lists = checklists(evaluation)
    filled = [checklist_table(one) for one in lists]
    parts = [*_results(evaluation), *filled]
    tables = [one for one in parts if isinstance(one, TextTable) and one not in filled]
    title, paragraphs = _title(evaluation), _paragraphs(evaluation)
    paths = [folder / name for name in (DATA, PAGE, FIGURES, PRINT, CARD_FILE)]
    data = as_json(evaluation, tables, lists)
    write_json(paths[0], data)
    # The page first: a figure grows to the size of its table when it is printed.
    write_text(paths[1], page(title, paragraphs, parts))
    columns, *rows = as_rows((*evaluation.figures, *evaluation.discs))
    write_rows(paths[2], columns, rows)
    write_text(paths[4], evaluated_card(evaluation))
    write_pdf(paths[3], title, ["Research use only. Not a medical device.", *paragraphs], parts)
    (folder / TABLES).mkdir(exist_ok=True)
    return (*paths, *(write_csv(one, folder / TABLES) for one in (*tables, *filled)))


def as_rows(figures: Sequence[SystemFigures]) -> list[list[str]]:
    """Return the table of every figure, one interval a row, with its heading."""
    rows = [["group", "system", "figure", "grade", "interval", "value", "low", "high"]]
    rows[0] += ["undefined_resamples", "images", "patients", "chance"]
    for one in figures:
        counted, chance = [str(one.images), str(one.patients)], one.chance
        for name, interval, found in _estimates(one):
            level = level_cell(chance.get(name))
            named = [one.group, one.system, name, "", interval]
            rows.append([*named, *csv_cells(found), str(found.undefined), *counted, level])
        for row in one.grades:
            counted = [str(row.images), str(row.patients)]
            for name, interval, found in (
                ("recall", WILSON, row.recall),
                ("precision", WILSON, row.precision),
                ("f1", BOOTSTRAP, row.f1),
            ):
                named = [
                    one.group,
                    one.system,
                    name,
                    written_grade(one.system, row.grade),
                    interval,
                ]
                rows.append([*named, *csv_cells(found), str(found.undefined), *counted, ""])
    return rows


def _estimates(one: SystemFigures) -> Iterator[tuple[str, str, Estimate]]:
    for name, found in one.figures.items():
        share = one.shares.get(name)
        yield (name, BOOTSTRAP, found) if share is None else (name, WILSON, share)
    for name, both in one.formulas.items():
        yield name, "independent", both.independent
        yield name, "clustered", both.clustered


def _results(evaluation: Evaluation) -> list[TextTable | Picture]:
    """The order of the article: the patients, then the results, then what it left out."""
    flow, images, levels, curves = paper_pictures(evaluation)
    return [
        flow,
        *paper_tables(evaluation),
        images,
        levels,
        curves,
        *run_tables(evaluation),
        *certainty_pictures(evaluation),
        *certainty_tables(evaluation.certainties),
        *grader_tables(evaluation.comparisons, evaluation.agreements),
        *measures_tables(evaluation.measures),
        *measure_pictures(evaluation.measures),
    ]


def _title(evaluation: Evaluation) -> str:
    name = f"valuation of {evaluation.material.model}"
    return f"Simulated cohort: e{name}" if evaluation.material.simulated else f"E{name}"


def _paragraphs(evaluation: Evaluation) -> list[str]:
    material, options = evaluation.material, evaluation.options
    return [
        f"Compared with the reference grades of {material.cohort}.",
        f"Brackets: {100 * options.confidence:.0f} % interval over patients: Wilson's for shares "
        f"of images, else Student's with the error of {options.resamples} resamples of patients, "
        f"unless a table states otherwise. Fewer than {ENOUGH_PATIENTS} patients who have the "
        "class carry no interval.",
        *material.notes,
    ]
