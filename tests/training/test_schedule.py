from __future__ import annotations

import time

import pytest

from lumbargrade.training.recipe import OptimiserSettings
from lumbargrade.training.schedule import one_cycle, rate_factor, share_over, stage_pixels


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
