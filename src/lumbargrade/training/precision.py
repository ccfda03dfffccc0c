"""Which arithmetic is fast on this machine."""

from __future__ import annotations

from typing import Literal

import torch

Precision = Literal["bf16-mixed", "32-true"]


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
