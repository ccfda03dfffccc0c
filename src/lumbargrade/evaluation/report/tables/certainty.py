"""Tables of a model's doubt: calibration, sets of grades, and when to ask a reader."""

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
        "Before: without the temperature that was fitted on validation patients; it is known "
        "where the bundle that graded is (--model). Brier score: squared distance to the truth, "
        "summed over the grades; 0 is perfect, 2 the worst. Calibration error: mean gap between "
        f"the probability of the most probable grade and how often it is right, {BINS} bins. It "
        "is never below 0, so chance alone raises it, most in small groups, and resamples raise "
        "it once more: it has no interval.",
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
            "ask a reader": show(row.asked),
        }
        for one in found
        for row in one.sets
    ]
    return table_of(
        "sets",
        "Sets of grades",
        rows,
        f"The sets are made to hold the true grade in {SET_COVERAGE:.0%} of the images of each "
        "grade or more, each patient weighing the same, for patients like those of the "
        "validation. Where the grade alone is right more often, the set is that grade and "
        "holds it more often. Nothing is promised for a level or for other scanners. Intervals "
        "are Wilson's for images in patients.",
    )


def asking_table(found: Sequence[Certainty]) -> TextTable:
    """Return how many images a reader must see for the error that the user takes."""
    rows: list[dict[str, str]] = []
    for one in found:
        referral = one.referral
        chosen = f"least doubt for {100 * referral.limit:g} %"
        rules = [(chosen, f"{referral.asked:.1%}", referral.error)]
        rules += [
            (rule, _percent(asking.asked), asking.error)
            for rule, asking in (
                ("the same doubt as on the internal set", one.elsewhere),
                ("the set spans 1 and 2, or 3 grades", one.by_set),
            )
            if asking is not None
        ]
        rows += [
            {
                "group": one.part,
                "system": one.system,
                "error without asking": number(float(one.curve.error[0]), 3),
                "a reader is asked where": rule,
                "images asked about": asked,
                "error of the others": _percent(error),
            }
            for rule, asked, error in rules
        ]
    return table_of(
        "asking",
        "Asking a reader",
        rows,
        "Doubt: 1 less the probability of the grade that is given. Error: share of grades that "
        "are not exactly the reference. The least doubt is chosen on the images on which the "
        "error is measured, which flatters it a little; on the external set, the same doubt as "
        "on the internal one was chosen on other patients. Intervals are Wilson's for images "
        "in patients.",
    )


def _percent(found: Estimate) -> str:
    texts = [number(100 * one, 1) for one in (found.value, found.low, found.high)]
    if texts[0] == "-":
        return "-"
    return f"{texts[0]} %" + ("" if texts[1] == "-" else f" ({texts[1]} to {texts[2]})")
