"""The values that the simulation hands over: fixed once made, and empty rather than wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError

import pytest

from lumbargrade.grading.level import Level
from lumbargrade.phantom.simulate import StudyOptions
from lumbargrade.phantom.simulated import DiscTruth, SimulatedSlice, SimulatedStudy


def test_a_slice_without_truth_has_none(
    stub_simulate: Callable[[int, int, StudyOptions], SimulatedStudy],
) -> None:
    made = stub_simulate(1, 0, StudyOptions()).series[1].slices[0]
    assert SimulatedSlice(made.geometry, made.pixels).truth is None


def test_measures_of_two_discs_are_two_tables() -> None:
    first = DiscTruth(Level.L4_L5, (0.0, 0.0, 0.0))
    second = DiscTruth(Level.L5_S1, (0.0, 0.0, 0.0))
    assert first.measures == {}
    assert first.measures is not second.measures


def test_a_truth_cannot_be_changed_afterwards() -> None:
    disc = DiscTruth(Level.L4_L5, (0.0, 0.0, 0.0))
    with pytest.raises(FrozenInstanceError):
        disc.level = Level.L5_S1  # type: ignore[misc]
