from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from sklearn.metrics import cohen_kappa_score
from tests.training.small_network import SMALL

from lumbargrade.grading.finding import Side
from lumbargrade.grading.sides import worse_side_probabilities
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.training.heads import (
    MISSING,
    confusion,
    describe,
    grading_loss,
    labels_of,
    mirror_order,
    output_specs,
    recalls,
    side_pairs,
    worse_side_given,
)
from lumbargrade.training.network import Grader

ALL = list(GRADING_SYSTEMS.values())


def test_default_has_both_sides_and_a_disc_head() -> None:
    specs = output_specs(ALL, sides=True, disc_head=True)
    assert [s.name for s in specs] == ["LDH", "LCCS", "LNRC_left", "LNRC_right", "disc"]
    assert [s.grades for s in specs] == [4, 4, 4, 4, 2]
    assert side_pairs(specs) == [("LNRC", 2, 3)]


def test_paper_has_three_heads_at_image_level() -> None:
    specs = output_specs(ALL, sides=False, disc_head=False)
    assert [(s.name, s.side) for s in specs] == [("LDH", None), ("LCCS", None), ("LNRC", None)]
    assert side_pairs(specs) == []


def test_missing_grades_are_never_grade_0() -> None:
    specs = output_specs(ALL, sides=True, disc_head=True)
    grades = {"LDH": None, "LCCS": 2, "LNRC_left": None, "LNRC_right": 0}
    assert labels_of(grades, False, specs) == [-1, 2, -1, 0, 0]


@pytest.mark.parametrize(
    ("left", "right", "image"),
    [(1, 3, 3), (2, 0, 2), (None, 1, -1), (None, 3, 3), (None, None, -1)],
)
def test_image_label_is_the_worse_side_if_both_are_known(
    left: int | None, right: int | None, image: int
) -> None:
    specs = output_specs([GRADING_SYSTEMS["LNRC"]], sides=False, disc_head=False)
    assert labels_of({"LNRC_left": left, "LNRC_right": right}, True, specs) == [image]


def test_mirror_order_is_its_own_inverse() -> None:
    order = mirror_order(["LNRC_right", "LDH", "disc", "LNRC_left"])
    assert order == [3, 1, 2, 0]
    assert [order[i] for i in order] == [0, 1, 2, 3]


def test_a_disc_of_which_nothing_is_known_is_missing() -> None:
    specs = output_specs([GRADING_SYSTEMS["LCCS"]], sides=True, disc_head=True)
    assert labels_of({"LCCS": 2}, None, specs) == [2, MISSING]
    assert labels_of({"LCCS": 2}, False, specs) == [2, 0]


SPECS = (
    OutputSpec("LDH", "LDH", None, 4),
    OutputSpec("LNRC_left", "LNRC", Side.LEFT, 4),
    OutputSpec("LNRC_right", "LNRC", Side.RIGHT, 4),
    OutputSpec("disc", "", None, 2),
)


def test_missing_labels_give_no_gradient() -> None:
    logits = {spec.name: torch.randn(3, spec.grades, requires_grad=True) for spec in SPECS}
    labels = torch.tensor([[1, -1, 0, 1], [-1, -1, -1, 0], [3, 2, 1, 1]])
    grading_loss(logits, labels, SPECS, smoothing=0.1).backward()
    for column, spec in enumerate(SPECS):
        gradient = logits[spec.name].grad
        assert gradient is not None
        known = labels[:, column] >= 0
        assert float(gradient[~known].abs().sum()) == 0.0
        assert bool((gradient[known].abs().sum(1) > 0).all())


def test_a_batch_without_any_label_has_no_loss() -> None:
    logits = {spec.name: torch.randn(2, spec.grades) for spec in SPECS}
    assert float(grading_loss(logits, torch.full((2, len(SPECS)), -1), SPECS, 0.0)) == 0.0


def test_loss_is_the_sum_of_cross_entropies() -> None:
    logits = {spec.name: torch.randn(5, spec.grades) for spec in SPECS}
    labels = torch.stack([torch.randint(0, spec.grades, (5,)) for spec in SPECS], 1)
    wanted = sum(
        torch.nn.functional.cross_entropy(logits[spec.name], labels[:, i])
        for i, spec in enumerate(SPECS)
    )
    torch.testing.assert_close(grading_loss(logits, labels, SPECS, 0.0), wanted)


def test_smoothing_prefers_the_neighbouring_grade() -> None:
    specs = SPECS[:1]
    near = {"LDH": torch.tensor([[5.0, 3.0, 0.0, 0.0]])}
    far = {"LDH": torch.tensor([[5.0, 0.0, 0.0, 3.0]])}
    label = torch.tensor([[0]])
    assert grading_loss(near, label, specs, 0.1) < grading_loss(far, label, specs, 0.1)


def test_soft_labels_take_the_place_of_labels_where_there_are_some() -> None:
    logits = {spec.name: torch.randn(3, spec.grades) for spec in SPECS}
    labels = torch.tensor([[1, 2, -1, 1], [-1, 0, 3, 0], [3, 2, 1, -1]])
    soft = torch.full((3, 4, 4), torch.nan)
    soft[0, 0] = torch.tensor([0.5, 0.25, 0.25, 0.0])
    soft[1, 0] = torch.tensor([0.0, 1.0, 0.0, 0.0])  # of a slice without a label
    each = -logits["LDH"].log_softmax(1)
    wanted = (
        0.5 * each[0, 0] + 0.25 * each[0, 1] + 0.25 * each[0, 2] + each[1, 1] + each[2, 3]
    ) / 3
    wanted = wanted + grading_loss(logits, labels[:, 1:], SPECS[1:], 0.0)
    torch.testing.assert_close(grading_loss(logits, labels, SPECS, 0.0, soft), wanted)


def test_soft_labels_without_any_change_nothing() -> None:
    logits = {spec.name: torch.randn(2, spec.grades) for spec in SPECS}
    labels, none = torch.tensor([[1, 2, -1, 1], [0, 0, 3, 0]]), torch.full((2, 4, 4), torch.nan)
    plain = grading_loss(logits, labels, SPECS, 0.1)
    torch.testing.assert_close(grading_loss(logits, labels, SPECS, 0.1, none), plain)


def test_a_tiny_batch_can_be_learned_by_heart() -> None:
    torch.manual_seed(0)
    network = Grader(SMALL, {spec.name: spec.grades for spec in SPECS})
    pictures = torch.rand(8, 1, 32, 32)
    labels = torch.stack([torch.arange(8) % spec.grades for spec in SPECS], 1)
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3)
    for _ in range(25):
        loss = grading_loss(network(pictures), labels, SPECS, 0.0)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    given = network(pictures)
    for column, spec in enumerate(SPECS):
        assert given[spec.name].argmax(1).tolist() == labels[:, column].tolist()


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
