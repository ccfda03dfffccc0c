"""From a file of published counts, and one of claims, to their figures."""

from __future__ import annotations

from pathlib import Path

from lumbargrade.evaluation.matrix.check import Checked, check_claims
from lumbargrade.evaluation.matrix.claims import read_claims
from lumbargrade.evaluation.matrix.counts import read_matrices
from lumbargrade.evaluation.matrix.figures import MatrixFigures, figures_of_counts


def read_published(
    counts: Path, claims: Path | None
) -> tuple[tuple[MatrixFigures, ...], tuple[Checked, ...]]:
    """Return the figures of each matrix of ``counts``, and each claim beside them.

    Raises EvaluationError if a file cannot be read or is no such table.
    """
    found = tuple(map(figures_of_counts, read_matrices(counts)))
    if claims is None:
        return found, ()
    named = {one.matrix.system: one for one in found}
    grades = {name: one.matrix.grades for name, one in named.items()}
    return found, check_claims(read_claims(claims, grades), named)
