"""Loss and scores of what is learned beside the grades."""

from __future__ import annotations

import pytest
import torch

from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.training.heads import grading_loss
from lumbargrade.training.recipe import OutputSettings
from lumbargrade.training.tasks.further import FurtherTasks
from lumbargrade.training.tasks.measures import MeasureHead, measure_loss

CS = OutputSpec("CS", "CS", None, 3)
NAN = float("nan")


def test_both_losses_are_weighted() -> None:
    outputs = OutputSettings(measures=("bulge_mm",), auxiliary_weight=0.25, measure_weight=3.0)
    tasks, head = FurtherTasks(outputs, [CS]), MeasureHead(4, 1)
    logits = {"CS": torch.randn(2, 3), "measures": torch.randn(2, 1)}
    labels, values = torch.tensor([[0, 2], [3, -1]]), torch.tensor([[2.0], [NAN]])
    wanted = 0.25 * grading_loss(logits, labels[:, 1:], (CS,), 0.1)
    wanted = wanted + 3.0 * measure_loss(logits["measures"], values, head)
    torch.testing.assert_close(tasks.loss(logits, labels, (values, head), 0.1), wanted)


def test_without_further_tasks_there_is_no_loss() -> None:
    tasks = FurtherTasks(OutputSettings(), [])
    assert float(tasks.loss({}, torch.tensor([[1, 0]]), (None, None), 0.1)) == 0.0
    assert tasks.mirrored({"measures": torch.zeros(1, 0)}, torch.tensor([True])) is None
    tasks.reset(torch.device("cpu"))
    tasks.count({}, {"labels": torch.tensor([[1, 0]])}, None)
    assert tasks.scores(lambda each: each) == {}


def test_a_batch_in_which_nothing_is_known_breaks_nothing() -> None:
    outputs = OutputSettings(measures=("bulge_mm",))
    tasks, head = FurtherTasks(outputs, [CS]), MeasureHead(4, 1)
    logits = {"CS": torch.randn(2, 3, requires_grad=True), "measures": head(torch.randn(2, 4))}
    labels, values = torch.full((2, 5), -1), torch.full((2, 1), NAN)
    loss = tasks.loss(logits, labels, (values, head), 0.1)
    loss.backward()
    assert float(loss.detach()) == 0.0
    assert head.linear.weight.grad is not None
    assert bool(torch.isfinite(head.linear.weight.grad).all())


def test_scores_have_names_that_choose_no_epoch() -> None:
    tasks, head = FurtherTasks(OutputSettings(measures=("bulge_mm",)), [CS]), MeasureHead(4, 1)
    tasks.reset(torch.device("cpu"))
    batch = {"labels": torch.tensor([[0, 1], [1, 2]]), "measures": torch.tensor([[1.0], [3.0]])}
    logits = {"CS": torch.eye(3)[[1, 2]], "measures": torch.tensor([[1.5], [3.5]])}
    tasks.count(logits, batch, head)
    scores = tasks.scores(lambda each: each)
    assert scores["auxiliary/CS/macro_recall"] == 1.0
    assert scores["measures/bulge_mm/mean_error"] == pytest.approx(0.5)
    assert scores["measures/bulge_mm/correlation"] == pytest.approx(1.0)
