"""Two graders of the same images: differences, the adjusted test, and what is refused."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.measures.comparison import (
    COMPARED,
    clustered_mcnemar,
    compare,
    drops,
)
from lumbargrade.evaluation.measures.system_figures import Options, figures_of
from lumbargrade.evaluation.records import ImageRecord

OPTIONS = Options(resamples=400)
FEW_RESAMPLES = Options(resamples=200)


def _records(sharpness: float, seed: int = 1, patients: int = 60) -> list[ImageRecord]:
    truth = np.random.default_rng(0).choice(4, patients * 5, p=(0.5, 0.25, 0.15, 0.1))
    rng = np.random.default_rng(seed)
    records = []
    for number, reference in enumerate(truth):
        found = rng.dirichlet(np.where(np.arange(4) == reference, sharpness, 0.6))
        records.append(
            ImageRecord(
                image=str(number),
                patient=f"P{number // 5}",
                scanner="s",
                external=False,
                reference=int(reference),
                predicted=int(found.argmax()),
                probabilities=tuple(float(value) for value in found),
            )
        )
    return records


def _as_reader(records: list[ImageRecord]) -> list[ImageRecord]:
    return [replace(one, probabilities=()) for one in records]


def test_differences_are_those_of_the_single_figures() -> None:
    good, poor = _records(4), _records(1.5, 2)
    found = compare(good, list(reversed(poor)), "LDH", 4, OPTIONS)
    alone = [figures_of(records, "LDH", 4, options=OPTIONS).figures for records in (good, poor)]
    assert (found.images, found.patients) == (300, 60)
    assert found.figures.keys() == alone[0].keys()
    for name, row in found.figures.items():
        assert (row.first, row.second) == (alone[0][name], alone[1][name])
        assert row.difference.value == pytest.approx(row.first.value - row.second.value)
    for name in ("ac1", "auc_marked", "accuracy"):
        assert found.figures[name].difference.low > 0


def test_a_grader_does_not_differ_from_himself() -> None:
    found = compare(_records(2), _records(2), "LDH", 4, OPTIONS)
    for row in found.figures.values():
        assert row.difference.value == 0
        assert np.isnan([row.difference.low, row.difference.high]).all()  # no resample varies
    assert (found.tests["exact"].first_only, found.tests["exact"].second_only) == (0, 0)
    assert np.isnan(found.tests["exact"].p_value)


def test_a_reader_has_grades_and_no_area() -> None:
    found = compare(_records(3), _as_reader(_records(2, 2)), "LDH", 4, OPTIONS).figures
    assert np.isfinite(found["ac1"].difference.low)
    assert np.isfinite(found["auc_any"].first.value)
    assert np.isnan([found["auc_any"].second.value, found["auc_any"].difference.value]).all()


def test_only_images_that_both_graded_are_compared() -> None:
    first, second = _records(3), _records(2, 2)
    first[0] = replace(first[0], predicted=None, probabilities=())
    second[1] = replace(second[1], predicted=None, probabilities=())
    second[2] = replace(second[2], predicted=None, probabilities=())
    unknown = ImageRecord("x", "P0", "s", False, None, None)
    found = compare([*first, unknown], [*second, unknown], "LDH", 4, OPTIONS)
    assert (found.images, found.first_only, found.second_only) == (297, 2, 1)


def test_nothing_in_common_is_undefined() -> None:
    nobody = ImageRecord("x", "P0", "s", False, 1, None)
    found = compare([nobody], [nobody], "LDH", 4, OPTIONS)
    assert (found.images, found.patients) == (0, 0)
    assert np.isnan(found.figures["ac1"].difference.value)
    assert np.isnan(found.tests["any"].statistic)


def test_one_patient_has_differences_without_intervals() -> None:
    found = compare(_records(3, patients=1), _records(1, 2, patients=1), "LDH", 4, OPTIONS)
    assert np.isfinite(found.figures["accuracy"].difference.value)
    assert np.isnan(found.figures["accuracy"].difference.low)
    assert np.isnan(found.tests["exact"].p_value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"image": "x"},
            "LDH: image 299 was graded by one of the two only, as were 2 in all: compare two "
            "graders",
        ),
        ({"image": "0"}, "LDH: image 0 occurs twice: keep one"),
        ({"patient": "Q"}, "LDH of image 299: patient P59 for one grader, Q for the other"),
        ({"reference": 7}, "LDH of image 299: reference . for one grader, 7 for the other"),
        ({"predicted": 7}, "LDH of image 299: predicted grade 7 is unknown"),
        ({"probabilities": (float("nan"),) * 4}, "LDH of image 299: .* not probabilities"),
    ],
)
def test_what_does_not_match_is_refused(change: dict[str, Any], message: str) -> None:
    second = _records(2, 2)
    second[-1] = replace(second[-1], **change)
    with pytest.raises(EvaluationError, match=message):
        compare(_records(3), second, "LDH", 4, OPTIONS)


def test_published_mcnemar_with_one_image_a_patient() -> None:
    """Agresti, Categorical Data Analysis: approval of 1600 people twice, 150 and 86 changed."""
    first = np.repeat([True, True, False, False], [794, 150, 86, 570])
    second = np.repeat([True, False, True, False], [794, 150, 86, 570])
    found = clustered_mcnemar(first, second, np.arange(1600))
    assert (found.first_only, found.second_only) == (150, 86)
    assert found.statistic == pytest.approx(17.36 * 1599 / 1600, abs=0.01)
    assert found.p_value == pytest.approx(3.1e-5, rel=0.02)


def test_repeated_images_do_not_sharpen_the_test() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.random(90) < 0.8, rng.random(90) < 0.6
    once = clustered_mcnemar(first, second, np.arange(90))
    again = clustered_mcnemar(first.repeat(5), second.repeat(5), np.arange(90).repeat(5))
    assert again.statistic == pytest.approx(once.statistic)


def test_adjusted_test_keeps_its_level_where_the_plain_one_does_not() -> None:
    rng = np.random.default_rng(12)
    patient = np.repeat(np.arange(60), 8)
    refused = np.zeros(2)
    for _ in range(400):
        lead = rng.normal(size=60)[patient]  # patients who suit the one grader or the other
        one, other = [rng.random(480) < 1 / (1 + np.exp(-1 - sign * lead)) for sign in (1, -1)]
        refused += [
            clustered_mcnemar(one, other, clusters).p_value < 0.05
            for clusters in (patient, np.arange(480))
        ]
    level, plain = refused / 400
    assert abs(level - 0.05) < 3 * np.sqrt(0.05 * 0.95 / 400)
    assert plain > 0.12


def _of_set(patients: int, wrong: float, seed: int = 1) -> list[ImageRecord]:
    """Six images a patient; a share of them is graded by chance."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(6 * patients):
        truth = number % 4
        given = truth if rng.random() > wrong else int(rng.integers(4))
        shares = tuple(1.0 if grade == given else 0.0 for grade in range(4))
        patient = f"P{number // 6}"
        found.append(ImageRecord(str(number), patient, "s", False, truth, given, shares))
    return found


def test_it_is_external_minus_internal() -> None:
    found = drops(_of_set(30, 0.05), _of_set(20, 0.7), "LDH", 4, FEW_RESAMPLES)
    assert [one.figure for one in found] == list(COMPARED)
    for one in found:
        assert one.difference.value == pytest.approx(one.external.value - one.internal.value)
        assert one.difference.high < 0, one.figure
        assert one.difference.low < one.difference.value < one.difference.high


def test_a_set_against_itself_has_an_interval_around_zero() -> None:
    """Its draws are independent of each other, or the interval would have no width."""
    same = _of_set(30, 0.5)
    for one in drops(same, same, "LDH", 4, FEW_RESAMPLES):
        assert one.difference.value == 0
        assert one.difference.low < 0 < one.difference.high


def test_one_patient_outside_gives_a_difference_without_an_interval() -> None:
    for one in drops(_of_set(10, 0.5), _of_set(1, 0.5), "LDH", 4, FEW_RESAMPLES):
        assert math.isnan(one.difference.low)
        assert math.isfinite(one.difference.value)
