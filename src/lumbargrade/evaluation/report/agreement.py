"""The agreement of readers as files: ``agreement.json`` and ``agreement.csv``, with
``benchmark.csv`` (what it may be called) and, where levels are named, ``levels.csv``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lumbargrade.evaluation.measures.beside import BesideReaders, beside_readers
from lumbargrade.evaluation.measures.chance import CHANCE_NOTE
from lumbargrade.evaluation.measures.readers import ReaderAgreement, overall, pairwise
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.report import reached_level
from lumbargrade.evaluation.report.chance import level_cell, levels_json
from lumbargrade.evaluation.report.json_graders import beside_json
from lumbargrade.evaluation.report.labels import COEFFICIENT_NAMES
from lumbargrade.files.table import write_rows
from lumbargrade.files.write import write_json
from lumbargrade.statistics.agreement.readings_matrix import ReadingsMatrix
from lumbargrade.statistics.bootstrap import Estimate
from lumbargrade.statistics.format_estimates import csv_cells, estimate_json

SCHEMA = "lumbargrade.agreement/2"
WHOSE = {"pair": "Cohen", "all": "Fleiss"}
"""The kappa of two readers, and that of all."""

INTERVALS = ("independent", "clustered", "bootstrap")
"""Fields of ``CoefficientFigures`` that hold an interval."""

LEVEL_COLUMNS = (
    *("system", "level", "readers", "coefficient"),
    *("value", "low", "high", "images", "patients", "no_interval"),
)
"""Of ``levels.csv``; the interval is over resampled patients."""


@dataclass(frozen=True)
class SystemAgreement:
    """The readers of one grading system: every two, and all ``together``.

    ``beside`` sets the model beside the readers; empty where none of them is a model. ``levels`` is
    the same at each level of the spine that the table names, cranial to caudal, without a model.
    """

    system: str
    pairs: tuple[ReaderAgreement, ...]
    together: ReaderAgreement
    beside: tuple[BesideReaders, ...] = ()
    levels: Mapping[str, SystemAgreement] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[tuple[str, ReaderAgreement, str], ...]:
        """Every two readers and all: their names, agreement, and a key of :data:`WHOSE`."""
        pairs = ((" / ".join(pair.readers), pair, "pair") for pair in self.pairs)
        return (*pairs, ("all readers", self.together, "all"))


def system_agreement(
    system: str, matrix: ReadingsMatrix, options: Options, model: str | None = None
) -> SystemAgreement:
    """Return all there is to say about the readers of one system.

    Raises EvaluationError if ``model`` is given and is not among the readers, or leaves fewer than
    two.
    """
    beside = () if model is None else beside_readers(matrix, model, options)
    return SystemAgreement(system, pairwise(matrix, options), overall(matrix, options), beside)


def heading(coefficient: str, readers: str) -> str:
    """Return what a coefficient is called; ``readers`` is a key of :data:`WHOSE`."""
    name = COEFFICIENT_NAMES[coefficient].removeprefix("Gwet ")
    return f"{WHOSE[readers]} {name}" if coefficient.startswith("kappa") else name


def _key(coefficient: str, readers: str) -> str:
    kappa = coefficient.startswith("kappa")
    return f"{WHOSE[readers].lower()}_{coefficient}" if kappa else coefficient


def write(found: tuple[SystemAgreement, ...], options: Options, folder: Path) -> None:
    """Write both files into an existing folder."""
    write_json(folder / "agreement.json", as_json(found, options))
    heading, *rows = as_rows(found)
    write_rows(folder / "agreement.csv", heading, rows)
    write_rows(folder / "benchmark.csv", reached_level.COLUMNS, _benchmark_rows(found))
    levels = list(_level_rows(found))
    if levels:
        write_rows(folder / "levels.csv", LEVEL_COLUMNS, levels)


def as_json(found: tuple[SystemAgreement, ...], options: Options) -> dict[str, Any]:
    """Return plain data; what is undefined is null."""
    return {
        "schema": SCHEMA,
        "confidence": options.confidence,
        "resamples": options.resamples,
        "intervals": {
            "independent": "Student's t, as if images were independent",
            "clustered": "Student's t over patients, its error by leaving out one at a time",
            "bootstrap": "Student's t over patients, its error from resampled patients",
        },
        "chance": CHANCE_NOTE,
        "kappa": {"pairs": WHOSE["pair"], "all_readers": WHOSE["all"]},
        "systems": [
            {
                "system": one.system,
                "pairs": [_readers_json(pair) for pair in one.pairs],
                "all_readers": _readers_json(one.together),
                "model_beside_readers": [beside_json(among) for among in one.beside],
                "levels": {
                    level: {
                        "pairs": [_readers_json(pair) for pair in there.pairs],
                        "all_readers": _readers_json(there.together),
                    }
                    for level, there in one.levels.items()
                },
            }
            for one in found
        ],
    }


def as_rows(found: tuple[SystemAgreement, ...]) -> list[list[str]]:
    """Return the table, one interval a row, with its heading."""
    rows = [["system", "readers", "coefficient", "interval", "value", "low", "high"]]
    rows[0] += ["images", "patients", "chance"]
    for one in found:
        for readers, part, kind in one.parts:
            counted = [str(part.images), str(part.patients)]
            for coefficient, interval, estimate in _estimates(part):
                named = [one.system, readers, _key(coefficient, kind), interval]
                chance = part.chance[coefficient]
                rows.append([*named, *csv_cells(estimate), *counted, level_cell(chance)])
        for among in one.beside:
            rows += _beside_rows(one.system, among)
    return rows


def _benchmark_rows(found: tuple[SystemAgreement, ...]) -> Iterator[list[str]]:
    for one in found:
        for readers, part, kind in one.parts:
            names = {row.name: _key(row.name, kind) for row in part.coefficients}
            yield from reached_level.benchmark_rows(one.system, readers, part, names)


def _level_rows(found: tuple[SystemAgreement, ...]) -> Iterator[list[str]]:
    for one in found:
        for level, there in one.levels.items():
            for readers, part, kind in there.parts:
                counted = [str(part.images), str(part.patients)]
                for row in part.coefficients:
                    named = [one.system, level, readers, _key(row.name, kind)]
                    yield [*named, *csv_cells(row.bootstrap), *counted, row.bootstrap.reason]


def _beside_rows(system: str, among: BesideReaders) -> Iterator[list[str]]:
    counted = [str(among.images), str(among.patients)]
    for row in among.rows:
        for side in ("model", "readers", "difference"):
            whose = f"model beside {' / '.join(among.readers)}: {side}"
            named = [system, whose, _key(row.name, "pair"), "bootstrap"]
            yield [*named, *csv_cells(getattr(row, side)), *counted, ""]


def _estimates(part: ReaderAgreement) -> Iterator[tuple[str, str, Estimate]]:
    for coefficient in part.coefficients:
        for interval in INTERVALS:
            yield coefficient.name, interval, getattr(coefficient, interval)


def _readers_json(part: ReaderAgreement) -> dict[str, Any]:
    coefficients: dict[str, dict[str, Any]] = {}
    for coefficient, interval, estimate in _estimates(part):
        coefficients.setdefault(coefficient, {})[interval] = estimate_json(estimate)
    benchmarks = {row.name: reached_level.benchmark_json(row) for row in part.coefficients}
    return {
        "readers": list(part.readers),
        "images": part.images,
        "patients": part.patients,
        "coefficients": coefficients,
        "chance": levels_json(part.chance),
        "benchmark": benchmarks,
    }
