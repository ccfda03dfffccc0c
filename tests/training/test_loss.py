from __future__ import annotations

import torch

from lumbargrade.grading.finding import Side
from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.training.loss import grading_loss
from lumbargrade.training.network import Grader

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


def test_a_tiny_batch_can_be_learned_by_heart() -> None:
    torch.manual_seed(0)
    network = Grader("resnet18", {spec.name: spec.grades for spec in SPECS})
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
