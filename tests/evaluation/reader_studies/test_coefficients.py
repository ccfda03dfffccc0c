from __future__ import annotations

import numpy as np
import pytest
from tests.made_up_readings import made_up

from lumbargrade.evaluation.measures.analytic_intervals import coefficients_by_formula
from lumbargrade.evaluation.reader_studies.coefficients import (
    Background,
    figures_of_one,
    figures_over_readers,
    mean_of,
    series_of,
)
from lumbargrade.evaluation.reader_studies.study import LIKE_THESE, THESE
from lumbargrade.statistics.agreement.many_raters import COEFFICIENTS, MISSING

STUDY = made_up()
TABLE = STUDY.tables[0]
REFERENCE, GRADES = TABLE.first("ref"), TABLE.first("R001")
ABOUT = Background("LDH", np.column_stack([REFERENCE, GRADES]), TABLE.patients)


def test_one_reader_has_the_interval_of_agreement() -> None:
    """``agreement`` and ``reader-study`` say the same of two columns."""
    series = series_of(GRADES, REFERENCE, TABLE.patients, 4)
    formulas = coefficients_by_formula(GRADES, REFERENCE, TABLE.patients, 4, 0.95)
    for row in figures_of_one(series, "R001", ABOUT):
        expected = formulas[row.measure].clustered
        assert row.estimate.value == pytest.approx(expected.value)
        assert row.estimate.low == pytest.approx(expected.low)
        assert (row.about, row.readers, row.patients) == ("", 1, 40)


def test_a_patient_whom_nobody_read_does_not_count() -> None:
    some = np.where(np.isin(TABLE.patients, np.unique(TABLE.patients)[:25]), GRADES, MISSING)
    series = series_of(some, REFERENCE, TABLE.patients, 4)
    kept = some != MISSING
    alone = series_of(some[kept], REFERENCE[kept], TABLE.patients[kept], 4)
    one, two = (
        mean_of([part], "ac1", whose)
        for part, whose in ((series, TABLE.patients), (alone, TABLE.patients[kept]))
    )
    assert one.these_error == pytest.approx(two.these_error)


def test_a_difference_is_between_the_same_patients() -> None:
    first, second = (
        series_of(TABLE.first(name), REFERENCE, TABLE.patients, 4) for name in ("R001", "R002")
    )
    rows = figures_over_readers([second - first] * 3, "three", "plain", ABOUT)
    assert [row.about for row in rows[:2]] == [THESE, LIKE_THESE]
    assert len(rows) == 2 * len(COEFFICIENTS)
    assert rows[0].estimate.value == pytest.approx(
        float(second.values["ac1"][0] - first.values["ac1"][0])
    )
    assert rows[0].estimate == rows[1].estimate  # the readers are one: they do not vary


def test_what_hangs_on_one_patient_has_no_interval() -> None:
    """Kappa is undefined without the only patient who has another grade."""
    grades = np.zeros(60, dtype=np.int64)
    grades[0] = 1
    patients = np.repeat(np.array([f"P{n:02d}" for n in range(20)]), 3)
    about = Background("LDH", grades[:, None], patients)
    rows = {
        row.measure: row
        for row in figures_of_one(series_of(grades, grades, patients, 4), "A", about)
    }
    assert rows["kappa"].estimate.reason == "undefined without one patient"
    assert rows["kappa_quadratic"].estimate.reason.endswith("from the commonest")
