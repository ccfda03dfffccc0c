"""Tables of two graders of the same images: models and readers, side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lumbargrade.evaluation.measures.comparison import McNemar
from lumbargrade.evaluation.measures.external_drop import COMPARED
from lumbargrade.evaluation.measures.graders import Companions, Contest
from lumbargrade.evaluation.report.labels import COEFFICIENT_NAMES, DICHOTOMY_NAMES, FIGURE_NAMES
from lumbargrade.files.table import TextTable
from lumbargrade.statistics.format_estimates import show, signed

TESTS = {"exact": "exact grade", **DICHOTOMY_NAMES}
SHOWN = {name: COEFFICIENT_NAMES[name] for name in ("ac1", "ac2_linear", "kappa_linear")}


def grader_tables(contests: Sequence[Contest], companions: Sequence[Companions]) -> list[TextTable]:
    """Return the tables; none without other graders."""
    if not contests:
        return []
    tables = [paired_table(contests), mcnemar_table(contests)]
    if companions:
        tables.append(companions_table(companions))
    if any(one.beside for one in companions):
        tables.append(beside_table(companions))
    return tables


def paired_table(contests: Sequence[Contest]) -> TextTable:
    """Return each figure of both graders, and the first less the second."""
    rows = []
    for one in contests:
        counted = (str(one.comparison.images), str(one.comparison.patients))
        for name in COMPARED:
            found = one.comparison.figures[name]
            if not math.isfinite(found.difference.value):
                continue  # a reader gives no probabilities, so no area
            shown = (show(found.first), show(found.second), signed(found.difference))
            sides = (one.part, one.comparison.system, one.first, one.second)
            rows.append((*sides, FIGURE_NAMES[name], *counted, *shown))
    return TextTable(
        "comparison",
        "Two graders on the same images",
        (
            "group",
            "system",
            "first",
            "second",
            "figure",
            "images",
            "patients",
            "first, value",
            "second, value",
            "first - second",
        ),
        tuple(rows),
        "Each against the reference, over the images graded by both. The difference is computed "
        "within the same resamples of patients, so that shared difficulty cancels. An "
        "interval that includes 0 does not show equivalence: consider its width.",
    )


def mcnemar_table(contests: Sequence[Contest]) -> TextTable:
    """Return who is right where the other is not."""
    rows = []
    for one in contests:
        left_out = (str(one.comparison.first_only), str(one.comparison.second_only))
        for name, title in TESTS.items():
            test = one.comparison.tests[name]
            sides = (one.part, one.comparison.system, one.first, one.second, title)
            right = (str(test.first_only), str(test.second_only))
            rows.append((*sides, *right, _p_value(test), *left_out))
    return TextTable(
        "mcnemar",
        "Images graded correctly by one grader only",
        (
            "group",
            "system",
            "first",
            "second",
            "right means",
            "only first correct",
            "only second correct",
            "p",
            "only first graded",
            "only second graded",
        ),
        tuple(rows),
        "McNemar's test adjusted for patients with several images (Obuchowski 1998; Yang et al. "
        "2010). p is not adjusted for multiple comparisons. Images graded "
        "by only one of the two are counted but not compared.",
    )


def _p_value(test: McNemar) -> str:
    if not math.isfinite(test.p_value):
        return "not defined"
    return "< 0.001" if test.p_value < 0.001 else f"{test.p_value:.3f}"


def companions_table(companions: Sequence[Companions]) -> TextTable:
    """Return how well every two graders agree with each other, whatever the reference says."""
    rows = []
    for one in companions:
        for pair in one.pairs:
            found = {row.name: row.bootstrap for row in pair.coefficients}
            counted = (str(pair.images), str(pair.patients))
            shown = (show(found[name]) for name in SHOWN)
            rows.append((one.part, one.system, *pair.readers, *counted, *shown))
    return TextTable(
        "graders",
        "Agreement between graders",
        (
            "group",
            "system",
            "one",
            "other",
            "images",
            "patients",
            *SHOWN.values(),
        ),
        tuple(rows),
        "Pairwise agreement over the images graded by both, without the reference.",
    )


def beside_table(companions: Sequence[Companions]) -> TextTable:
    """Return model against readers beside readers against each other."""
    rows = tuple(
        (
            one.part,
            one.system,
            SHOWN[row.name],
            show(row.model),
            show(row.readers),
            signed(row.difference),
        )
        for one in companions
        for row in one.beside
        if row.name in SHOWN
    )
    return TextTable(
        "beside-readers",
        "Model compared with readers",
        ("group", "system", "coefficient", "model / reader", "reader / reader", "difference"),
        rows,
        "Mean over model-reader pairs and over reader pairs. Difference below 0: the "
        "model agrees less with the readers than they do with each other.",
    )
