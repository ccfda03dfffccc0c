"""One figure for the README: which grades are confused, and what asking a reader brings."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lumbargrade.evaluation.results import Evaluation
from lumbargrade.figures.confusion import draw_matrix
from lumbargrade.figures.reliability import draw_bins
from lumbargrade.figures.style import Figure, styled
from lumbargrade.statistics.format_estimates import show

SIMULATED = "SIMULATED patients: no evidence for real ones"


def readme_figure(evaluation: Evaluation) -> Figure:
    """Return the matrices of the first part, each above the reliability of its system."""
    part = evaluation.parts[0]
    found = evaluation.of_part(part)
    doubt = {one.system: one for one in evaluation.certainties if one.part == part}
    patients = max(one.patients for one in found.values())
    with styled():
        figure = Figure(figsize=(3.0 * len(found), 5.9), layout="constrained")
        panels = figure.subplots(2, len(found), squeeze=False, height_ratios=(1.25, 1))
        for (upper, lower), (system, one) in zip(panels.T, found.items(), strict=True):
            draw_matrix(upper, np.array(one.table), f"{system}: AC1 {show(one.figures['ac1'])}")
            if system in doubt:
                draw_bins(lower, (), doubt[system].after.bins)
                lower.set_xlabel("probability of the most probable grade", fontsize=7.5)
                lower.tick_params(labelbottom=True)
            else:
                lower.set_axis_off()
        title = SIMULATED if evaluation.material.simulated else evaluation.material.cohort
        figure.suptitle(f"{evaluation.material.model}, {patients} {title}", fontsize=10)
    return figure


def write_png(figure: Figure, path: Path) -> None:
    """Write the figure as PNG, for pages that show no vectors; its folder must exist."""
    with styled():
        figure.savefig(path, dpi=110, metadata={"Software": None})
