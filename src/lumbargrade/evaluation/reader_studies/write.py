"""A study of readers as files, ``<name>.csv`` and ``<name>.json``, and as tables for the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lumbargrade.evaluation.reader_studies.study import LIKE_THESE, THESE, Figure, Study
from lumbargrade.evaluation.report.labels import COEFFICIENT_NAMES
from lumbargrade.files.staging import staged
from lumbargrade.files.table import TextTable, write_rows
from lumbargrade.files.write import write_json
from lumbargrade.statistics.agreement.many_raters import COEFFICIENTS
from lumbargrade.statistics.format_estimates import csv_cells, plain, show, signed

SCHEMA = "lumbargrade.reader_study/1"

ABOUT: Mapping[str, str] = MappingProxyType(
    {
        THESE: "the same readers on other patients; the interval is over patients",
        LIKE_THESE: "other readers like these on other patients; the interval is over readers and "
        "patients",
    }
)
"""What each interval is about; written into the JSON."""

KIND_NAMES: Mapping[str, str] = MappingProxyType(
    {"exact": "same grade", "within_one": "within one grade"}
)

SHOWN = ("ac1", "ac2_linear", "kappa_linear", "kappa_quadratic")
"""Coefficients that the screen shows where none decides; the files hold all."""

_FIGURE_COLUMNS = ("system", "measure", "of", "about", "value", "low", "high", "no_interval")
_COUNT_COLUMNS = ("images", "patients", "readers")


def write(study: Study, out: Path) -> None:
    """Write the files of a study into the folder ``out``, whole or not at all.

    Raises OutputError if ``out`` cannot be written.
    """
    with staged(out) as folder:
        write_json(folder / f"{study.name}.json", as_json(study))
        rows = [
            [
                *(row.system, row.measure, row.of, row.about),
                *csv_cells(row.estimate),
                row.estimate.reason,
                *map(str, (row.images, row.patients, row.readers)),
            ]
            for row in study.figures
        ]
        write_rows(folder / f"{study.name}.csv", (*_FIGURE_COLUMNS, *_COUNT_COLUMNS), rows)
        if study.sizes:
            write_rows(
                folder / "sizes.csv",
                ("system", "measure", "about", "readers", "patients"),
                [
                    [one.system, one.measure, one.about, one.readers, one.patients]
                    for one in study.sizes
                ],
            )


def as_json(study: Study) -> dict[str, Any]:
    """Return plain data; what is undefined is null."""
    return {
        "schema": SCHEMA,
        "study": study.name,
        "settings": plain(study.settings),
        "about": dict(ABOUT),
        "figures": plain(study.figures),
        "sizes": plain(study.sizes),
        "statements": list(study.statements),
        "details": plain(study.details),
        "notes": list(study.notes),
    }


def as_tables(study: Study) -> list[TextTable]:
    """Return the tables of each grading system, as the screen shows them."""
    tables = []
    for system in dict.fromkeys(row.system for row in study.figures):
        rows = [row for row in study.figures if row.system == system]
        tables += _sizes(study, rows) if study.sizes else [_figures(study, rows)]
    return tables


def _figures(study: Study, rows: Sequence[Figure]) -> TextTable:
    decides = study.settings.get("coefficient")
    hidden = set(COEFFICIENTS) - ({decides} if decides else set(SHOWN))
    shown = [row for row in rows if row.measure not in hidden]
    cells = tuple((label(row.measure), row.of, row.about, *_shown(row)) for row in shown)
    counts = f"{max(row.images for row in rows)} images, {max(row.patients for row in rows)}"
    title = f"{rows[0].system}: {counts} patients, 95 % intervals"
    columns = ("measure", "of", "about", "value", "interval")
    return TextTable(study.name, title, columns, cells)


def label(measure: str) -> str:
    """Return what a measure is called where a person reads it."""
    name = COEFFICIENT_NAMES.get(measure, KIND_NAMES.get(measure, measure))
    return name.removeprefix("Gwet ")


def _sizes(study: Study, rows: Sequence[Figure]) -> list[TextTable]:
    system = rows[0].system
    cells = tuple((label(row.measure), row.of, f"{row.estimate.value:.3f}") for row in rows)
    title = f"{system}: pilot of {rows[0].images} images, {rows[0].patients} patients"
    needed = tuple(
        (one.about, str(one.readers), "more readers" if one.patients is None else str(one.patients))
        for one in study.sizes
        if one.system == system
    )
    columns = ("about", "readers", "patients")
    return [
        TextTable("pilot", title, ("measure", "of", "value"), cells),
        TextTable("sizes", f"{system}: patients needed", columns, needed),
    ]


def _shown(row: Figure) -> tuple[str, str]:
    """Return value and interval; differences have a sign."""
    difference = " - " in row.of or row.of.startswith("lost")
    value, _, interval = (signed if difference else show)(row.estimate).partition(" (")
    return value, interval.removesuffix(")")
