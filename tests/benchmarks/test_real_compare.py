"""Two tracers, or a tracer and a network: overlap, margin, measures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.morphometry.shapes import outlines

from benchmarks.real.meters.outlines import print_errors, print_overlaps
from benchmarks.real.tracings.compare import SQUARE, STRUCTURES, compare, shifted
from lumbargrade.morphometry.layers import to_layers


def test_the_same_outlines_are_the_same() -> None:
    one = outlines(hump_mm=2.0)
    found = compare(one, one, None)
    assert found.dice == dict.fromkeys(STRUCTURES, 1.0)
    assert found.margin_mm.max() == pytest.approx(0.0, abs=1e-9)
    assert all(a == b for pairs in found.measures.values() for a, b in pairs)
    assert len(found.measures["recess_depth_mm"]) == 2  # one a side
    assert len(found.measures["sac_area_mm2"]) == 1


def test_a_margin_1_mm_further_back_is_1_mm_off() -> None:
    one = outlines()
    assert one.disc is not None
    other = replace(one, disc=one.disc + np.array([0.0, 1.0]))
    found = compare(one, other, None)
    assert np.median(found.margin_mm) == pytest.approx(1.0, abs=0.1)
    assert found.dice["sac"] == 1.0
    assert found.dice["disc"] < 0.99


def test_a_network_is_compared_by_its_masks() -> None:
    one = outlines()
    masks, _ = to_layers(shifted(one, np.array([0.0, 2.0])), SQUARE)
    found = compare(one, shifted(one, np.array([0.0, 2.0])), masks)
    assert 0.5 < found.dice["sac"] < 0.9
    assert found.measures["sac_area_mm2"][0][0] == pytest.approx(
        found.measures["sac_area_mm2"][0][1], rel=1e-6
    )


def test_what_one_of_two_tracers_has_not_drawn_is_not_compared(
    capsys: pytest.CaptureFixture[str],
) -> None:
    one = outlines()
    found = compare(one, replace(one, facets={}, canal_back=None), None)
    assert set(found.dice) == {"disc", "sac"}
    assert len(found.margin_mm) == 0
    print_overlaps({"T1": [found, compare(one, one, None)], "T2": []})
    print_errors({"T1": [found, compare(one, one, None)], "T2": []})
    said = capsys.readouterr().out
    assert "| facets | 1.000 (1.000, 1.00) | - |" in said
    assert "| margin, median mm (worst slice) | 0.00 (0.0) | - |" in said
    assert "| canal_area_mm2 | 0.00 (+0.00; 1) 0.0% | - |" in said
    assert "| recess_depth_mm | 0.00 (+0.00; 2) | - |" in said
