from __future__ import annotations

from dataclasses import replace

import pytest
from tests.made_up_readings import made_up

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.reader_studies.repeats import repeats
from lumbargrade.evaluation.reader_studies.study import LIKE_THESE, THESE
from lumbargrade.evaluation.reader_studies.table import Slot
from lumbargrade.statistics.agreement.two_raters import confusion_table, gwet


def test_readers_are_compared_with_themselves() -> None:
    study = made_up(readers=3)
    (table,) = study.tables
    rows = {(row.measure, row.of, row.about): row.estimate for row in repeats(study).figures}
    values = []
    for name in study.readers:
        both = table.column(Slot(name)), table.column(Slot(name, round=2))
        values.append(float(gwet(confusion_table(*both, 4))))
        assert rows["ac1", name, ""].value == pytest.approx(values[-1])
    assert rows["ac1", "readers", THESE].value == pytest.approx(sum(values) / 3)
    assert rows["ac1", "readers", LIKE_THESE].low < rows["ac1", "readers", THESE].low


def test_one_reader_has_no_mean() -> None:
    assert {row.of for row in repeats(made_up(readers=1)).figures} == {"R001"}


def test_one_round_alone_compares_nothing() -> None:
    study = made_up()
    (table,) = study.tables
    first = {slot: one for slot, one in table.columns.items() if slot.round == 1}
    with pytest.raises(EvaluationError, match="no reader graded an image in rounds 1 and 2"):
        repeats(replace(study, tables=(replace(table, columns=first),)))
