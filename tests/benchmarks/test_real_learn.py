"""Few patients: what is learned, from whom, and whom it is tested on."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.real.drawing.grades import flat
from benchmarks.real.halves import Half
from benchmarks.real.labels.draws import draw_patients, mean_area
from benchmarks.real.labels.learn import PENALTY, level_features, measure_features, probability
from benchmarks.real.labels.ranking import Ranked, over_all

NAN = np.nan


def test_it_is_the_regression_of_scikit_learn_on_standardised_features() -> None:
    random = np.random.default_rng(0)
    table = random.normal(size=(120, 3)) * [1.0, 20.0, 0.1] + [0.0, 100.0, -1.0]
    positive = table[:, 1] + 10 * random.normal(size=120) > 100
    train = np.arange(120) < 80
    found = probability(list(table.T), positive, train, ~train)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=PENALTY))
    wanted = model.fit(table[train], positive[train]).predict_proba(table[~train])[:, 1]
    np.testing.assert_allclose(found, wanted, atol=0.02)  # this one limits what is far out


def test_what_is_not_known_is_taken_as_the_mean() -> None:
    train = np.array([True] * 6 + [False] * 2)
    positive = np.array([False, False, False, True, True, True, False, True])
    known = np.array([0.0, 1.0, 2.0, 8.0, 9.0, 10.0, 5.0, NAN])
    nowhere = np.full(8, NAN)
    found = probability([known, nowhere], positive, train, ~train)
    assert found[0] == pytest.approx(found[1])


def test_both_sides_are_features_and_a_measure_that_no_slice_has_is_none() -> None:
    found = measure_features(
        {
            "recess_depth_mm_left": np.array([3.0, 4.0]),
            "recess_depth_mm_right": np.array([2.0, 5.0]),
            "root_share": np.array([NAN, NAN]),
            "sac_area_mm2": np.array([100.0, NAN]),
            "displacement_apex_mm": np.array([1.0, 2.0]),
        }
    )
    assert found["recess_depth_mm, worse side"].tolist() == [2.0, 4.0]
    assert found["recess_depth_mm, better side"].tolist() == [3.0, 5.0]
    assert set(found) == {
        "recess_depth_mm, worse side",
        "recess_depth_mm, better side",
        "sac_area_mm2",
    }


def test_levels_and_logits_become_columns() -> None:
    levels = level_features(np.array(["L3-L4", "L5-S1", "L4-L5"]))
    assert {name: one.tolist() for name, one in levels.items()} == {
        "L4-L5": [0, 0, 1],
        "L5-S1": [0, 1, 0],
    }
    found = flat({"LDH": np.array([[1.0, 3.0, 0.0]])})
    assert {name: one.tolist() for name, one in found.items()} == {"LDH 1": [2.0], "LDH 2": [-1.0]}


@pytest.mark.parametrize("half", list(Half))
def test_no_one_is_learned_from_and_tested(half: Half) -> None:
    patients = np.repeat([f"P{number:04d}" for number in range(60)], 3)
    tune = np.repeat(np.arange(60) < 35, 3)
    draws = [draw_patients(patients, tune, 25, half, seed) for seed in range(3)]
    for one in draws:
        assert len(set(patients[one.train].tolist())) == 25
        assert not (one.train & one.test).any()
        assert (tune[one.train]).all()
        assert one.test.sum() == (75 if half is Half.REPORT else 30)
    assert (draws[0].train != draws[1].train).any()


def test_the_mean_of_draws_has_an_interval_on_the_half_to_report_on() -> None:
    positive = np.array([False, True] * 20)
    patients = np.array([f"P{number:04d}" for number in range(40)])
    levels = np.array(["L4-L5"] * 40)
    random = np.random.default_rng(0)
    tested = [
        Ranked(patients, levels, positive, positive + random.normal(size=40)) for _ in range(2)
    ]
    assert " to " in mean_area(over_all, tested, Half.REPORT, 200).split(";")[0]
    assert mean_area(over_all, tested, Half.TUNE, 0).count("draws") == 1
