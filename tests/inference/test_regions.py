from __future__ import annotations

import json
from pathlib import Path

import pytest

from lumbargrade.errors import StudyError
from lumbargrade.grading import grades_json
from lumbargrade.inference.locate import MIN_CONFIDENCE, Located
from lumbargrade.inference.regions import (
    FROM_BOX,
    FROM_DRAWN,
    FROM_LOCATOR,
    box_center,
    describe,
    refusal,
)
from lumbargrade.study.geometry import SliceGeometry
from lumbargrade.study.patch import PatchSpec

GEOMETRY = SliceGeometry((-80, -60, 0), (1, 0, 0), (0, 1, 0), (0.5, 0.5), 240, 320)


def test_the_middle_of_a_box_counts() -> None:
    assert box_center((100, 80, 60, 40), GEOMETRY) == (130, 100)


@pytest.mark.parametrize(
    "box",
    [(300, 100, 60, 60), (-5, 10, 40, 40), (10, 220, 40, 40), (0, 0, 321, 100)],
)
def test_a_box_out_of_the_slice_is_refused(box: tuple[float, float, float, float]) -> None:
    with pytest.raises(StudyError, match="extends beyond the slice, which is 320 x 240 pixels"):
        box_center(box, GEOMETRY)


@pytest.mark.parametrize(
    "box", [(10, 10, 0, 5), (10, 10, 5, -5), (float("nan"), 1, 2, 3), (1, 1, float("inf"), 3)]
)
def test_a_box_without_a_size_is_refused(box: tuple[float, float, float, float]) -> None:
    with pytest.raises(StudyError, match="is not X,Y,W,H in pixels"):
        box_center(box, GEOMETRY)


def test_a_region_over_the_edge_is_told() -> None:
    _, inside = describe(GEOMETRY, Located((160, 120), 0.9), PatchSpec(), FROM_LOCATOR)
    _, outside = describe(GEOMETRY, Located((70, 120), 0.9), PatchSpec(), FROM_LOCATOR)
    assert inside == ()
    assert outside == ("region extends beyond the edge of the slice",)


def test_only_the_locator_has_a_confidence() -> None:
    located = Located((160, 120), 0.9, "look here")
    region, warnings = describe(GEOMETRY, located, PatchSpec(), FROM_LOCATOR)
    assert (region.source, region.confidence, warnings) == ("locator", 0.9, ("look here",))
    region, _ = describe(GEOMETRY, Located((160, 120), 1.0), PatchSpec(), FROM_BOX)
    assert (region.source, region.confidence) == ("user box", None)


def test_the_schema_of_results_knows_every_source() -> None:
    path = Path(grades_json.__file__).with_name("grades.schema.json")
    region = json.loads(path.read_text(encoding="utf-8"))["$defs"]["region"]
    assert {FROM_LOCATOR, FROM_BOX, FROM_DRAWN} <= set(region["properties"]["source"]["enum"])


def test_an_unsure_region_is_not_graded() -> None:
    assert refusal(Located((1, 1), MIN_CONFIDENCE)) == ""
    assert "spinal canal not found (locator confidence 0.12)" in refusal(Located((1, 1), 0.12))
