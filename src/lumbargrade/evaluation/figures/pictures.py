"""Figures 1, 6, 7 and 8 of an evaluation, with the article's own matrices beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.figure import Figure

from lumbargrade.evaluation.figures.confusion import Row, confusion_figure
from lumbargrade.evaluation.figures.flow import flow_figure
from lumbargrade.evaluation.figures.pages import Picture
from lumbargrade.evaluation.figures.roc import roc_figure
from lumbargrade.evaluation.published import Matrices, article
from lumbargrade.evaluation.results import Evaluation
from lumbargrade.evaluation.sheets_paper import PAPER, RUN, SET_OF
from lumbargrade.evaluation.shown import number, show
from lumbargrade.evaluation.tables import SystemFigures
from lumbargrade.evaluation.units import RULE


def pictures(evaluation: Evaluation) -> list[Picture]:
    """Return the figures in the order of the article."""
    counts = "Rows are the reference; below each count its share of the reference grade."
    return [
        Picture(
            "figure-1",
            "Figure 1. Patients",
            "From the cohort to what was evaluated. An image that was not graded never counts as "
            "grade 0.",
            flow_figure(evaluation.material.flow),
        ),
        Picture(
            "figure-6",
            "Figure 6. Images",
            counts,
            _matrices(evaluation, evaluation.of_part, article().images),
        ),
        Picture(
            "figure-7",
            "Figure 7. Levels",
            f"{counts} {RULE}",
            _matrices(evaluation, evaluation.levels_of_part, article().levels),
        ),
        Picture(
            "figure-8",
            "Figure 8. ROC curves",
            "Grades 0-1 against 2-3. The area has its interval over patients; the article's area "
            "stands behind it.",
            _curves(evaluation),
        ),
    ]


def _matrices(
    evaluation: Evaluation,
    figures: Callable[[str], Mapping[str, SystemFigures]],
    printed: Matrices,
) -> Figure:
    rows: list[Row] = []
    for part in evaluation.parts:
        tables = {system: np.array(one.table) for system, one in figures(part).items()}
        rows.append((f"{part}\n{RUN}", tables))
        rows.append((f"{part}\n{PAPER}", printed[SET_OF[part]]))
    return confusion_figure(rows, list(evaluation.material.records))


def _curves(evaluation: Evaluation) -> Figure:
    told = article().auc
    panels = {}
    for part in evaluation.parts:
        lines = []
        for one in evaluation.curves:
            if one.part == part:
                paper = told[SET_OF[part]].get(one.system)
                behind = "" if paper is None else f"; {PAPER}: {number(paper, 2)}"
                lines.append((f"{one.system} {show(one.area)}{behind}", one.curve))
        panels[part] = lines
    return roc_figure(panels)
