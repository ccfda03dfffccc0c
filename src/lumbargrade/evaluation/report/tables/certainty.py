"""Tables of a model's uncertainty: calibration, sets of grades, and review by a reader."""

from __future__ import annotations

from collections.abc import Sequence

from lumbargrade.evaluation.measures.certainty import BINS, Calibration, Certainty
from lumbargrade.evaluation.report.tables.rows import table_of
from lumbargrade.files.table import TextTable
from lumbargrade.grading.sets import SET_COVERAGE
from lumbargrade.statistics.bootstrap import Estimate
from lumbargrade.statistics.format_estimates import number, show

NOT_KNOWN = "not known"


def certainty_tables(found: Sequence[Certainty]) -> list[TextTable]:
    """Return the tables; none where the model gave no probabilities."""
    if not found:
        return []
    tables = [calibration_table(found), asking_table(found)]
    return [*tables, sets_table(found)] if any(one.sets for one in found) else tables


def calibration_table(found: Sequence[Certainty]) -> TextTable:
    """Return Brier score and calibration error, before and after the temperature."""
    rows = [
        {
            "group": one.part,
            "system": one.system,
            "images": str(one.images),
            "patients": str(one.patients),
            **_calibration(one.before, " before"),
            **_calibration(one.after),
        }
        for one in found
    ]
    return table_of(
        "calibration",
        "Calibration of the probabilities, images",
        rows,
        "Before: without the temperature fitted on the validation patients; known only if the "
        "bundle that graded is given (--model). Brier score: squared distance to the truth, "
        "summed over the grades; 0 is perfect, 2 is worst. Calibration error: mean gap between "
        f"the probability of the most probable grade and its accuracy, {BINS} bins. It "
        "cannot be negative, so it is biased upwards, most in small groups, and more so in "
        "resamples: it has no interval.",
    )


def _calibration(one: Calibration | None, when: str = "") -> dict[str, str]:
    return {
        f"Brier score{when}": NOT_KNOWN if one is None else _fine(one.brier),
        f"calibration error{when}": NOT_KNOWN if one is None else number(one.error, 3),
    }


def _fine(found: Estimate) -> str:
    """Three decimals: two would hide what a temperature does."""
    value, low, high = (number(one, 3) for one in (found.value, found.low, found.high))
    return value if low == "-" else f"{value} ({low} to {high})"


def sets_table(found: Sequence[Certainty]) -> TextTable:
    """Return how often the set holds the true grade: all images, each grade, each level."""
    rows = [
        {
            "group": one.part,
            "system": one.system,
            "images of": row.group,
            "images": str(row.images),
            "patients": str(row.patients),
            "holds the true grade, by patient": show(row.by_patient),
            "by image": show(row.by_image),
            "grades in a set": number(row.mean_size, 2),
            "review needed": show(row.asked),
        }
        for one in found
        for row in one.sets
    ]
    return table_of(
        "sets",
        "Sets of grades",
        rows,
        f"The sets are designed to contain the true grade in {SET_COVERAGE:.0%} of the images of "
        "each grade or more, patients weighted equally, for patients like those of the validation "
        "set. Where the grade alone is right more often, the set is that grade and "
        "coverage is higher. No guarantee for single levels or other scanners. Intervals "
        "are Wilson's, clustered by patient.",
    )


def asking_table(found: Sequence[Certainty]) -> TextTable:
    """Return how many images a reader must see for the error that the user takes."""
    rows: list[dict[str, str]] = []
    for one in found:
        referral = one.referral
        chosen = f"uncertainty cut-off for under {100 * referral.limit:g} %"
        rules = [(chosen, f"{referral.asked:.1%}", referral.error)]
        rules += [
            (rule, _percent(asking.asked), asking.error)
            for rule, asking in (
                ("the cut-off of the internal set", one.elsewhere),
                ("the set spans 1 and 2, or 3 grades", one.by_set),
            )
            if asking is not None
        ]
        rows += [
            {
                "group": one.part,
                "system": one.system,
                "error without review": number(float(one.curve.error[0]), 3),
                "referred for review if": rule,
                "images referred": asked,
                "error of the others": _percent(error),
            }
            for rule, asked, error in rules
        ]
    return table_of(
        "asking",
        "Review by a reader",
        rows,
        "Uncertainty: 1 minus the probability of the given grade. Error: share of grades that "
        "differ from the reference. The cut-off is the first at which the upper end of the error's "
        "interval is not above the limit, so 0 % is referred only where that is shown; 100 % where "
        "no cut-off shows it. The cut-off is chosen on the images on which the "
        "error is measured, which is slightly optimistic; for the external set, the cut-off of "
        "the internal set was chosen on other patients. Intervals are Wilson's, clustered "
        "in patients.",
    )


def _percent(found: Estimate) -> str:
    texts = [number(100 * one, 1) for one in (found.value, found.low, found.high)]
    if texts[0] == "-":
        return "-"
    return f"{texts[0]} %" + ("" if texts[1] == "-" else f" ({texts[1]} to {texts[2]})")
