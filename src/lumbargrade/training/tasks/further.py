"""Loss and scores of what is learned beside the grades, for one training."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from lumbargrade.inference.bundle_json import OutputSpec
from lumbargrade.inference.measures.names import MEASURES
from lumbargrade.training.heads import confusion, describe, grading_loss
from lumbargrade.training.recipe import OutputSettings
from lumbargrade.training.tasks.measures import (
    MeasureHead,
    measure_loss,
    moments,
    scores_of,
    swap_measures,
)

AUXILIARY = "auxiliary"
"""Before the names of scores of grading systems that are not shipped."""

Batch = Mapping[str, Tensor]
Logits = dict[str, Tensor]


class FurtherTasks:
    """Auxiliary grades and measures of a batch; neither chooses the best epoch.

    ``specs`` are the auxiliary heads; their labels are the last columns of a batch's.
    """

    def __init__(self, outputs: OutputSettings, specs: Sequence[OutputSpec]) -> None:
        self.outputs, self.specs = outputs, tuple(specs)
        self._tables: dict[str, Tensor] = {}
        self._moments = torch.zeros(len(outputs.measures), 7, dtype=torch.float64)

    def own(self, labels: Tensor) -> Tensor:
        """Return the auxiliary columns (N, auxiliary) of labels (N, outputs)."""
        return labels[:, labels.shape[1] - len(self.specs) :]

    def loss(
        self,
        logits: Logits,
        labels: Tensor,
        values: tuple[Tensor | None, MeasureHead | None],
        smoothing: float,
    ) -> Tensor:
        """Return the weighted loss of auxiliary grades and measures.

        Parameters
        ----------
        labels : (N, outputs) of all heads, -1 where a grade is not known.
        values : (N, measures) in their units with NaN where one is not known, and the head.
        smoothing : share of a label that goes to its neighbouring grades.
        """
        total = torch.zeros((), device=labels.device)
        if self.specs:
            own = grading_loss(logits, self.own(labels), self.specs, smoothing)
            total = total + self.outputs.auxiliary_weight * own
        measures, head = values
        if measures is not None and head is not None:
            total = total + self.outputs.measure_weight * measure_loss(
                logits[MEASURES], measures, head
            )
        return total

    def mirrored(self, batch: Batch, mirrored: Tensor) -> Tensor | None:
        """Return the measures of a batch, their sides exchanged where a picture is mirrored."""
        if MEASURES not in batch or not self.outputs.measures:
            return None
        return swap_measures(batch[MEASURES], mirrored, self.outputs.measures)

    def reset(self, device: torch.device) -> None:
        """Forget what was counted."""
        self._moments = torch.zeros_like(self._moments, device=device)
        self._tables = {
            spec.name: torch.zeros(spec.grades, spec.grades, dtype=torch.long, device=device)
            for spec in self.specs
        }

    def count(self, logits: Logits, batch: Batch, head: MeasureHead | None) -> None:
        """Count what the network gives against the reference of an unchanged batch."""
        own = self.own(batch["labels"])
        for column, spec in enumerate(self.specs):
            given = logits[spec.name].argmax(1)
            self._tables[spec.name] += confusion(given, own[:, column], spec.grades)
        if head is not None and MEASURES in batch:
            self._moments += moments(head.in_units(logits[MEASURES]), batch[MEASURES])

    def scores(self, summed: Callable[[Tensor], Tensor]) -> dict[str, float]:
        """Return all scores under names for the log; ``summed`` adds up over processes."""
        found: dict[str, float] = {}
        for name, table in self._tables.items():
            whole = summed(table).cpu()
            if whole.sum() > 0:
                found |= describe(f"{AUXILIARY}/{name}", whole)
        return found | scores_of(summed(self._moments).cpu(), self.outputs.measures)
