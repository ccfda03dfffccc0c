from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn import metrics

from lumbargrade.evaluation.measures.system_figures import Options, figures_of
from lumbargrade.evaluation.records import ImageRecord

QUICK = Options(resamples=200)


def _records(patients: int = 40, each: int = 5) -> list[ImageRecord]:
    rng = np.random.default_rng(8)
    records = []
    for number in range(patients * each):
        reference = int(rng.choice(4, p=(0.6, 0.2, 0.15, 0.05)))
        found = rng.dirichlet(np.where(np.arange(4) == reference, 4.0, 0.5))
        patient = f"P{number // each}"
        probabilities = tuple(float(value) for value in found)
        records.append(
            ImageRecord(
                str(number), patient, "s", False, reference, int(found.argmax()), probabilities
            )
        )
    return records


def test_values_are_scikit_learns_and_lie_in_their_intervals() -> None:
    records = _records()
    figures = figures_of(records, "LDH", 4, options=QUICK).figures
    reference = np.array([one.reference for one in records])
    predicted = np.array([one.predicted for one in records])
    probabilities = np.array([one.probabilities for one in records])
    expected = {
        "accuracy": metrics.accuracy_score(reference, predicted),
        "kappa_linear": metrics.cohen_kappa_score(reference, predicted, weights="linear"),
        "auc_marked": metrics.roc_auc_score(reference >= 2, probabilities[:, 2:].sum(1)),
        "auc_any": metrics.roc_auc_score(reference >= 1, probabilities[:, 1:].sum(1)),
        "sensitivity_marked": metrics.recall_score(reference >= 2, predicted >= 2),
        "specificity_any": metrics.recall_score(reference < 1, predicted < 1),
    }
    for name, value in expected.items():
        assert figures[name].value == pytest.approx(value), name
        assert figures[name].low < value < figures[name].high, name


def test_each_grade_is_counted_in_images_and_patients() -> None:
    records = _records()
    for row in figures_of(records, "LDH", 4, options=QUICK).grades:
        of_grade = [one for one in records if one.reference == row.grade]
        assert row.images == len(of_grade)
        assert row.patients == len({one.patient for one in of_grade})
        hits = [one for one in of_grade if one.predicted == row.grade]
        assert row.recall.value == pytest.approx(len(hits) / len(of_grade))


def test_what_was_not_graded_is_covered_and_never_grade_0() -> None:
    records = _records(10, 2)
    missed = ImageRecord("x", "P0", "s", False, 3, None)
    extra = ImageRecord("y", "P0", "s", False, None, 2, (0, 0, 1.0, 0))
    neither = ImageRecord("z", "P0", "s", False, None, None)
    plain = figures_of(records, "LDH", 4, options=QUICK)
    found = figures_of([*records, missed, extra, neither], "LDH", 4, options=QUICK)
    assert found.coverage.with_reference == 21
    assert (found.coverage.graded, found.coverage.not_graded) == (20, 1)
    assert found.coverage.graded_without_reference == 1
    assert found.grades[3].not_graded == 1
    assert found.table == plain.table


def test_same_seed_same_intervals() -> None:
    first, again = (figures_of(_records(), "LDH", 4, options=QUICK) for _ in range(2))
    assert repr(first) == repr(again)  # NaN is not equal to itself


def test_one_patient_has_values_without_intervals() -> None:
    found = figures_of(_records(1, 30), "LDH", 4, options=QUICK)
    assert np.isfinite(found.figures["ac1"].value)
    assert np.isnan(found.figures["ac1"].low)
    assert np.isnan(found.figures["auc_marked"].low)


def test_constant_prediction_is_a_defined_result() -> None:
    constant = [
        ImageRecord(one.image, one.patient, "s", False, one.reference, 0, (1.0, 0.0, 0.0, 0.0))
        for one in _records()
    ]
    figures = figures_of(constant, "LDH", 4, options=QUICK).figures
    assert figures["kappa_linear"].value == pytest.approx(0, abs=1e-12)
    assert figures["auc_marked"].value == 0.5
    assert figures["accuracy"].value == figures["majority_baseline"].value
    assert figures["sensitivity_marked"].value == 0


def test_nothing_graded_is_undefined_and_not_a_crash() -> None:
    found = figures_of([ImageRecord("x", "P0", "s", False, 3, None)], "LDH", 4, options=QUICK)
    assert found.images == 0
    assert np.isnan(found.figures["ac1"].value)
    assert np.isnan(found.grades[3].recall.value)


