"""The tables of figures."""

from __future__ import annotations

import numpy as np
from tests.benchmarks.realism.slices import seen

from benchmarks.real.realism.seen import Seen
from benchmarks.real.realism.tables import (
    Figured,
    cell,
    figured,
    of_level,
    share,
    share_table,
    table,
    within,
)
from lumbargrade.morphometry.outlines import Outlines


def some(level: str, patient: str = "P1") -> Seen:
    return seen(Outlines(), patient=patient, level=level)


def numbered() -> Figured:
    slices = [some("L3-L4", "P1"), some("L4-L5", "P1"), *[some("L5-S1", "P2")] * 4]
    return Figured(slices, {"n": np.arange(6.0), "even": np.array([1.0, 0, 1, 0, 1, np.nan])})


def test_figures_of_slices_are_put_together() -> None:
    found = figured(
        [some("L3-L4"), some("L4-L5", "P2")], lambda _: {"a": 1.0}, lambda _: {"b": 2.0}
    )
    assert found.count == "2 slices of 2 patients"
    assert {name: values.tolist() for name, values in found.values.items()} == {
        "a": [1.0, 1.0],
        "b": [2.0, 2.0],
    }
    assert figured([]).count == "0 slices of 0 patients"


def test_a_level_and_all() -> None:
    assert of_level(numbered(), "n", "L5-S1").tolist() == [2.0, 3.0, 4.0, 5.0]
    assert of_level(numbered(), "even", "all").tolist() == [1.0, 0.0, 1.0, 0.0, 1.0]
    assert len(of_level(numbered(), "unknown", "L5-S1")) == 0


def test_too_few_values_have_no_cell() -> None:
    assert cell(np.array([1.0, 2.0])) == "-"
    assert cell(np.full(3, 136.4)) == "136 (136 to 136) n 3"
    assert cell(np.full(3, 0.256)) == "0.26 (0.26 to 0.26) n 3"
    assert share(np.array([1.0, 0.0, 0.0, 0.0])) == "25% n 4"
    assert share(np.zeros(0)) == "-"


def test_a_row_a_figure_and_level() -> None:
    sets = {"real": numbered(), "simulated": numbered()}
    lines = table(sets, ["n"], ["L3-L4", "L5-S1"])
    assert lines[0] == "| | real | simulated |"
    assert lines[2] == "| n, L3-L4 | - | - |"
    assert lines[3] == "| n, L5-S1 | 3.5 (2.3 to 4.7) n 4 | 3.5 (2.3 to 4.7) n 4 |"
    assert len({line.count("|") for line in lines}) == 1
    assert table(sets, ["n"])[2].startswith("| n | 2.5")
    assert share_table(sets, ["even"])[2] == "| even | 60% n 5 | 60% n 5 |"


def test_medians_within_the_real_range_are_counted() -> None:
    real = numbered()
    near = Figured(real.seen, {"n": np.full(6, 3.0), "even": np.full(6, np.nan)})
    far = Figured(real.seen, {"n": np.full(6, 30.0), "even": np.full(6, 0.5)})
    assert within(real, near, ["n", "even"]) == (1, 1)
    assert within(real, far, ["n", "even"]) == (1, 2)
    assert within(real, near, ["n"], ["L3-L4", "L5-S1"]) == (1, 1)
