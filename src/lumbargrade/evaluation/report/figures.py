"""The figures of an evaluation: those of the article, and those of the model's doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from lumbargrade.evaluation.measures.system_figures import SystemFigures
from lumbargrade.evaluation.measures.units import RULE
from lumbargrade.evaluation.morphometry.measure_figures import MeasureFigures
from lumbargrade.evaluation.morphometry.measurer import digits_of, title_of
from lumbargrade.evaluation.report.tables.paper import SET_OF
from lumbargrade.evaluation.results import Evaluation
from lumbargrade.figures.bland_altman import BlandAltman, bland_altman_figure
from lumbargrade.figures.confusion import Row, confusion_figure
from lumbargrade.figures.flow import flow_figure
from lumbargrade.figures.pdf import Picture
from lumbargrade.figures.reliability import FEWEST, Reliability, reliability_figure
from lumbargrade.figures.risk import Risk, risk_figure
from lumbargrade.figures.roc import roc_figure
from lumbargrade.figures.style import Figure
from lumbargrade.statistics.format_estimates import number, show
from lumbargrade.statistics.roc import RocCurve
from lumbargrade.su2022.published import PAPER, RUN, Matrices, article

PANELS = 9
"""Bland-Altman plots of a page."""


def paper_pictures(evaluation: Evaluation) -> list[Picture]:
    """Return the figures of the article, in its order."""
    counts = "Rows: reference. Below each count, its percentage of the reference grade."
    return [
        Picture(
            "figure-1",
            "Figure 1. Patients",
            f"From the {'archive' if evaluation.material.flow.origins else 'cohort'} to the "
            "evaluated images. An image without a grade is never counted as grade 0.",
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
            "Grades 0-1 against 2-3. AUC with interval over patients, then the article's AUC.",
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
            "Above: accuracy of the most probable grade against its probability, in tenths; on "
            f"the grey line, calibration is perfect. Hollow: fewer than {FEWEST} images (or before "
            "temperature scaling). Below: images in each tenth, logarithmic scale.",
            _reliability(evaluation),
        ),
        Picture(
            "risk",
            "Error against share reviewed by a reader",
            "Images are referred in order of uncertainty, the least certain first. By the set: "
            "where the model's set of grades calls for review.",
            _risk(evaluation),
        ),
    ]


def measure_pictures(found: Sequence[MeasureFigures]) -> list[Picture]:
    """Return Bland-Altman plots of every two measurers and part; none without measures."""
    groups: dict[tuple[str, str, str], list[BlandAltman]] = {}
    for one in found:
        if len(one.values):
            panel = BlandAltman(
                title=title_of(one.measure),
                unit="" if one.unit == "1" else one.unit.replace("mm2", "mm²"),
                values=one.values,
                bias=one.figures["bias"],
                lower=one.figures["lower_limit"],
                upper=one.figures["upper_limit"],
                digits=digits_of(one.unit),
            )
            groups.setdefault((one.first, one.second, one.part), []).append(panel)
    pages = [
        (names, panels[start : start + PANELS], " (continued)" if start else "")
        for names, panels in groups.items()
        for start in range(0, len(panels), PANELS)
    ]
    return [
        Picture(
            f"bland-altman-{number}",
            f"Bland-Altman: {first} minus {second}, {part}{more}",
            "Each point is one value of one slice (and side). Solid line: bias; dashed: limits of "
            "agreement; grey bands: their intervals over patients.",
            bland_altman_figure(panels, f"{first} minus {second}"),
        )
        for number, ((first, second, part), panels, more) in enumerate(pages, start=1)
    ]


def _reliability(evaluation: Evaluation) -> Figure:
    panels: dict[str, list[Reliability]] = {}
    for one in evaluation.certainties:
        before = one.before.bins if one.before else ()
        shown = Reliability(f"{one.system}, {one.part}", one.after.bins, before)
        panels.setdefault(one.part, []).append(shown)
    return reliability_figure([panels[part] for part in evaluation.parts if part in panels])


def _risk(evaluation: Evaluation) -> Figure:
    panels: dict[str, list[Risk]] = {}
    for one in evaluation.certainties:
        by_set = (one.by_set.asked.value, one.by_set.error.value) if one.by_set else None
        asked = f"{one.system} refer {one.referral.asked:.1%}"
        panels.setdefault(one.part, []).append(Risk(asked, one.curve, by_set))
    return risk_figure(panels, evaluation.options.error_limit)


def _matrices(
    evaluation: Evaluation, figures: Callable[[str], Mapping[str, SystemFigures]], printed: Matrices
) -> Figure:
    rows: list[Row] = []
    for part in evaluation.parts:
        tables = {system: np.array(one.table) for system, one in figures(part).items()}
        rows.append((f"{part}\n{RUN}", tables))
        rows.append((f"{part}\n{PAPER}", printed[SET_OF[part]]))
    return confusion_figure(rows, list(evaluation.material.records))


def _curves(evaluation: Evaluation) -> Figure:
    printed = article().auc
    panels: dict[str, list[tuple[str, RocCurve]]] = {}
    for part in evaluation.parts:
        panels[part] = []
        for one in (one for one in evaluation.curves if one.part == part):
            paper = printed[SET_OF[part]].get(one.system)
            behind = "" if paper is None else f"; {PAPER}: {number(paper, 2)}"
            panels[part].append((f"{one.system} {show(one.area)}{behind}", one.curve))
    return roc_figure(panels)
