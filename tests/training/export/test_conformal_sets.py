from __future__ import annotations

import json

import numpy as np
import pytest
from tests.statistics.patients import grades_of

from lumbargrade.grading.finding import Side
from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.training.export.conformal_sets import (
    Answers,
    Scored,
    conformal_entry,
    scored_outputs,
    set_metrics,
)
from lumbargrade.training.export.model_card import sets_text
from lumbargrade.training.heads import DISC, MISSING

SPECS = (
    OutputSpec("LDH", "LDH", None, 4),
    OutputSpec("LNRC_left", "LNRC", Side.LEFT, 4),
    OutputSpec("LNRC_right", "LNRC", Side.RIGHT, 4),
    OutputSpec(DISC, "", None, 2),
)
GRADED = [spec.name for spec in SPECS if spec.name != DISC]


def _answers(patients: int) -> Answers:
    """Return answers on 6 slices a patient, every output drawn by itself."""
    rng = np.random.default_rng(5)
    owner = np.repeat(np.arange(patients), 6)
    drawn = {name: grades_of(owner, rng) for name in GRADED}
    logits = {name: np.log(chances) for name, (chances, _) in drawn.items()}
    labels = np.stack([*(truth for _, truth in drawn.values()), np.ones(len(owner), int)], 1)
    return Answers({**logits, DISC: np.zeros((len(owner), 2))}, labels, owner.astype(str))


def _scored(answers: Answers) -> dict[str, Scored]:
    weights = {name: [1.0, 1.2, 1.5, 2.0] for name in GRADED}
    return scored_outputs(answers, SPECS, dict.fromkeys(GRADED, 1.0), weights)


def test_every_graded_output_has_one_threshold_a_grade() -> None:
    entry = conformal_entry(_scored(_answers(60)))
    assert entry["coverage"] == 0.9
    assert list(entry["thresholds"]) == GRADED
    assert all(len(each) == 4 and min(each) > 0 for each in entry["thresholds"].values())


def test_slices_without_a_grade_take_no_part() -> None:
    answers = _answers(60)
    half = len(answers.labels) // 2
    assert answers.patients is not None
    labels = answers.labels.copy()
    labels[half:, 0] = MISSING
    spoiled = Answers(answers.logits, labels, answers.patients)
    cut = Answers(
        {name: each[:half] for name, each in answers.logits.items()},
        answers.labels[:half],
        answers.patients[:half],
    )
    found = [conformal_entry(_scored(one))["thresholds"]["LDH"] for one in (spoiled, cut, answers)]
    assert found[0] == found[1] != found[2]


def test_patients_left_out_are_covered() -> None:
    metrics = set_metrics(_scored(_answers(300)), SPECS)
    assert list(metrics) == [*GRADED, "LNRC"]
    for name in GRADED:
        for row in metrics[name]:
            value, low, high = row["coverage_by_patient"]
            assert low <= value <= high
            assert value == pytest.approx(0.9, abs=0.04), (name, row["group"])
    everything = metrics["LNRC"][0]  # the image, from both sides: no threshold of its own
    assert everything["images"] == 1800
    assert 0.86 < everything["coverage_by_patient"][0] < 0.97


def test_nothing_is_measured_on_the_patients_it_was_fitted_on() -> None:
    """A patient whose images alone are all wrong is not covered by thresholds of the others."""
    rng = np.random.default_rng(1)
    owner = np.repeat(np.arange(40), 5)
    labels = np.zeros((200, 1), int)
    logits = rng.normal(0, 0.1, (200, 4)) + np.array([9.0, 0, 0, 0])
    logits[owner == 7] = [0, 0, 0, 9.0]
    specs = SPECS[:1]
    answers = Answers({"LDH": logits}, labels, owner.astype(str))
    scored = scored_outputs(answers, specs, {"LDH": 1.0}, {"LDH": [1.0] * 4})
    (everything, _) = set_metrics(scored, specs)["LDH"]
    assert everything["coverage_by_patient"][0] == pytest.approx(39 / 40)


def test_too_few_patients_make_no_sets_and_the_card_says_so() -> None:
    scored = _scored(_answers(8))
    entry = conformal_entry(scored)
    assert entry["thresholds"] == {}
    assert set_metrics(scored, SPECS) == {name: [] for name in [*GRADED, "LNRC"]}
    manifest = {"conformal": entry, "metrics": {"conformal": set_metrics(scored, SPECS)}}
    assert "too few validation patients" in sets_text(manifest)
    assert "too few validation patients" in sets_text({"metrics": {}})


def test_the_card_shows_coverage_with_its_interval() -> None:
    scored = _scored(_answers(60))
    metrics = {"conformal": set_metrics(scored, SPECS)}
    json.dumps(metrics, allow_nan=False)
    text = sets_text({"conformal": conformal_entry(scored), "metrics": metrics})
    row = metrics["conformal"]["LDH"][1]
    value, low, high = row["coverage_by_patient"]
    assert f"| LDH | grade 0 | {row['patients']}, {row['images']} | {value:.2f} (" in text
    assert f"({low:.2f}-{high:.2f})" in text
