"""The loss of the grader: cross entropy of each head over the grades that are known."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.training.heads import DISC, MISSING


def grading_loss(
    logits: dict[str, Tensor], labels: Tensor, specs: tuple[OutputSpec, ...], smoothing: float
) -> Tensor:
    """Return the sum over the heads of the mean cross entropy over known labels.

    Parameters
    ----------
    logits : output name -> (N, grades).
    labels : (N, outputs); -1 where the grade is not known: no loss and no gradient.
    smoothing : share of a label that goes to its neighbouring grades.
    """
    total = torch.zeros((), device=labels.device)
    for column, spec in enumerate(specs):
        values, label = logits[spec.name].float(), labels[:, column]
        known = (label != MISSING).float()
        target = functional.one_hot(label.clamp(min=0), spec.grades).float()
        if smoothing > 0 and spec.name != DISC:
            target = (1.0 - smoothing) * target + smoothing * _neighbours(target)
        each = -(target * values.log_softmax(1)).sum(1)
        # Divided by the whole batch, so that a slice weighs the same in every batch.
        total = total + (each * known).sum() / len(label)
    return total


def _neighbours(target: Tensor) -> Tensor:
    """Spread (N, grades) one-hot labels evenly over the grades beside each."""
    beside = functional.pad(target, (1, 1))
    near = beside[:, :-2] + beside[:, 2:]
    return near / near.sum(1, keepdim=True)
