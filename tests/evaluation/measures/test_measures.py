from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from lumbargrade.evaluation.measures.measures import STATISTICS, resample
from lumbargrade.evaluation.records import Readings
from lumbargrade.statistics.bootstrap import PatientBootstrap

RNG = np.random.default_rng(4)
REFERENCE = RNG.choice(4, 120, p=(0.5, 0.25, 0.15, 0.1))
PROBABILITIES = RNG.dirichlet(np.ones(4), 120) * 0.5 + 0.5 * np.eye(4)[REFERENCE]
READINGS = Readings(
    REFERENCE, PROBABILITIES.argmax(1), PROBABILITIES, np.repeat(np.arange(30), 4).astype(np.str_)
)


def test_every_figure_of_a_resample_is_that_of_the_repeated_images() -> None:
    bootstrap = PatientBootstrap.of(READINGS.patients, 3, seed=0)
    found = resample(READINGS, bootstrap, 4)
    assert found.keys() == {*STATISTICS, "auc_any", "auc_marked"}
    (weights,) = bootstrap.image_weights()
    for row, times in enumerate(weights.astype(int)):
        again = Readings(
            READINGS.reference.repeat(times),
            READINGS.predicted.repeat(times),
            READINGS.probabilities.repeat(times, axis=0),
            READINGS.patients.repeat(times),
        )
        alone = resample(again, PatientBootstrap.of(again.patients, 0, seed=0), 4)
        for name, figure in found.items():
            assert figure.draws[row] == pytest.approx(alone[name].value), name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("f1_macro", metrics.f1_score(REFERENCE, READINGS.predicted, average="macro")),
        ("f1_weighted", metrics.f1_score(REFERENCE, READINGS.predicted, average="weighted")),
        ("ppv_marked", metrics.precision_score(REFERENCE >= 2, READINGS.predicted >= 2)),
        ("npv_any", metrics.precision_score(REFERENCE < 1, READINGS.predicted < 1)),
        (
            "kappa_quadratic",
            metrics.cohen_kappa_score(REFERENCE, READINGS.predicted, weights="quadratic"),
        ),
        ("auc_marked", metrics.roc_auc_score(REFERENCE >= 2, PROBABILITIES[:, 2:].sum(1))),
    ],
)
def test_names_mean_what_they_say(name: str, expected: float) -> None:
    bootstrap = PatientBootstrap.of(READINGS.patients, 0, seed=0)
    assert resample(READINGS, bootstrap, 4)[name].value == pytest.approx(expected)
