"""Tables of two graders of the same images: models and readers, side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from lumbargrade.evaluation.measures.beside import BesideReaders
from lumbargrade.evaluation.measures.chance import CHANCE_NOTE
from lumbargrade.evaluation.measures.comparison import COMPARED, McNemar
from lumbargrade.evaluation.measures.graders import (
    GraderAgreement,
    GraderComparison,
    MadeReference,
)
from lumbargrade.evaluation.report.labels import COEFFICIENT_NAMES, DICHOTOMY_NAMES, FIGURE_NAMES
from lumbargrade.evaluation.report.tables.rows import table_of
from lumbargrade.files.table import TextTable
from lumbargrade.statistics.format_estimates import number, show, signed

TESTS = {"exact": "exact grade", **DICHOTOMY_NAMES}
SHOWN = {name: COEFFICIENT_NAMES[name] for name in ("ac1", "ac2_linear", "kappa_linear")}
BIAS_NOTE = (
    "A reader whose own grades are in the reference agrees with it more than others can: such a "
    "comparison flatters the reader and wrongs the model."
)

LONG = {
    MadeReference.HELPED: "{0} helped make the reference: this flatters {0}",
    MadeReference.UNKNOWN: "not known whether {0} helped make the reference",
}
SHORT = {MadeReference.HELPED: "{0}: flatters {0}", MadeReference.UNKNOWN: "not known of {0}"}
"""The same under a heading that says what it is about."""


def grader_tables(
    comparisons: Sequence[GraderComparison], agreements: Sequence[GraderAgreement]
) -> list[TextTable]:
    """Return the tables; none without other graders."""
    if not comparisons:
        return []
    tables = [paired_table(comparisons), mcnemar_table(comparisons)]
    if agreements:
        tables.append(agreements_table(agreements))
    if any(one.beside for one in agreements):
        tables.append(beside_table(agreements))
    return tables


def paired_table(comparisons: Sequence[GraderComparison]) -> TextTable:
    """Return each figure of both graders, and the first less the second."""
    rows = []
    for one in comparisons:
        for name in COMPARED:
            found = one.comparison.figures[name]
            if not math.isfinite(found.difference.value):
                continue  # a reader gives no probabilities, so no area
            rows.append(
                {
                    **_sides(one),
                    "figure": FIGURE_NAMES[name],
                    "images": str(one.comparison.images),
                    "patients": str(one.comparison.patients),
                    "first, value": show(found.first),
                    "second, value": show(found.second),
                    "first - second": signed(found.difference),
                    "made the reference": "; ".join(bias_of(one, SHORT)) or "neither of the two",
                }
            )
    return table_of(
        "comparison",
        "Two graders on the same images",
        rows,
        "Each against the reference, over the images graded by both. The difference is computed "
        "within the same resamples of patients, so that shared difficulty cancels. An "
        f"interval that includes 0 does not show equivalence: consider its width. {BIAS_NOTE}",
    )


def bias_of(one: GraderComparison, texts: Mapping[MadeReference, str] = LONG) -> list[str]:
    """Say of each of the two who made the reference, or may have, whom that flatters."""
    each = zip((one.first, one.second), one.made, strict=True)
    return [texts[made].format(name) for name, made in each if made is not None and made in texts]


def mcnemar_table(comparisons: Sequence[GraderComparison]) -> TextTable:
    """Return who is right where the other is not."""
    rows = [
        {
            **_sides(one),
            "right means": title,
            "only first correct": str(one.comparison.tests[name].first_only),
            "only second correct": str(one.comparison.tests[name].second_only),
            "p": _p_value(one.comparison.tests[name]),
            "only first graded": str(one.comparison.first_only),
            "only second graded": str(one.comparison.second_only),
        }
        for one in comparisons
        for name, title in TESTS.items()
    ]
    return table_of(
        "mcnemar",
        "Images graded correctly by one grader only",
        rows,
        "McNemar's test adjusted for patients with several images (Obuchowski 1998; Yang et al. "
        "2010). p is not adjusted for multiple comparisons. Images graded "
        "by only one of the two are counted but not compared.",
    )


def _sides(one: GraderComparison) -> dict[str, str]:
    return {
        "group": one.part,
        "system": one.comparison.system,
        "first": one.first,
        "second": one.second,
    }


def _p_value(test: McNemar) -> str:
    if not math.isfinite(test.p_value):
        return "not defined"
    return "< 0.001" if test.p_value < 0.001 else f"{test.p_value:.3f}"


def agreements_table(agreements: Sequence[GraderAgreement]) -> TextTable:
    """Return how well every two graders agree with each other, whatever the reference says."""
    rows = []
    for one in agreements:
        for pair in one.pairs:
            found = {row.name: row.bootstrap for row in pair.coefficients}
            rows.append(
                {
                    "group": one.part,
                    "system": one.system,
                    "one": pair.readers[0],
                    "other": pair.readers[1],
                    "images": str(pair.images),
                    "patients": str(pair.patients),
                    **_with_chance({name: show(found[name]) for name in SHOWN}, pair.chance),
                }
            )
    return table_of(
        "graders",
        "Agreement between graders",
        rows,
        f"Pairwise agreement over the images graded by both, without the reference. {CHANCE_NOTE}",
    )


def _with_chance(cells: Mapping[str, str], chance: Mapping[str, float]) -> dict[str, str]:
    """Set beside each coefficient, by its title, its level of chance."""
    return {
        title: cell
        for name, shown in cells.items()
        for title, cell in (
            (SHOWN[name], shown),
            (f"{SHOWN[name]}, chance", number(chance[name], 2)),
        )
    }


def beside_table(agreements: Sequence[GraderAgreement]) -> TextTable:
    """Return model against readers beside readers against each other."""
    rows = [
        {
            "group": one.part,
            "system": one.system,
            "readers": ", ".join(among.readers),
            "images": str(among.images),
            "patients": str(among.patients),
            "coefficient": SHOWN[row.name],
            "model / reader": show(row.model),
            "reader / reader": show(row.readers),
            "difference": signed(row.difference),
        }
        for one in agreements
        for among in one.beside
        for row in among.rows
        if row.name in SHOWN
    ]
    return table_of(
        "beside-readers",
        "Model compared with readers",
        rows,
        "Both sides are of the images that the model and both readers graded: the mean agreement "
        "of the model with the two, and that of the two. Of three or more readers first the mean "
        "over every two, each weighed by its images. Difference below 0: the model agrees less "
        "with the readers than they do with each other.",
    )


def comparison_line(one: GraderComparison) -> str:
    """Return two graders' difference in one line."""
    compared = one.comparison
    sides = f"{compared.system}, {one.part}: {one.first} minus {one.second}"
    counted = f"{compared.images} images of {compared.patients} patients that both graded"
    line = f"{sides}, AC1 {signed(compared.figures['ac1'].difference)}, over {counted}"
    return "; ".join([line, *bias_of(one)])


def beside_line(system: str, part: str, among: BesideReaders) -> str:
    """Return the model beside readers in one line, with how many images that is of."""
    ac1 = next(row for row in among.rows if row.name == "ac1")
    counted = f"{among.images} images of {among.patients} patients"
    whose = "that all three graded" if len(among.readers) == 2 else "that two or more graded too"
    return (
        f"{system}, {part}: model beside {', '.join(among.readers)}, AC1 "
        f"{signed(ac1.difference)}, over {counted} {whose}"
    )
