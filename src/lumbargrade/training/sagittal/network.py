"""The disc grader: several small networks whose mean probability is the answer.

A grade is a step on a ladder, so each network answers, step by step, whether the disc lies above
it (continuation ratio): probabilities come out ordered, and each step learns from all discs that
reach it.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from lumbargrade.training.outlines.network import standardise

WIDTHS = (12, 24, 48, 64)
"""Channels from half the size down to a sixteenth. A network of 16 to 96 channels agreed no better
with the reader on patients that it had not seen."""
MEMBERS = 3
DROPOUT = 0.3
LEAST = 1e-6


class DiscGrader(nn.Module):
    """``MEMBERS`` networks of different starting weights; ``grades``: how many each system has."""

    def __init__(self, grades: Sequence[int]) -> None:
        super().__init__()
        self.grades = tuple(grades)
        self.members = nn.ModuleList(_Member(self.grades) for _ in range(MEMBERS))

    def forward(self, square: Tensor) -> Tensor:
        """(N, 1, p, p), CSF at 1 -> logarithms of the probabilities of the grades (N, g), those of
        one system after those of another.
        """
        chances = torch.stack([one(square).exp() for one in self.members])
        return chances.mean(dim=0).clamp(min=LEAST).log()

    def apart(self, square: Tensor) -> Tensor:
        """As :meth:`forward` for each network alone, (members, N, g)."""
        return torch.stack([one(square) for one in self.members])

    def split(self, found: Tensor) -> tuple[Tensor, ...]:
        """Return the (..., grades) of each system of (..., g)."""
        return torch.split(found, list(self.grades), dim=-1)


class _Member(nn.Module):
    def __init__(self, grades: Sequence[int]) -> None:
        super().__init__()
        first = WIDTHS[0]
        self.first = nn.Sequential(
            nn.Conv2d(2, first, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(first)
        )
        inputs = (first, *WIDTHS[:-1])
        self.blocks = nn.Sequential(
            *(_Block(i, o, 1 if o == first else 2) for i, o in zip(inputs, WIDTHS, strict=True))
        )
        self.dropout = nn.Dropout(DROPOUT)
        self.ladders = [one - 1 for one in grades]
        self.steps = nn.Linear(WIDTHS[-1], sum(self.ladders))

    def forward(self, square: Tensor) -> Tensor:
        """(N, 1, p, p) -> (N, g), logarithms of probabilities."""
        both = torch.cat([2.0 * square - 1.0, standardise(square)], dim=1)
        pooled = self.blocks(functional.relu(self.first(both))).mean(dim=(2, 3))
        ladders = torch.split(self.steps(self.dropout(pooled)), self.ladders, dim=1)
        return torch.cat([of_steps(one) for one in ladders], dim=1)


class _Block(nn.Module):
    """Two convolutions and a way around them (ResNet-D, He 2019)."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        shorter = [nn.AvgPool2d(2)] if stride == 2 else []
        wider = [nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs)]
        self.around = nn.Sequential(*shorter, *(wider if inputs != outputs else []))

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, h, w) -> (N, outputs, h / stride, w / stride); h and w are even."""
        return functional.relu(self.body(x) + self.around(x))


def of_steps(steps: Tensor) -> Tensor:
    """Return logarithms of the probabilities of grades (N, g + 1) from logits (N, g), each of
    lying above a grade for those that reach it.
    """
    above = functional.logsigmoid(steps)
    here = functional.logsigmoid(-steps)
    reached = functional.pad(above.cumsum(dim=1), (1, 0))
    return reached + functional.pad(here, (0, 1))
