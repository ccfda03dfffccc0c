"""Scores of one epoch, from confusion tables (rows: reference grade, columns: given grade)."""

from __future__ import annotations

import torch
from torch import Tensor

from lumbargrade.statistics.agreement.two_raters import cohen, gwet
from lumbargrade.training.heads import MISSING


def confusion(given: Tensor, reference: Tensor, grades: int) -> Tensor:
    """Count (grades, grades) pairs; references that are not known are left out."""
    known = reference != MISSING
    pairs = reference[known] * grades + given[known]
    return torch.bincount(pairs, minlength=grades * grades).reshape(grades, grades)


def worse_side_given(left: Tensor, right: Tensor) -> Tensor:
    """Return the image grade (N,) from logits of both sides by P(<=k) = P_left P_right."""
    below = left.softmax(1).cumsum(1) * right.softmax(1).cumsum(1)
    each = torch.diff(below, dim=1, prepend=torch.zeros_like(below[:, :1]))
    return each.argmax(1)


def recalls(table: Tensor) -> list[float]:
    """Return the recall of each grade; not a number where the grade does not occur."""
    counts = table.double()
    return [float(value) for value in counts.diag() / counts.sum(1)]


def macro_recall(table: Tensor) -> float:
    """Return the mean recall over the grades that occur."""
    each = torch.tensor(recalls(table))
    return float(each[~each.isnan()].mean())


def describe(name: str, table: Tensor) -> dict[str, float]:
    """Return every score of one output under names for the log."""
    scores = {f"{name}/recall_{grade}": value for grade, value in enumerate(recalls(table))}
    scores[f"{name}/macro_recall"] = macro_recall(table)
    scores[f"{name}/kappa_linear"] = float(cohen(table.numpy(), "linear"))
    scores[f"{name}/ac1"] = float(gwet(table.numpy()))
    return scores
