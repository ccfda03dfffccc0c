"""The figures of an evaluation: those of the article, and those of the model's doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from lumbargrade.evaluation.measures.system_figures import SystemFigures
from lumbargrade.evaluation.measures.units import RULE
from lumbargrade.evaluation.report.tables.paper import SET_OF
from lumbargrade.evaluation.results import Evaluation
from lumbargrade.figures.confusion import Row, confusion_figure
from lumbargrade.figures.flow import flow_figure
from lumbargrade.figures.pdf import Picture
from lumbargrade.figures.reliability import FEWEST, Reliability, reliability_figure
from lumbargrade.figures.risk import Risk, risk_figure
from lumbargrade.figures.roc import roc_figure
from lumbargrade.figures.style import Figure
from lumbargrade.statistics.format_estimates import number, show
from lumbargrade.su2022.published import PAPER, RUN, Matrices, article


def paper_pictures(evaluation: Evaluation) -> list[Picture]:
    """Return the figures of the article, in its order."""
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


def certainty_pictures(evaluation: Evaluation) -> list[Picture]:
    """Return reliability and risk; none where the model gave no probabilities."""
    if not evaluation.certainties:
        return []
    return [
        Picture(
            "reliability",
            "Reliability of the probabilities",
            "Above: how often the most probable grade is right, by its probability, in tenths; on "
            f"the grey line it means what it says. Hollow: fewer than {FEWEST} images (or before "
            "the temperature). Below: images in each tenth, on a logarithmic scale.",
            _reliability(evaluation),
        ),
        Picture(
            "risk",
            "Error against asking a reader",
            "Images are asked about in the order of doubt, the least sure first. By the set: where "
            "the model's own set of grades asks for a reader.",
            _risk(evaluation),
        ),
    ]


def _reliability(evaluation: Evaluation) -> Figure:
    rows = []
    for part in evaluation.parts:
        inside = [one for one in evaluation.certainties if one.part == part]
        panels = [
            Reliability(
                f"{one.system}, {part}", one.after.bins, one.before.bins if one.before else ()
            )
            for one in inside
        ]
        if panels:
            rows.append(panels)
    return reliability_figure(rows)


def _risk(evaluation: Evaluation) -> Figure:
    panels: dict[str, list[Risk]] = {}
    for one in evaluation.certainties:
        by_set = None
        if one.by_set is not None:
            by_set = (one.by_set.asked.value, one.by_set.error.value)
        asked = f"{one.system} ask about {one.referral.asked:.1%}"
        panels.setdefault(one.part, []).append(Risk(asked, one.curve, by_set))
    return risk_figure(panels, evaluation.options.error_limit)


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
    printed = article().auc
    panels = {}
    for part in evaluation.parts:
        lines = []
        for one in evaluation.curves:
            if one.part == part:
                paper = printed[SET_OF[part]].get(one.system)
                behind = "" if paper is None else f"; {PAPER}: {number(paper, 2)}"
                lines.append((f"{one.system} {show(one.area)}{behind}", one.curve))
        panels[part] = lines
    return roc_figure(panels)
