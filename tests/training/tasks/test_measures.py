"""Measures as outputs: targets, loss, mirror and scores."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.cohort.split.test_leakage import slice_of

from lumbargrade.cohort.read import CohortSlice
from lumbargrade.training.progress_log import Listener
from lumbargrade.training.recipe import OutputSettings, Recipe
from lumbargrade.training.tasks.measures import (
    LARGEST_SPREADS,
    MeasureHead,
    measure_loss,
    measure_table,
    moments,
    scale_of,
    scores_of,
    swap_measures,
    with_known_measures,
)

NAN = float("nan")


def slices_with(*measures: Mapping[str, float | None]) -> list[CohortSlice]:
    return [replace(slice_of("P1", "1.1"), measures=one) for one in measures]


def test_what_is_not_said_is_not_known() -> None:
    slices = slices_with({"a": 1.0, "b": None}, {})
    table = measure_table(slices, ["a", "b"])
    np.testing.assert_array_equal(table, np.array([[1, NAN], [NAN, NAN]], np.float32))
    assert measure_table(slices, []).shape == (2, 0)


def test_measures_that_hardly_any_slice_has_are_dropped_with_their_other_side() -> None:
    known = {"bulge_mm": 1.0, "root_gap_left_mm": 2.0}
    slices = slices_with(known, known, {"root_gap_right_mm": 1.0})
    names = ("bulge_mm", "root_gap_left_mm", "root_gap_right_mm")
    said: list[str] = []
    recipe = Recipe(outputs=OutputSettings(measures=names))
    found = with_known_measures(recipe, slices, Listener(message=said.append))
    assert found.outputs.measures == ("bulge_mm",)
    assert said == [
        "measures that the cohort does not hold are left out: root_gap_left_mm, root_gap_right_mm"
    ]


def test_scale_is_of_the_known_values_and_never_zero() -> None:
    table = np.array([[1, NAN, 5], [3, NAN, 5], [NAN, NAN, 5]], np.float32)
    mean, spread = scale_of(table)
    assert mean.tolist() == [2, 0, 5]
    assert spread.tolist() == [1, 1, 1]
    assert scale_of(table * 2)[1].tolist() == [2, 1, 1]
    assert scale_of(np.zeros((0, 2), np.float32))[1].tolist() == [1, 1]


def head_of(mean: list[float], spread: list[float]) -> MeasureHead:
    head = MeasureHead(3, len(mean))
    head.set_scale((np.array(mean, np.float32), np.array(spread, np.float32)))
    return head


def test_targets_are_in_spreads_and_never_far_out() -> None:
    head = head_of([10.0, 0.0], [2.0, 1.0])
    values = torch.tensor([[14.0, NAN], [1000.0, -50.0]])
    target = head.standardised(values)
    assert target[0, 0] == 2.0
    assert bool(target[0, 1].isnan())
    assert target[1].tolist() == [LARGEST_SPREADS, -LARGEST_SPREADS]
    torch.testing.assert_close(head.in_units(target[0, 0]), torch.tensor([14.0, 2.0]))


def test_unknown_measures_give_no_loss_and_no_gradient() -> None:
    head = head_of([0.0, 0.0], [1.0, 1.0])
    given = torch.ones(3, 2, requires_grad=True)
    values = torch.tensor([[3.0, NAN], [NAN, NAN], [1.0, 1.5]])
    loss = measure_loss(given, values, head)
    loss.backward()
    assert float(loss.detach()) == pytest.approx((1.5 + 0.0 + 0.125) / 3)
    assert given.grad is not None
    assert bool((given.grad[values.isnan()] == 0).all())
    assert float(given.grad[0, 0]) != 0
    nothing = measure_loss(given.detach(), torch.full((3, 2), NAN), head)
    assert float(nothing) == 0.0


def test_sides_are_exchanged_in_mirrored_pictures_only() -> None:
    names = ["root_gap_left_mm", "root_gap_right_mm", "herniation_u_mm"]
    values = torch.tensor([[1.0, 2.0, 3.0], [4.0, NAN, -6.0]])
    swapped = swap_measures(values, torch.tensor([False, True]), names)
    assert swapped[0].tolist() == [1.0, 2.0, 3.0]
    assert math.isnan(swapped[1, 0])
    assert swapped[1, 1:].tolist() == [4.0, 6.0]


def test_scores_are_those_of_numpy_over_batches() -> None:
    random = np.random.default_rng(0)
    values = random.normal(5, 2, (40, 2))
    given = values + random.normal(0, 1, (40, 2))
    values[::3, 0] = NAN
    values[:, 1] = NAN
    pairs = [
        (torch.tensor(given[part]), torch.tensor(values[part]))
        for part in np.split(np.arange(40), 4)
    ]
    sums = sum((moments(*pair) for pair in pairs), torch.zeros(2, 7, dtype=torch.float64))
    scores = scores_of(sums, ["a", "b"])
    known = np.isfinite(values[:, 0])
    x, y = given[known, 0], values[known, 0]
    assert scores.keys() == {"measures/a/mean_error", "measures/a/correlation"}
    assert scores["measures/a/mean_error"] == pytest.approx(np.abs(x - y).mean())
    assert scores["measures/a/correlation"] == pytest.approx(np.corrcoef(x, y)[0, 1])


def test_a_layer_of_another_scale_gives_the_same_values() -> None:
    old, new = head_of([1.0, 2.0], [3.0, 0.5]), head_of([-2.0, 1.0], [1.5, 4.0])
    with torch.no_grad():
        old.linear.weight.normal_()
        old.linear.bias.normal_()
    weights = {
        "weight": old.linear.weight.detach().numpy(),
        "bias": old.linear.bias.detach().numpy(),
    }
    new.take(weights, (old.mean.numpy(), old.spread.numpy()))
    pooled = torch.randn(5, 3)
    torch.testing.assert_close(new.in_units(new(pooled)), old.in_units(old(pooled)))
