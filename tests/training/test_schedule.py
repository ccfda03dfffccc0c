from __future__ import annotations

import time

import pytest
import torch

from lumbargrade.training.recipe import OptimiserSettings
from lumbargrade.training.schedule import (
    has_fast_bf16,
    lightning_precision,
    one_cycle,
    rate_factor,
    share_over,
    stage_pixels,
)


def test_schedules() -> None:
    cycle = OptimiserSettings(schedule="onecycle", warmup=0.2)
    assert rate_factor(cycle, 0.0) == pytest.approx(0.04)
    assert rate_factor(cycle, 0.2) == pytest.approx(1.0)
    assert rate_factor(cycle, 1.0) == pytest.approx(0.001)
    assert rate_factor(OptimiserSettings(schedule="cosine"), 0.0) == pytest.approx(1.0)
    assert rate_factor(OptimiserSettings(schedule="constant"), 0.7) == 1.0


def test_stages() -> None:
    settings = OptimiserSettings(stages=((0.0, 80), (0.5, 96), (0.8, 128)))
    assert [stage_pixels(settings, share) for share in (0.0, 0.49, 0.5, 0.8, 1.0)] == [
        80, 80, 96, 128, 128,
    ]  # fmt: skip


def test_one_cycle_rises_to_the_peak_and_falls_as_a_cosine() -> None:
    rates = [one_cycle(share, 0.1, 0.002) for share in (0.0, 0.05, 0.1, 0.55, 1.0, 1.5)]
    assert rates == pytest.approx([0.04, 0.52, 1.0, 0.501, 0.002, 0.002])


def test_the_clock_counts_where_a_time_is_given() -> None:
    an_hour_ago = time.perf_counter() - 3600
    assert share_over(0.25, an_hour_ago, 0.0) == 0.25
    assert share_over(0.25, an_hour_ago, 120.0) == pytest.approx(0.5, abs=0.01)
    assert share_over(0.75, an_hour_ago, 120.0) == 0.75


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
