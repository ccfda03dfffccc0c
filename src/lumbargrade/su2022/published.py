"""What Su et al. 2022 printed, and what their own confusion matrices give.

``su2022.json`` holds facts read from the article. Everything else, here and in the
report, is computed from its matrices.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lumbargrade.su2022 import table_cells

Matrices = Mapping[str, Mapping[str, NDArray[np.int64]]]
"""Set -> grading system -> counts (4, 4), rows = reference, columns = model."""

PAPER, RUN = "Su et al. 2022", "this run"
"""What its column and ours are called, side by side."""

SETS: Mapping[str, str] = {"internal_test": "Table 3", "external_test": "Table 4"}
"""Set of images -> the article's table of it."""


@dataclass(frozen=True)
class Slip:
    """Where the article contradicts itself: ``"Table 4"``, ``"text"`` and so on.

    ``figure`` is the name of the cell, as in ``PaperRow.cells``, or words; ``printed`` and
    ``counts_give`` are None where it is not one number.
    """

    where: str
    system: str | None
    figure: str
    printed: float | None
    counts_give: float | None
    text: str


@dataclass(frozen=True)
class Article:
    """The article's results.

    Attributes
    ----------
    citation : one line.
    images, levels : the matrices of Figure 6 and Figure 7.
    printed : set -> system -> the line of Table 3 or 4.
    text_k : set -> system -> (k, low, high), model against reference, from the text.
    reader_k : ``"internal"`` or ``"external"`` -> system -> (k, low, high) of the two readers.
    auc : set -> system -> area, grades 0-1 against 2-3. No table of counts gives it.
    grade_counts : system -> set -> images of each grade (Table 2).
    demographics : ``"internal"`` or ``"external"`` -> the entries of Table 1.
    flow : Figure 1.
    slips : where it contradicts itself.
    """

    citation: str
    images: Matrices
    levels: Matrices
    printed: Mapping[str, Mapping[str, table_cells.PaperRow]]
    text_k: Mapping[str, Mapping[str, tuple[float, float, float]]]
    reader_k: Mapping[str, Mapping[str, tuple[float, float, float]]]
    auc: Mapping[str, Mapping[str, float]]
    grade_counts: Mapping[str, Mapping[str, tuple[int, ...]]]
    demographics: Mapping[str, Mapping[str, Any]]
    flow: Mapping[str, Any]
    slips: tuple[Slip, ...]


@cache
def article() -> Article:
    """Return the article's results from the data file of the package."""
    data = json.loads(
        files("lumbargrade.su2022").joinpath("su2022.json").read_text(encoding="utf-8")
    )
    cited = data["citation"]
    return Article(
        citation=f"{cited['authors']}. {cited['title']}. {cited['journal']} "
        f"{cited['date'][:4]}. doi:{cited['doi']}",
        images=_matrices(data["figure6"]),
        levels=_matrices(data["figure7"]),
        printed={
            name: {system: _printed(data[key], system) for system in data["grades"]}
            for name, key in (("internal_test", "table3"), ("external_test", "table4"))
        },
        text_k=_triples(data["gwet_k"]["model_vs_reference"]),
        reader_k=_triples(data["gwet_k"]["inter_reader"]),
        auc=data["auc_marked"],
        grade_counts=data["table2"],
        demographics=data["table1"],
        flow=data["flow"],
        slips=tuple(Slip(**slip) for slip in data["slips"]),
    )


def disagreements() -> Iterator[tuple[str, str, str, float, float]]:
    """Yield (table, system, cell, printed, computed) where Figure 6 does not give the print."""
    told = article()
    for name, where in SETS.items():
        for system, printed in told.printed[name].items():
            counts = told.images[name][system]
            computed = table_cells.paper_row(counts).cells()
            for cell, value in printed.cells().items():
                digits = table_cells.K_DIGITS if cell == "k" else table_cells.PERCENT_DIGITS
                if not table_cells.prints_as(computed[cell], value, digits):
                    yield where, system, cell, value, computed[cell]
            given = (computed["k"], *table_cells.independent_interval(counts))
            for cell, value, found in zip(
                ("k", "low", "high"), told.text_k[name][system], given, strict=True
            ):
                if not table_cells.prints_as(found, value, table_cells.K_DIGITS):
                    yield "text", system, cell, value, found


def _matrices(data: Mapping[str, Any]) -> Matrices:
    return {
        name: {system: np.array(rows, dtype=np.int64) for system, rows in data[name].items()}
        for name in SETS
    }


def _printed(table: Mapping[str, Any], system: str) -> table_cells.PaperRow:
    exact, both, right, found, spared, k = table[system]
    pairs = tuple((one, other) for one, other in table["per_grade_precision_f1"][system])
    return table_cells.PaperRow(exact, both, right, found, spared, k, pairs)


def _triples(data: Mapping[str, Any]) -> Mapping[str, Mapping[str, tuple[float, float, float]]]:
    return {
        name: {system: (k, low, high) for system, (k, low, high) in systems.items()}
        for name, systems in data.items()
    }
