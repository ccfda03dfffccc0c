from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.made_up_readings import made_up

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.reader_studies.assisted import (
    CHANGE,
    RATIO,
    SECONDS,
    assisted,
    mean_logs,
    mean_of_logs,
    ratios,
)
from lumbargrade.evaluation.reader_studies.study import LIKE_THESE, THESE
from lumbargrade.readings.occasion import Arm


@pytest.mark.parametrize("crossed", [False, True])
def test_help_that_was_put_in_is_found(crossed: bool) -> None:
    """Of the noise 70 % are left, of the seconds 80 %, as the simulation says."""
    found = assisted(made_up(seed=5, readers=6, patients=120, crossed=crossed))
    rows = {(row.measure, row.of, row.about): row.estimate for row in found.figures}
    for about in (THESE, LIKE_THESE):
        assert rows["ac1", CHANGE, about].low > 0
        assert rows[SECONDS, RATIO, about].high < 1
    others = rows[SECONDS, RATIO, LIKE_THESE]
    assert others.low < 0.8 < others.high
    assert rows["ac1", f"R001: {CHANGE}", ""].value > 0
    arms = (rows["ac1", arm.value, THESE].value for arm in (Arm.ASSISTED, Arm.PLAIN))
    assert rows["ac1", CHANGE, THESE].value == pytest.approx(next(arms) - next(arms))


def test_the_other_half_is_no_loss_to_these_readers() -> None:
    """Half the readings, and patients of different severity in both arms: the error stays small."""
    whole, half = (
        {(row.measure, row.of, row.about): row.estimate for row in assisted(one).figures}
        for one in (made_up(patients=80), made_up(patients=80, crossed=True))
    )
    key = ("ac1", CHANGE, THESE)
    assert half[key].high - half[key].low < 2 * (whole[key].high - whole[key].low)


def test_without_a_reference_times_are_compared() -> None:
    found = assisted(replace(made_up(), reference=""))
    assert {row.system for row in found.figures} == {"all"}
    assert found.notes == ("Without --reference only times are compared.",)


def test_a_patients_time_is_the_mean_of_their_grades() -> None:
    seconds, patient = np.array([2.0, 8.0, 4.0]), np.array([0, 0, 2])
    logs = mean_logs(seconds, patient, 3)
    assert logs[0] == pytest.approx((np.log(5) + np.log(4)) / 2)
    assert logs[1:] == pytest.approx([np.log(4), logs[0], np.log(5)])
    assert np.isnan(mean_logs(np.zeros(0), np.zeros(0, dtype=np.int64), 3)).all()


def test_a_ratio_is_symmetric_as_a_logarithm() -> None:
    rows = np.log(np.random.default_rng(1).uniform(0.5, 1.0, (3, 41)))
    for one in ratios(mean_of_logs(rows), 40, 0.95).values():
        assert one.value / one.low == pytest.approx(one.high / one.value)


def test_one_arm_alone_compares_nothing() -> None:
    study = made_up()
    (table,) = study.tables
    plain = {slot: one for slot, one in table.columns.items() if slot.arm is Arm.PLAIN}
    times = replace(study.times, arms=np.full(len(study.times.arms), "plain"))
    study = replace(study, tables=(replace(table, columns=plain),), times=times)
    with pytest.raises(EvaluationError, match="no reader graded or was timed in both arms"):
        assisted(study)
