"""A small network on packed patches, with or without the region that holds the disease."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from lumbargrade.study.patch import PatchSpec
from lumbargrade.training.heads import MISSING
from lumbargrade.training.network import Grader

ANTERIOR_MM, POSTERIOR_MM, LATERAL_MM = 38.0, 16.0, 28.0
"""What is blanked, seen from the centre of the canal: disc, canal, recesses, facets."""

PIXELS = 64
BATCH = 32


@dataclass(frozen=True)
class Pictures:
    """Patches (n, 1, 64, 64) and labels (n, outputs); -1 = missing."""

    patches: Tensor
    labels: Tensor


def shrink(patches: NDArray[np.float16], spec: PatchSpec) -> Tensor:
    """Cut the middle out of packed patches (n, p, p) and halve it: (n, 1, 64, 64) float32."""
    margin = (patches.shape[-1] - spec.pixels) // 2
    inner = patches[:, margin : margin + spec.pixels, margin : margin + spec.pixels]
    whole = torch.from_numpy(inner.astype(np.float32)).unsqueeze(1)
    return functional.interpolate(whole, size=(PIXELS, PIXELS), mode="area")


def mask(patches: Tensor, size_mm: float) -> Tensor:
    """Blank the disc, the canal and the recesses of (n, 1, 64, 64) patches."""
    per_mm, middle = PIXELS / size_mm, PIXELS / 2
    top, bottom = (
        max(round(middle - ANTERIOR_MM * per_mm), 0),
        round(middle + POSTERIOR_MM * per_mm),
    )
    left, right = round(middle - LATERAL_MM * per_mm), round(middle + LATERAL_MM * per_mm)
    blanked = patches.clone()
    blanked[..., top:bottom, left:right] = 0.0
    return blanked


def fit_and_predict(
    train: Pictures, test: Pictures, epochs: int, seed: int = 0
) -> NDArray[np.float64]:
    """Train a ResNet-18 and return probabilities (outputs, n, 4) on the test pictures."""
    torch.manual_seed(seed)
    outputs = {str(column): 4 for column in range(train.labels.shape[1])}
    network = Grader("resnet18", outputs)
    steps = epochs * (len(train.patches) // BATCH)
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1e-3, total_steps=steps)
    for _ in range(epochs):
        order = torch.randperm(len(train.patches))
        for chosen in order[: len(order) // BATCH * BATCH].split(BATCH):
            shift = torch.randint(-3, 4, (2,)).tolist()  # a little room for error
            logits = network(train.patches[chosen].roll(shift, dims=(2, 3)))
            loss = torch.stack(
                [
                    functional.cross_entropy(
                        logits[name], train.labels[chosen, int(name)], ignore_index=MISSING
                    )
                    for name in outputs
                ]
            ).nansum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    network.eval()
    with torch.inference_mode():
        parts = [network(part) for part in test.patches.split(256)]
    probabilities = [torch.cat([part[name] for part in parts]).softmax(1) for name in outputs]
    return np.stack([found.numpy().astype(np.float64) for found in probabilities])
