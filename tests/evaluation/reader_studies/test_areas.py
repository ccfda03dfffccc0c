from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score
from tests.made_up_readings import made_up

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.reader_studies import areas as module
from lumbargrade.evaluation.reader_studies.areas import areas
from lumbargrade.evaluation.reader_studies.assisted import CHANGE
from lumbargrade.evaluation.reader_studies.noninferiority import DIFFERENCE
from lumbargrade.evaluation.reader_studies.study import LIKE_THESE, THESE
from lumbargrade.evaluation.reader_studies.table import Slot, StudyTable
from lumbargrade.readings.occasion import Arm
from lumbargrade.statistics.roc import area_error

STUDY = made_up(patients=80)
CUT = "area 0-1 / 2-3"


def test_each_reader_has_the_usual_area_and_obuchowskis_error() -> None:
    (table,) = STUDY.tables
    rows = {(row.measure, row.of, row.about): row.estimate for row in areas(STUDY).figures}
    positive, grades = table.first("ref") >= 2, table.first("R001")
    found = rows[CUT, "R001, plain", ""]
    assert found.value == pytest.approx(roc_auc_score(positive, grades))
    alone = replace(STUDY, readers=("R001",))
    (row,) = (
        one for one in areas(alone).figures if (one.measure, one.of) == (CUT, "readers, plain")
    )
    assert row.about == ""
    error = area_error(positive, grades.astype(np.float64), table.patients)
    reach = np.log(found.high / (1 - found.high)) - np.log(found.value / (1 - found.value))
    jackknife = reach / 1.99 * found.value * (1 - found.value)
    assert jackknife == pytest.approx(error, rel=0.25)  # two methods, and a quantile of its own


def test_the_test_of_two_arms_stands_in_the_details() -> None:
    found = areas(STUDY)
    rows = {(row.measure, row.of, row.about): row.estimate for row in found.figures}
    test = found.details["LDH"][CUT]
    assert rows[CUT, CHANGE, THESE].value == pytest.approx(test.difference)
    assert (rows[CUT, CHANGE, LIKE_THESE].low > 0) == (test.p_value < 0.05)
    model = rows[CUT, "net", ""].value - rows[CUT, "readers, plain", THESE].value
    assert rows[CUT, DIFFERENCE, THESE].value == pytest.approx(model)


def test_many_patients_are_left_out_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = areas(STUDY).figures
    monkeypatch.setattr(module, "NUMBERS_AT_ONCE", 1000)
    for one, two in zip(whole, areas(STUDY).figures, strict=True):
        assert one.estimate.low == pytest.approx(two.estimate.low, nan_ok=True)


def test_without_a_second_arm_and_a_model_there_are_readers_alone() -> None:
    (table,) = STUDY.tables
    plain = {slot: one for slot, one in table.columns.items() if slot.arm is Arm.PLAIN}
    found = areas(replace(STUDY, tables=(replace(table, columns=plain),), model=""))
    assert {row.of for row in found.figures} == {
        *(f"{name}, plain" for name in STUDY.readers),
        "readers, plain",
    }
    assert found.details == {}


def test_one_grade_alone_has_no_area() -> None:
    (table,) = STUDY.tables
    same = {**table.columns, Slot("ref"): np.zeros(len(table.patients), dtype=np.int64)}
    with pytest.raises(EvaluationError, match="no dichotomy has images of readers on both sides"):
        areas(replace(STUDY, tables=(replace(table, columns=same),)))


def test_cuts_are_named_by_the_grades_as_people_write_them() -> None:
    table = StudyTable("PFIRRMANN", 5, np.zeros(0, dtype=np.str_), {})
    nothing = np.zeros(0, dtype=np.int64)
    assert [module._Cut(table, nothing, cut, 0.95).name for cut in (1, 2, 4)] == [
        "area 1 / 2-5", "area 1-2 / 3-5", "area 1-4 / 5",
    ]  # fmt: skip
