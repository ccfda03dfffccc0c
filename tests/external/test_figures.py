"""Order by the expected grade, agreement after merging, by level and over all."""

from __future__ import annotations

import numpy as np
import pytest
from tests.external.world import evaluated, many

from lumbargrade.external.figures import ALL_LEVELS
from lumbargrade.statistics.order import concordance
from lumbargrade.statistics.roc import area_under_curve


def test_each_map_has_all_levels_and_each_level() -> None:
    groups = [(one.grade_map.reference.code, one.group) for one in evaluated().figures]
    assert groups == [
        (code, group)
        for code in ("RSNACANAL", "RSNARECESS")
        for group in (ALL_LEVELS, "L4/L5", "L5/S1")
    ]
    assert len(evaluated().of_group(True)) == 2


def test_order_is_that_of_the_expected_grade() -> None:
    canal = evaluated().figures[0]
    known = [one for one in many().compared[0] if one.reason is None]
    reference = np.array([one.label.grade for one in known])
    score = np.array([one.expected for one in known])
    assert canal.order["auc_2"].value == pytest.approx(
        float(area_under_curve(reference >= 2, score))
    )
    assert canal.order["concordance"].value == pytest.approx(concordance(reference, score))
    assert canal.order["auc_1"].reason == "8 patients, 10 needed"  # who have a lower grade
    whole = canal.order["spearman"]
    assert np.isfinite(whole.low) == (whole.reason == "")
    assert set(canal.order) == {
        *("auc_1", "auc_2", "spearman", "concordance", "concordance_within_level")
    }


def test_agreement_is_that_of_merged_grades() -> None:
    canal = evaluated().figures[0]
    table = np.array(canal.agreement.table)
    assert table.shape == (3, 3)
    assert (table.sum(), canal.agreement.patients) == (24, 12)
    right = sum(one.merged == one.label.grade for one in many().compared[0] if one.reason is None)
    assert canal.agreement.figures["accuracy"].value == pytest.approx(right / 24)
    assert canal.agreement.figures["majority_baseline"].value == pytest.approx(8 / 24)
    assert canal.agreement.coverage.not_graded == 1
