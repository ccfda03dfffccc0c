"""Drawn boxes in place of the locator, from the study to its grades."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from lumbargrade.errors import StudyError
from lumbargrade.grading.level import LevelAssignment
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.cutting.candidates import Candidate
from lumbargrade.inference.cutting.places import (
    MANY_FRAMES,
    NOT_DRAWN,
    Given,
    find_places,
    lost_boxes,
    narrowest_mm,
)
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.predict import PredictOptions, predict
from lumbargrade.study.model import Study
from lumbargrade.study.read import read_study
from lumbargrade.study.squares import Box

BLOB = (70.0, 95.0)
BOX = (40.0, 65.0, 60.0, 60.0)
"""Around the blob of the slices, which the locator of the known bundle finds."""

MakeStudy = Callable[[int], Study]


@pytest.fixture
def make_study(tiny: ModuleType, tmp_path: Path) -> MakeStudy:
    def make(count: int) -> Study:
        slices = [tiny.axial(number, BLOB) for number in range(count)]
        return read_study(tiny.write_study(tmp_path / "study", slices))

    return make


@pytest.fixture(scope="module")
def drawn_engine(tiny: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """As ``engine``, of a bundle that was trained on drawn boxes."""
    patch = {"size_mm": 66.0, "pixels": 128, "region": "drawn", "expand": 1.2}
    folder = tmp_path_factory.mktemp("bundle") / "drawn"
    return Engine(load_bundle(tiny.write_bundle(folder, patch=patch)), "f32")


def on(study: Study, *boxes: Box | None) -> dict[tuple[str, str], Box]:
    """Boxes on the slices of a study, in their order."""
    (series,) = study.series
    return {
        (one.series_instance_uid, one.sop_instance_uid): box
        for one, box in zip(series.slices, boxes, strict=False)
        if box is not None
    }


def test_each_slice_is_graded_in_its_own_box(engine: Engine, make_study: MakeStudy) -> None:
    study = make_study(3)
    other = (44.0, 67.0, 54.0, 58.0)
    grades = predict(study, engine, PredictOptions(drawn=on(study, BOX, other, BOX)))
    found = [one.region for one in grades.slices]
    assert [one.center_px for one in found] == [(70, 95), (71, 96), (70, 95)]
    assert {(one.source, one.confidence, one.size_mm) for one in found} == {
        ("drawn box", None, 75.0)
    }
    assert not any("box" in warning for warning in grades.warnings)


def test_a_slice_without_a_box_is_listed(engine: Engine, make_study: MakeStudy) -> None:
    study = make_study(3)
    grades = predict(study, engine, PredictOptions(drawn=on(study, BOX, None, BOX)))
    assert len(grades.slices) == 2
    assert [(one.what[-8:], one.reason) for one in grades.not_graded] == [("0001.dcm", NOT_DRAWN)]
    with pytest.raises(StudyError, match="no region was drawn on this slice"):
        predict(study, engine, PredictOptions(drawn={}))


@pytest.mark.parametrize(
    ("box", "reason"),
    [
        ((150.0, 10.0, 60.0, 60.0), "extends beyond the slice, which is 176 x 160 pixels"),
        ((-40.0, -40.0, 30.0, 30.0), "extends beyond the slice"),
        ((70.0, 95.0, 0.0, 0.0), "is not X,Y,W,H in pixels with a width and a height above 0"),
        ((100.0, 95.0, -60.0, 40.0), "is not X,Y,W,H in pixels"),
        ((float("nan"), 95.0, 60.0, 40.0), "is not X,Y,W,H in pixels"),
        ((0.0, 0.0, 30.0, 30.0), "75 mm square lies outside the slice"),
    ],
)
def test_a_box_that_does_not_fit_takes_its_slice_alone(
    engine: Engine, make_study: MakeStudy, box: Box, reason: str
) -> None:
    study = make_study(2)
    grades = predict(study, engine, PredictOptions(drawn=on(study, box, BOX)))
    assert len(grades.slices) == 1
    (refused,) = grades.not_graded
    assert reason in refused.reason


def test_a_model_of_drawn_boxes_reads_the_box_made_square(
    drawn_engine: Engine, make_study: MakeStudy
) -> None:
    study = make_study(3)
    wide, high = (40.0, 75.0, 60.0, 40.0), (50.0, 60.0, 40.0, 70.0)
    tiny = (68.0, 93.0, 4.0, 4.0)
    grades = predict(study, drawn_engine, PredictOptions(drawn=on(study, wide, high, tiny)))
    assert [one.region.size_mm for one in grades.slices] == pytest.approx([72.0, 84.0])
    assert [one.region.center_px for one in grades.slices] == [(70, 95), (70, 95)]
    (refused,) = grades.not_graded
    assert refused.reason.startswith("the drawn box is 4 x 4 mm; one around a disc")


def test_a_model_of_drawn_boxes_says_what_it_read_without_any(
    drawn_engine: Engine, make_study: MakeStudy
) -> None:
    grades = predict(make_study(2), drawn_engine)
    assert {(one.region.source, one.region.size_mm) for one in grades.slices} == {("locator", 66.0)}
    assert any(
        "trained on drawn boxes, and none was given: squares of 66 mm" in one
        for one in grades.warnings
    )


def test_the_users_one_box_has_its_size_too(drawn_engine: Engine, make_study: MakeStudy) -> None:
    grades = predict(make_study(1), drawn_engine, PredictOptions(box_px=BOX))
    assert grades.slices[0].region.size_mm == pytest.approx(72.0)
    assert not any("drawn boxes" in one for one in grades.warnings)


def test_boxes_far_from_where_the_model_looks_are_told(
    engine: Engine, make_study: MakeStudy
) -> None:
    study = make_study(3)
    ahead = (40.0, 50.0, 60.0, 60.0)  # 15 mm in front of the blob
    grades = predict(study, engine, PredictOptions(drawn=on(study, ahead, ahead, BOX)))
    (told,) = [one for one in grades.warnings if "drawn boxes" in one]
    assert told.startswith("the centres of 2 of 3 drawn boxes lie more than 10 mm from where")
    assert "(median 14 mm)" in told or "(median 15 mm)" in told


def test_a_bundle_without_a_locator_grades_drawn_boxes(
    tiny: ModuleType, make_study: MakeStudy, tmp_path: Path
) -> None:
    written = tiny.write_bundle(tmp_path / "b", locator=None)
    study = make_study(2)
    drawn = PredictOptions(drawn=on(study, BOX, BOX))
    assert len(predict(study, Engine(load_bundle(written), "f32"), drawn).slices) == 2


def test_boxes_of_slices_that_are_not_there_are_counted(make_study: MakeStudy) -> None:
    study = make_study(1)
    (series,) = study.series
    strangers: dict[tuple[str, str], Box] = {
        (series.series_instance_uid, "1.2.3"): BOX,
        ("1.9", "1.2.4"): BOX,  # of another study
    }
    assert lost_boxes(study, {**on(study, BOX), **strangers}) == [
        "slices with a drawn box that the study does not have: 1"
    ]
    assert lost_boxes(study, on(study, BOX)) == lost_boxes(study, None) == []


def test_a_box_on_a_file_of_many_frames_belongs_to_none_of_them(
    engine: Engine, make_study: MakeStudy
) -> None:
    study = make_study(1)
    item = study.series[0].slices[0]
    given = Given(drawn=on(study, BOX))
    frame = Candidate(item, LevelAssignment(), item.load_pixels())
    assert find_places(engine, [frame, frame], given) == [MANY_FRAMES] * 2


def test_a_narrow_slice_is_judged_with_its_box(engine: Engine, drawn_engine: Engine) -> None:
    fixed, own = engine.bundle.manifest, drawn_engine.bundle.manifest
    drawn = Given(drawn={})
    assert (narrowest_mm(fixed, drawn), narrowest_mm(fixed, Given())) == (75.0, 75.0)
    assert (narrowest_mm(own, drawn), narrowest_mm(own, Given())) == (0.0, 66.0)
