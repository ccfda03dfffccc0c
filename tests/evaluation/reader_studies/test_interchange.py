from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.made_up_readings import made_up

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.measures.system_figures import Options
from lumbargrade.evaluation.reader_studies.interchange import (
    LOST,
    interchange,
    mean_over_images,
    statement,
)
from lumbargrade.evaluation.reader_studies.study import Figure
from lumbargrade.statistics.bootstrap import Estimate, PatientBootstrap

OPTIONS = Options(resamples=400)


def index(low: float, value: float, high: float, reason: str = "") -> Figure:
    estimate = Estimate(value, low, high, 0, reason)
    return Figure("LDH", "exact", LOST, "these readers", estimate, 90, 30, 2)


def test_the_index_is_what_readers_agree_less_what_the_model_does() -> None:
    found = interchange(made_up(), 0.05, OPTIONS)
    rows = {(row.measure, row.of): row.estimate.value for row in found.figures}
    for kind in ("exact", "within_one"):
        lost = rows[kind, "two readers"] - rows[kind, "reader and model"]
        assert rows[kind, LOST] == pytest.approx(lost)
    assert len(found.statements) == 2
    assert all(": interchangeable. " in one for one in found.statements)  # it errs less than they


def test_an_image_once_a_patient_has_the_usual_error() -> None:
    images = np.random.default_rng(1).normal(size=50)
    names = np.array([f"P{n:02d}" for n in range(50)])
    found = mean_over_images(images, PatientBootstrap.of(names, 4000, 1), "plain")
    reach = 2.0096 * images.std(ddof=1) / np.sqrt(50)
    assert found.high - found.value == pytest.approx(reach, rel=0.05)


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (index(0.01, 0.02, 0.04), "interchangeable. At most 4.0 % of agreement is lost"),
        (index(-0.09, -0.05, -0.01), "interchangeable. No agreement is lost"),
        (index(0.06, 0.09, 0.12), "not interchangeable. At least 6.0 % of agreement is lost"),
        (index(0.02, 0.05, 0.08), "undecided. The interval holds the margin of 5 %"),
        (index(np.nan, 0.05, np.nan, "9 patients"), "nothing can be said (9 patients)."),
    ],
)
def test_the_margin_decides(figure: Figure, said: str) -> None:
    assert statement(figure, 0.05).startswith(f"LDH, exact: {said}")


def test_without_a_margin_nothing_is_decided() -> None:
    assert interchange(made_up(patients=12), None, OPTIONS).statements == ()


def test_one_reader_cannot_be_replaced() -> None:
    study = made_up(readers=1)
    with pytest.raises(EvaluationError, match="no image was graded by the model and two readers"):
        interchange(study, None, OPTIONS)
    with pytest.raises(EvaluationError, match="no image was graded"):
        interchange(replace(made_up(), model="nobody"), None, OPTIONS)
