from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lumbargrade.cohort.read import CohortSlice
from lumbargrade.inference.engine import Engine
from lumbargrade.serving.reading_room.viewing.found import find_slices
from lumbargrade.serving.reading_room.viewing.places import places_of

Known = tuple[CohortSlice, ...]


def test_a_box_counts_before_the_locator(
    model: Engine, simulated_study: Path, known: Known
) -> None:
    bare = [replace(one, box_px=None) for one in known]
    box = (99.5, 79.5, 100.0, 120.0)
    drawn = [replace(known[0], box_px=box), *bare[1:]]
    found = find_slices(simulated_study, drawn)
    for one, place in zip(found.slices, places_of(model, found.slices), strict=True):
        assert place.proposed_px is not None
        centre = one.known.center_px
        assert centre is not None
        apart = np.subtract(place.proposed_px, centre) * one.item.geometry.pixel_spacing_mm[0]
        assert np.hypot(*apart) < 6, "the locator's own, whoever drew a box"
        if one.known.box_px is None:
            assert place.source == "locator"
            assert place.center_px == place.proposed_px
            assert place.size_mm == model.bundle.manifest.patch.size_mm
        else:
            assert place.source == "drawn box"
            assert place.center_px == pytest.approx((149.5, 139.5))
            assert place.size_mm == pytest.approx(120 * one.item.geometry.pixel_spacing_mm[0])


def test_where_nothing_is_found_it_is_the_middle(
    model: Engine, simulated_study: Path, known: Known
) -> None:
    found = find_slices(simulated_study, [replace(known[0], box_px=None)])
    blank = np.zeros_like(found.slices[0].pixels)
    (place,) = places_of(model, [replace(found.slices[0], pixels=blank)])
    geometry = found.slices[0].item.geometry
    assert place.source == "centre"
    assert place.center_px == ((geometry.columns - 1) / 2, (geometry.rows - 1) / 2)
    assert place.proposed_px is None
