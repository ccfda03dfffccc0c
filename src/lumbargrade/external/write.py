"""The comparison with a set's own labels as files: page, PDF, JSON and tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from lumbargrade.evaluation.report.page import page
from lumbargrade.evaluation.report.write import PAGE, PRINT, TABLES
from lumbargrade.external.compare import ComparedLabel, reasons
from lumbargrade.external.figures import ExternalEvaluation, MapFigures
from lumbargrade.external.locate import RULE
from lumbargrade.external.tables import external_tables, label_rows
from lumbargrade.figures.confusion import confusion_figure
from lumbargrade.figures.pdf import Picture, write_pdf
from lumbargrade.files.table import TextTable, write_csv, write_rows
from lumbargrade.files.write import write_json, write_text
from lumbargrade.grading.crosswalk import GradeMap
from lumbargrade.statistics.format_estimates import csv_cells, plain

SCHEMA = "lumbargrade.crosswalk/1"
DATA, FIGURES, LABELS = "crosswalk.json", "crosswalk.csv", "compared.csv"


def write_external(evaluation: ExternalEvaluation, folder: Path) -> tuple[Path, ...]:
    """Write the report into an existing folder and return the paths.

    Beside page, PDF and JSON: ``crosswalk.csv`` with every figure, one a row, ``compared.csv``
    with every label, and ``tables/`` with each table of the report.
    """
    tables = external_tables(evaluation)
    parts: list[TextTable | Picture] = [*tables, matrices(evaluation)]
    title, paragraphs = _title(evaluation), _paragraphs(evaluation)
    paths = [folder / name for name in (DATA, PAGE, FIGURES, LABELS, PRINT)]
    write_json(paths[0], as_json(evaluation))
    # The page first: a figure grows to the size of its table when it is printed.
    write_text(paths[1], page(title, paragraphs, parts))
    columns, *rows = as_rows(evaluation)
    write_rows(paths[2], columns, rows)
    columns, *rows = label_rows([one for some in evaluation.material.compared for one in some])
    write_rows(paths[3], columns, rows)
    write_pdf(paths[4], title, ["Research use only. Not a medical device.", *paragraphs], parts)
    (folder / TABLES).mkdir(exist_ok=True)
    return (*paths, *(write_csv(one, folder / TABLES) for one in tables))


def matrices(evaluation: ExternalEvaluation) -> Picture:
    """Return the severities of the set against the merged grades of the model."""
    counts = {
        one.grade_map.reference.code: np.array(one.agreement.table)
        for one in evaluation.of_group(True)
    }
    named = "; ".join(
        f"{one.grade_map.reference.code}: "
        + ", ".join(f"{grade.value} {grade.name}" for grade in one.grade_map.reference.grades)
        for one in evaluation.of_group(True)
    )
    return Picture(
        "matrices",
        "Severities of the set and merged grades of the model",
        f"{named}. Below each count, its percentage of the severity.",
        confusion_figure([("merged", counts)], list(counts)),
    )


def as_rows(evaluation: ExternalEvaluation) -> list[list[str]]:
    """Return the table of every figure, one a row, with its heading."""
    rows = [["comparison", "group", "kind", "figure", "severity", "value", "low", "high"]]
    rows[0] += ["labels", "patients"]
    for one in evaluation.figures:
        counted = [str(one.agreement.images), str(one.agreement.patients)]
        head = [one.grade_map.name, one.group]
        for kind, figures in (("order", one.order), ("agreement", one.agreement.figures)):
            for name, found in figures.items():
                rows.append([*head, kind, name, "", *csv_cells(found), *counted])
        for row in one.agreement.grades:
            counted = [str(row.images), str(row.patients)]
            severity = one.grade_map.reference.grades[row.grade].name
            for name, found in (
                ("recall", row.recall),
                ("precision", row.precision),
                ("f1", row.f1),
            ):
                rows.append([*head, "severity", name, severity, *csv_cells(found), *counted])
    return rows


def as_json(evaluation: ExternalEvaluation) -> dict[str, Any]:
    """Return everything as plain data; what is undefined is null."""
    material, options = evaluation.material, evaluation.options
    crosswalk = material.crosswalk
    return {
        "schema": SCHEMA,
        "model": material.model,
        "cohort": material.cohort,
        "simulated": material.simulated,
        "confidence": options.confidence,
        "resamples": options.resamples,
        "seed": options.seed,
        "notes": list(material.notes),
        "crosswalk": {
            "name": crosswalk.name,
            "source": crosswalk.source,
            "reach_mm": crosswalk.reach_mm,
            "level_rule": RULE.format(reach=crosswalk.reach_mm),
        },
        "comparisons": [
            {
                **_map_json(grade_map, compared),
                "groups": [
                    _figures_json(one) for one in evaluation.figures if one.grade_map == grade_map
                ],
            }
            for grade_map, compared in zip(crosswalk.maps, material.compared, strict=True)
        ],
    }


def _map_json(grade_map: GradeMap, compared: tuple[ComparedLabel, ...]) -> dict[str, Any]:
    return {
        "reference": grade_map.reference.code,
        "model": grade_map.model.code,
        "merging": grade_map.merging,
        "merged": list(grade_map.merged),
        "why": grade_map.why,
        "differs": grade_map.differs,
        "labels": len(compared),
        "compared": sum(one.reason is None for one in compared),
        "left_out": {str(reason): count for reason, count in reasons(compared).items()},
    }


def _figures_json(one: MapFigures) -> dict[str, Any]:
    return {
        "group": one.group,
        "labels": one.agreement.images,
        "patients": one.agreement.patients,
        "order": plain(one.order),
        "agreement": plain(one.agreement.figures),
        "severities": [
            {"name": grade.name, **plain(row)}
            for grade, row in zip(one.grade_map.reference.grades, one.agreement.grades, strict=True)
        ],
        "table": [list(row) for row in one.agreement.table],
    }


def _title(evaluation: ExternalEvaluation) -> str:
    material = evaluation.material
    name = f"{material.model}: {material.crosswalk.title}"
    return f"Simulated cohort: {name}" if material.simulated else name


def _paragraphs(evaluation: ExternalEvaluation) -> list[str]:
    material, options = evaluation.material, evaluation.options
    return [
        f"Compared with the labels of {material.cohort}.",
        "The set's labels are not grades of the model's systems, and none is converted to one.",
        *(f"{one.name}: {one.merging}. {one.differs}" for one in material.crosswalk.maps),
        RULE.format(reach=material.crosswalk.reach_mm),
        f"Brackets: {100 * options.confidence:.0f} % percentile interval from {options.resamples} "
        "resamples of patients, unless a table states otherwise.",
        *material.notes,
    ]
