"""bfloat16 where the machine computes in it, and what a recipe says where it says so."""

from __future__ import annotations

import pytest
import torch

from lumbargrade.training.precision import has_fast_bf16, lightning_precision


def machine(patch: pytest.MonkeyPatch, gpu: bool, gpu_bf16: bool, avx: bool, amx: bool) -> None:
    patch.setattr(torch.cuda, "is_available", lambda: gpu)
    patch.setattr(torch.cuda, "is_bf16_supported", lambda: gpu_bf16)
    patch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: avx)
    patch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx)


@pytest.mark.parametrize(
    ("gpu", "gpu_bf16", "avx", "amx", "fast"),
    [
        (False, False, False, False, False),
        (False, True, True, False, True),
        (False, False, False, True, True),
        (True, False, True, True, False),  # the graphics card computes, not the processor
        (True, True, False, False, True),
    ],
)
def test_what_the_machine_can(
    monkeypatch: pytest.MonkeyPatch, gpu: bool, gpu_bf16: bool, avx: bool, amx: bool, fast: bool
) -> None:
    machine(monkeypatch, gpu, gpu_bf16, avx, amx)
    assert has_fast_bf16() is fast
    assert lightning_precision("auto") == ("bf16-mixed" if fast else "32-true")


@pytest.mark.parametrize("fast", [True, False])
def test_a_recipe_that_says_so_is_followed(monkeypatch: pytest.MonkeyPatch, fast: bool) -> None:
    machine(monkeypatch, False, False, fast, fast)
    assert lightning_precision("bf16-mixed") == "bf16-mixed"
    assert lightning_precision("32-true") == "32-true"
