"""How a training goes: arithmetic, share that is over, learning rate, picture size."""

from __future__ import annotations

import math
import time
from typing import Literal

import torch

from lumbargrade.training.recipe import OptimiserSettings

Precision = Literal["bf16-mixed", "32-true"]

WARMUP_START = 0.04
"""Learning rate of the first step, relative to the peak."""


def share_over(done: float, started: float, max_minutes: float) -> float:
    """Return the share of the training that is over, by epochs or by the clock.

    ``done`` is the share of the epochs, ``started`` the ``time.perf_counter()`` at the start;
    ``max_minutes`` of 0 is by epochs alone.
    """
    if max_minutes <= 0:
        return done
    return max(done, (time.perf_counter() - started) / (60 * max_minutes))


def one_cycle(share: float, warmup: float, lowest: float) -> float:
    """Return the learning rate, relative to its peak, at ``share`` of the training.

    It rises over ``warmup``, a share of the training, and falls to ``lowest`` as a cosine.
    """
    if share < warmup:
        return WARMUP_START + (1 - WARMUP_START) * share / warmup
    rest = (share - warmup) / max(1.0 - warmup, 1e-9)
    return lowest + (1 - lowest) * 0.5 * (1.0 + math.cos(math.pi * min(rest, 1.0)))


def rate_factor(settings: OptimiserSettings, share: float) -> float:
    """Return the grader's learning rate, relative to its peak, at ``share`` of the training."""
    if settings.schedule == "constant":
        return 1.0
    return one_cycle(share, settings.warmup if settings.schedule == "onecycle" else 0.0, 0.001)


def stage_pixels(settings: OptimiserSettings, share: float) -> int:
    """Return the picture size at ``share`` of the training."""
    return [int(pixels) for start, pixels in settings.stages if share >= start - 1e-9][-1]


def has_fast_bf16() -> bool:
    """Say whether the machine computes in bfloat16; without the instructions it is emulated,
    and slower than float32.
    """
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def lightning_precision(setting: str) -> Precision:
    """Return Lightning's name for a recipe's precision."""
    if setting != "auto":
        return "bf16-mixed" if setting == "bf16-mixed" else "32-true"
    return "bf16-mixed" if has_fast_bf16() else "32-true"
