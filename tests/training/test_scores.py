from __future__ import annotations

import math

import numpy as np
import torch
from sklearn.metrics import cohen_kappa_score

from lumbargrade.grading.sides import worse_side_probabilities
from lumbargrade.training.scores import confusion, describe, recalls, worse_side_given


def test_missing_references_are_not_counted() -> None:
    table = confusion(torch.tensor([0, 1, 2]), torch.tensor([0, -1, 1]), 3)
    assert table.tolist() == [[1, 0, 0], [0, 0, 1], [0, 0, 0]]
    assert recalls(table)[:2] == [1.0, 0.0]
    assert math.isnan(recalls(table)[2])


def test_scores_agree_with_scikit_learn() -> None:
    random = np.random.default_rng(1)
    reference = random.integers(0, 4, 200)
    given = np.clip(reference + random.integers(-1, 2, 200), 0, 3)
    table = confusion(torch.from_numpy(given), torch.from_numpy(reference), 4)
    scores = describe("LDH", table)
    wanted = cohen_kappa_score(reference, given, weights="linear")
    assert math.isclose(scores["LDH/kappa_linear"], wanted, rel_tol=1e-9)
    each = [float((given == reference)[reference == grade].mean()) for grade in range(4)]
    assert math.isclose(scores["LDH/macro_recall"], sum(each) / 4, rel_tol=1e-6)
    assert math.isclose(scores["LDH/recall_2"], each[2], rel_tol=1e-9)


def test_image_grade_agrees_with_the_rule_of_both_sides() -> None:
    left, right = torch.randn(30, 4), torch.randn(30, 4)
    given = worse_side_given(left, right)
    for index in range(30):
        sides = [part[index].double().softmax(0).tolist() for part in (left, right)]
        assert int(given[index]) == int(np.argmax(worse_side_probabilities(*sides)))
