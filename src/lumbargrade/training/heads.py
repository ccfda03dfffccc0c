"""The heads of a network: which there are, a slice's grades in their terms, loss and scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from lumbargrade.grading.finding import Side
from lumbargrade.grading.sides import worse_side
from lumbargrade.grading.system import GradingSystem, output_name
from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.inference.measures.names import mirror_columns
from lumbargrade.statistics.agreement.two_raters import cohen, gwet

MISSING = -1
"""Stands for a grade that is not known; never takes part in a loss or a score."""

DISC = "disc"
"""Name of the output that says whether a disc lies in the plane of the slice."""


def output_specs(
    systems: Sequence[GradingSystem], sides: bool, disc_head: bool
) -> tuple[OutputSpec, ...]:
    """List the heads for ``systems``; ``sides`` gives per-side systems one head a side."""
    specs = [
        OutputSpec(output_name(system.code, side), system.code, side, len(system.grades))
        for system in systems
        for side in (system.sides if sides else (None,))
    ]
    if disc_head:
        specs.append(OutputSpec(DISC, "", None, 2))
    return tuple(specs)


def labels_of(
    grades: Mapping[str, int | None], disc_in_plane: bool | None, specs: Sequence[OutputSpec]
) -> list[int]:
    """Return one label per output; ``MISSING`` where the grade is not known.

    An output at image level of a system that was graded per side gets the worse
    side, if both are known.
    """
    labels: list[int] = []
    for spec in specs:
        grade: int | None
        if spec.name == DISC:
            grade = None if disc_in_plane is None else int(disc_in_plane)
        elif spec.name in grades:
            grade = grades[spec.name]
        else:
            sides = (grades.get(output_name(spec.name, side)) for side in Side)
            grade = worse_side(sides, spec.grades - 1)
        labels.append(MISSING if grade is None else grade)
    return labels


def mirror_order(names: Sequence[str]) -> list[int]:
    """Return for each output the index of the output that it becomes in a mirror.

    Examples
    --------
    >>> mirror_order(["LDH", "LNRC_left", "LNRC_right"])
    [0, 2, 1]
    """
    return mirror_columns(names)[0]


def side_pairs(specs: Sequence[OutputSpec]) -> list[tuple[str, int, int]]:
    """Return (system, index of the left head, index of the right head) of per-side systems."""
    found: dict[str, dict[Side, int]] = {}
    for index, spec in enumerate(specs):
        if spec.side is not None:
            found.setdefault(spec.system, {})[spec.side] = index
    return [(system, pair[Side.LEFT], pair[Side.RIGHT]) for system, pair in found.items()]


def grading_loss(
    logits: dict[str, Tensor],
    labels: Tensor,
    specs: tuple[OutputSpec, ...],
    smoothing: float,
    soft: Tensor | None = None,
) -> Tensor:
    """Return the sum over the heads of the mean cross entropy over known labels.

    Parameters
    ----------
    logits : output name -> (N, grades).
    labels : (N, outputs); -1 where the grade is not known: no loss and no gradient.
    smoothing : share of a label that goes to its neighbouring grades.
    soft : (N, outputs, most grades) probabilities that take the place of a label, as they are; NaN
        where there are none.
    """
    total = torch.zeros((), device=labels.device)
    for column, spec in enumerate(specs):
        values, label = logits[spec.name].float(), labels[:, column]
        known = (label != MISSING).float()
        target = functional.one_hot(label.clamp(min=0), spec.grades).float()
        if smoothing > 0 and spec.name != DISC:
            target = (1.0 - smoothing) * target + smoothing * _neighbours(target)
        if soft is not None:
            given = soft[:, column, : spec.grades]
            there = ~given[:, :1].isnan()
            target = torch.where(there, given.nan_to_num(), target)
            known = torch.maximum(known, there[:, 0].float())
        each = -(target * values.log_softmax(1)).sum(1)
        # Divided by the whole batch, so that a slice weighs the same in every batch.
        total = total + (each * known).sum() / len(label)
    return total


def _neighbours(target: Tensor) -> Tensor:
    """Spread (N, grades) one-hot labels evenly over the grades beside each."""
    beside = functional.pad(target, (1, 1))
    near = beside[:, :-2] + beside[:, 2:]
    return near / near.sum(1, keepdim=True)


def confusion(given: Tensor, reference: Tensor, grades: int) -> Tensor:
    """Count pairs (reference, given); references that are not known are left out."""
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