def test_shares_have_an_interval_where_no_resample_varies() -> None:
    perfect = [
        ImageRecord(
            str(number),
            f"P{number // 4}",
            "s",
            False,
            number % 4,
            number % 4,
            tuple(float(grade == number % 4) for grade in range(4)),
        )
        for number in range(40)
    ]
    found = figures_of(perfect, "LDH", 4, options=QUICK)
    assert found.figures["npv_any"].value == 1
    assert found.figures["sensitivity_marked"] == found.shares["sensitivity_marked"]
    assert found.shares["sensitivity_marked"].value == 1
    assert found.shares["sensitivity_marked"].low == pytest.approx(0.7225, abs=1e-4)  # of 10
    assert found.shares.keys() < found.figures.keys()


def test_every_share_is_the_figure_of_that_name() -> None:
    found = figures_of(_records(), "LDH", 4, options=QUICK)
    assert len(found.shares) == 10
    for name, share in found.shares.items():
        assert share.value == pytest.approx(found.figures[name].value), name
        assert share.low < share.value < share.high, name


def test_an_empty_class_is_undefined_and_counted() -> None:
    mild = [one for one in _records() if one.reference is not None and one.reference < 2]
    found = figures_of(mild, "LDH", 4, options=QUICK)
    for name in ("auc_marked", "sensitivity_marked"):
        assert np.isnan(found.figures[name].value)
        assert found.figures[name].undefined == QUICK.resamples
    assert np.isfinite(found.figures["auc_any"].low)
    rare = [*mild, next(one for one in _records() if one.reference == 3)]
    some = figures_of(rare, "LDH", 4, options=QUICK)
    area, share = some.figures["auc_marked"], some.figures["sensitivity_marked"]
    assert np.isfinite(area.value)
    assert np.isnan(area.low)  # one patient has the class: no interval
    assert 0 < share.undefined < QUICK.resamples


def test_agreement_without_a_fault_has_no_interval() -> None:
    """Rounding leaves a spread of 1e-16, which is none."""
    perfect = [replace(one, predicted=one.reference) for one in _records()]
    found = figures_of(perfect, "LDH", 4, options=QUICK)
    for name in ("ac1", "ac2_quadratic", "kappa", "kappa_linear", "f1_weighted"):
        assert found.figures[name].value == pytest.approx(1)
        assert found.figures[name].reason == "no variation", name
    for name in ("ac1", "kappa_linear"):
        assert np.isnan(
            [found.formulas[name].independent.low, found.formulas[name].clustered.low]
        ).all()


def test_a_grade_of_one_patient_has_values_without_intervals() -> None:
    mild = [one for one in _records() if one.reference is not None and one.reference < 3]
    severe = [replace(one, reference=3) for one in mild if one.patient == "P1"]
    rest = [one for one in mild if one.patient != "P1"]
    found = figures_of([*rest, *severe], "LDH", 4, options=QUICK)
    row = found.grades[3]
    assert (row.images, row.patients) == (len(severe), 1)
    assert np.isnan([row.recall.low, row.f1.low]).all()
    for name in ("balanced_accuracy", "f1_macro", "precision_macro"):
        assert np.isfinite(found.figures[name].value)
        assert np.isnan(found.figures[name].low), name
    assert np.isfinite(found.figures["ac1"].low)


def test_a_mean_over_grades_is_never_taken_over_fewer() -> None:
    """Resamples without a grade are left out and counted: there the mean is another one."""
    records = [
        replace(one, reference=3 if number % 35 == 0 else min(one.reference or 0, 2))
        for number, one in enumerate(_records())
    ]
    found = figures_of(records, "LDH", 4, options=Options(resamples=2000)).figures
    assert found["balanced_accuracy"].undefined > 0
    assert found["accuracy"].undefined == 0


def test_intervals_by_formula_are_near_the_bootstrap() -> None:
    """One image a patient: by patient is as if independent, and near the bootstrap."""
    found = figures_of(_records(300, 1), "LDH", 4, options=Options(resamples=1000))
    for name in ("ac1", "kappa_linear", "auc_any", "auc_marked"):
        told, drawn = found.formulas[name], found.figures[name]
        assert told.independent.value == pytest.approx(drawn.value)
        # The published one is symmetric; the other lies on Fisher's scale, wider towards 0.
        assert told.clustered.low == pytest.approx(told.independent.low, abs=0.03)
        assert told.clustered.low == pytest.approx(drawn.low, abs=0.02)
        assert told.clustered.high == pytest.approx(drawn.high, abs=0.02)


def test_the_majority_is_the_same_grade_in_every_resample() -> None:
    records = [
        replace(one, reference=number % 2, predicted=0) for number, one in enumerate(_records())
    ]
    found = figures_of(records[1:], "LDH", 4, options=QUICK).figures["majority_baseline"]
    assert found.low < found.value < found.high
