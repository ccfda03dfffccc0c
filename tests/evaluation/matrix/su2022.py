"""The counts and the claims of Su et al. 2022, as the command reads them."""

from __future__ import annotations

from functools import cache

from lumbargrade.evaluation.matrix.claims import Claim, Printed
from lumbargrade.evaluation.matrix.counts import PublishedMatrix
from lumbargrade.evaluation.matrix.figures import Figure, MatrixFigures, figures_of_counts
from lumbargrade.su2022.published import SETS, article

CELLS = {
    "precision": Figure("precision_weighted"),
    "f1": Figure("f1_weighted"),
    "accuracy": Figure("accuracy"),
    "sensitivity": Figure("sensitivity", 1),
    "specificity": Figure("specificity", 1),
    "k": Figure("ac1"),
}
"""Cell of Tables 3 and 4 -> what it is, by the conventions that reproduce the tables."""


def name_of(system: str, which: str) -> str:
    return f"{system}, {which.replace('_', ' ')}"


@cache
def figures_of_the_article() -> dict[str, MatrixFigures]:
    return {
        name_of(system, which): figures_of_counts(
            PublishedMatrix(name_of(system, which), ("0", "1", "2", "3"), counts)
        )
        for which in SETS
        for system, counts in article().images[which].items()
    }


def claims_of_the_article() -> list[Claim]:
    """Every cell of Tables 3 and 4, and each k of the text with its interval."""
    found = []
    for which in SETS:
        for system, printed in article().printed[which].items():
            name = name_of(system, which)
            for cell, value in printed.cells().items():
                figure = CELLS.get(cell) or Figure(cell.split()[0], int(cell.split()[-1]))
                found.append(Claim("", name, figure, _printed(value, cell), None, None, None))
            k, low, high = (_printed(one, "k") for one in article().text_k[which][system])
            found.append(Claim("text", name, Figure("ac1"), k, low, high, None))
    return found


def _printed(value: float, cell: str) -> Printed:
    if cell == "k":
        return Printed(f"{value:.2f}", value, 0.01)
    return Printed(f"{value:.1f} %", value / 100, 0.001)
