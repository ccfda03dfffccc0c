from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import Plane, Side, UserWord
from lumbargrade.grading.level import Level, LevelSource, Through
from lumbargrade.inference import predict as room
from lumbargrade.inference.bundle import load_bundle
from lumbargrade.inference.cutting.chosen import ChosenSlices, choose_slices
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.grader.inputs import bundle_inputs
from lumbargrade.inference.predict import PredictOptions, grade_study, predict
from lumbargrade.inference.sagittal.discs import SpineDisc, SpineDiscs
from lumbargrade.study.read import ReadOptions, read_study

CENTER = (70.0, 95.0)


def test_a_stack_is_graded_around_its_canal(
    engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    folder = tiny.write_study(tmp_path / "s", [tiny.axial(i, CENTER) for i in range(3)])
    grades = predict(read_study(folder), engine)
    assert grades.patient_id == "TINY"
    assert grades.model == engine.bundle.identity
    assert [item.source_file.split("/")[-1] for item in grades.slices] == [
        "0000.dcm", "0001.dcm", "0002.dcm",
    ]  # fmt: skip
    for number, item in enumerate(grades.slices):
        assert np.hypot(*np.subtract(item.region.center_px, CENTER)) < 2.0
        assert item.region.center_mm == pytest.approx((70 - 88, 95 - 80, 4 * number), abs=2.0)
        assert item.region.size_mm == 75.0
        assert item.region.source == "locator"
        assert {
            (f.system, f.side): f.grade for f in item.findings if f.side or f.system != "LNRC"
        } == {
            ("LDH", None): tiny.GRADES["LDH"],
            ("LCCS", None): tiny.GRADES["LCCS"],
            ("LNRC", Side.LEFT): tiny.GRADES["LNRC_left"],
            ("LNRC", Side.RIGHT): tiny.GRADES["LNRC_right"],
        }
        assert item.level.level is None
        assert item.warnings == ()
    assert grades.warnings == (
        "disc levels are unknown: the axial slices show one disc, and nothing says which",
    )


def test_angled_blocks_get_assumed_names(engine: Engine, tiny: ModuleType, tmp_path: Path) -> None:
    tilt = np.radians(20)
    tilted = [1, 0, 0, 0, float(np.cos(tilt)), float(-np.sin(tilt))]
    low = [tiny.axial(i) for i in range(2)]
    high = [tiny.axial(15 + i, ImageOrientationPatient=tilted) for i in range(2)]
    folder = tiny.write_study(tmp_path / "s", [*high, *low])
    grades = predict(read_study(folder), engine)
    assert [item.level.level for item in grades.slices] == [
        Level.L5_S1, Level.L5_S1, Level.L4_L5, Level.L4_L5,
    ]  # fmt: skip
    assert any("level names are assumed" in warning for warning in grades.warnings)
    word = UserWord(lowest_level=Level.L3_L4)
    named = predict(read_study(folder), engine, PredictOptions(word=word))
    assert [item.level.level for item in named.slices] == [
        Level.L3_L4, Level.L3_L4, Level.L2_L3, Level.L2_L3,
    ]  # fmt: skip
    assert {item.level.source for item in named.slices} == {LevelSource.USER}
    assert "level names follow the user's word: the lowest disc is L3/L4" in named.warnings


def test_pictures_that_contradict_the_sagittal_series_are_said(
    drawing_engine: Engine, tiny: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each picture shows a disc; by the sagittal series all but the lowest run through bone."""
    corners = [(0.0, y, z) for y, z in ((-17, 16), (17, 16), (17, 8), (-17, 8))]
    frame = tiny.axial(0).get("FrameOfReferenceUID", "")
    spine = SpineDiscs((SpineDisc(np.array(corners), 1, 0.9),), frame, "series 2")

    def chosen(*given: Any, **named: Any) -> ChosenSlices:
        return choose_slices(*given, **{**named, "spine": spine})

    monkeypatch.setattr(room, "choose_slices", chosen)
    folder = tiny.write_study(tmp_path / "s", [tiny.axial(i, CENTER) for i in (3, 5, 6)])
    few = predict(read_study(folder), drawing_engine)
    assert [item.level.level for item in few.slices] == [Level.L4_L5] * 3
    assert [item.level.place.through for item in few.slices if item.level.place] == [
        Through.DISC, Through.BONE, Through.BONE,
    ]  # fmt: skip
    assert not any("may have moved" in text for text in few.warnings)
    folder = tiny.write_study(tmp_path / "t", [tiny.axial(i, CENTER) for i in (0, 1, 3, 5, 6)])
    many = predict(read_study(folder), drawing_engine).warnings
    assert any(text.startswith("only 1 of 5 ") and "may have moved" in text for text in many)

    def confirmed(*given: Any, **named: Any) -> ChosenSlices:
        found = chosen(*given, **named)
        return replace(found, levels=replace(found.levels, confirmed=True))

    monkeypatch.setattr(room, "choose_slices", confirmed)
    fitting = predict(read_study(folder), drawing_engine).warnings
    assert not any("may have moved" in text for text in fitting)


def test_the_pictures_are_those_of_the_slices(
    engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    folder = tiny.write_study(tmp_path / "s", [tiny.axial(i, CENTER) for i in range(2)])
    graded = grade_study(read_study(folder), engine)
    for item, picture in zip(graded.grades.slices, graded.pictures, strict=True):
        assert item.sop_instance_uid == picture.sop_instance_uid
        assert picture.pixels.shape == (tiny.ROWS, tiny.COLUMNS)
        assert picture.patch[60:68, 60:68].mean() > 2 * np.median(picture.patch)
        assert set(picture.maps) == set(tiny.LOGITS)
        assert picture.maps["LDH"].shape == (4, 4, 4)


def test_pictures_of_slices_that_share_a_uid_are_told_apart(
    engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    """As in sets released with UIDs that repeat in every series."""
    slices = [
        tiny.axial(3 * series + number, CENTER, SOPInstanceUID=f"1.1.{number}",
                   SeriesInstanceUID=f"1.{series}")
        for series in (1, 2)
        for number in (1, 2)
    ]  # fmt: skip
    graded = grade_study(read_study(tiny.write_study(tmp_path / "s", slices)), engine)
    identities = [item.identity for item in graded.grades.slices]
    assert len(set(identities)) == 4
    assert [picture.identity for picture in graded.pictures] == identities
    assert {(series, sop) for series, sop, _, _ in identities} == {
        (f"1.{series}", f"1.1.{number}") for series in (1, 2) for number in (1, 2)
    }


def test_notes_on_study_and_slices_are_warnings(
    engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    slices = [tiny.axial(i, CENTER, ReconstructionDiameter=80) for i in range(2)]
    study = replace(read_study(tiny.write_study(tmp_path / "s", slices)), notes=("a note",))
    first, second, *_ = predict(study, engine).warnings
    assert first == "a note"
    assert second.startswith("0000.dcm and 1 more of its series: pixel spacing of 1 x 1 mm contrad")
    blank = tiny.axial(0, ReconstructionDiameter=80, PixelData=bytes(2 * tiny.ROWS * tiny.COLUMNS))
    with pytest.raises(
        StudyError, match=r"the image is blank: .*; 0000\.dcm: pixel spacing of 1 x"
    ):
        predict(read_study(tiny.write_study(tmp_path / "b", [blank])), engine)


def test_outputs_are_given_the_models_systems_and_the_headers(
    engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    t1 = {"EchoTime": 10, "RepetitionTime": 550, "SeriesInstanceUID": "1.2.9"}
    folder = tiny.write_study(tmp_path / "s", [tiny.axial(0), tiny.axial(1, **t1)])
    graded = grade_study(read_study(folder), engine)
    assert graded.systems == engine.bundle.manifest.systems
    assert graded.scanner == read_study(folder).series[0].acquisition.scanner
    ((uid, header),) = graded.references.items()  # of what was graded only
    assert uid == header.SOPInstanceUID == graded.grades.slices[0].sop_instance_uid


def test_a_box_wins_over_the_locator(engine: Engine, tiny: ModuleType, tmp_path: Path) -> None:
    folder = tiny.write_study(tmp_path / "s", [tiny.axial(i, CENTER) for i in range(2)])
    grades = predict(read_study(folder), engine, PredictOptions(box_px=(90, 60, 20, 30)))
    for item in grades.slices:
        assert item.region.center_px == (100.0, 75.0)
        assert (item.region.source, item.region.confidence) == ("user box", None)
    assert grades.warnings[0] == "the same box was used on all 2 slices"


def test_a_box_out_of_the_slice_is_an_error(
    engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    study = read_study(tiny.write_study(tmp_path / "s", [tiny.axial(0)]))
    with pytest.raises(StudyError, match="extends beyond the slice"):
        predict(study, engine, PredictOptions(box_px=(150, 10, 60, 30)))


def test_other_contrasts_are_refused(engine: Engine, tiny: ModuleType, tmp_path: Path) -> None:
    t1 = {"EchoTime": 10, "RepetitionTime": 550, "SeriesDescription": "t1_tse_tra"}
    study = read_study(tiny.write_study(tmp_path / "s", [tiny.axial(0, **t1)]))
    with pytest.raises(StudyError, match=r"T1-weighted.*the model grades T2"):
        predict(study, engine)


def test_no_disc_means_no_grade(tiny: ModuleType, tmp_path: Path) -> None:
    engine = Engine(load_bundle(tiny.write_bundle(tmp_path / "b", disc_logit=-3.0)), "f32")
    study = read_study(tiny.write_study(tmp_path / "s", [tiny.axial(0)]))
    (item,) = predict(study, engine).slices
    found = item.finding("LDH")
    assert found is not None
    assert (found.grade, found.reason) == (None, "no disc in the plane of this slice")
    other = item.finding("LCCS")
    assert other is not None
    assert other.grade == 0


def test_a_damaged_slice_is_listed_and_the_others_graded(
    engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    slices = [tiny.axial(i) for i in range(3)]
    slices[1].PixelData = slices[1].PixelData[:1000]
    grades = predict(read_study(tiny.write_study(tmp_path / "s", slices)), engine)
    assert len(grades.slices) == 2
    assert ["0001.dcm" in item.what for item in grades.not_graded] == [True]
    assert grades.not_graded[0].reason


def test_a_region_too_near_the_edge_is_not_graded(
    engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    slices = [tiny.axial(0, (20.0, 20.0)), tiny.axial(20)]
    grades = predict(read_study(tiny.write_study(tmp_path / "s", slices)), engine)
    assert [item.region.center_px[0] > 80 for item in grades.slices] == [True]
    assert "lies outside the slice" in grades.not_graded[0].reason
    assert grades.not_graded[0].sop_instance_uid == slices[0].SOPInstanceUID


def test_a_slice_without_a_canal_is_not_graded(
    engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    plain = tiny.axial(0)
    noise = np.random.default_rng(1).integers(100, 110, (tiny.ROWS, tiny.COLUMNS), dtype=np.uint16)
    plain.PixelData = noise.tobytes()
    study = read_study(tiny.write_study(tmp_path / "s", [plain]))
    with pytest.raises(StudyError, match=r"no slice could be graded.*spinal canal not found"):
        predict(study, engine)


def test_left_is_left_however_the_slice_is_stored(
    engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    plain = tiny.axial(0, CENTER)
    mirrored = tiny.axial(1, CENTER)
    pixels = np.frombuffer(plain.PixelData, np.uint16).reshape(tiny.ROWS, tiny.COLUMNS)
    mirrored.PixelData = np.ascontiguousarray(pixels[:, ::-1]).tobytes()
    x, y, z = plain.ImagePositionPatient
    mirrored.ImagePositionPatient = [x + (tiny.COLUMNS - 1) * tiny.SPACING_MM, y, z + 4]
    mirrored.ImageOrientationPatient = [-1, 0, 0, 0, 1, 0]
    graded = grade_study(read_study(tiny.write_study(tmp_path / "s", [plain, mirrored])), engine)
    first, second = graded.grades.slices
    assert first.region.center_mm[:2] == pytest.approx(second.region.center_mm[:2], abs=0.1)
    stored, turned = (picture.patch for picture in graded.pictures)
    np.testing.assert_allclose(stored, turned, atol=0.02)


def test_a_picture_is_graded_on_the_users_word(
    engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    from PIL import Image

    path = tmp_path / "slice.png"
    Image.fromarray((tiny.blob_picture(CENTER) // 4).astype(np.uint8)).save(path)
    options = ReadOptions(pixel_spacing_mm=(1.0, 1.0))
    grades = predict(read_study(path, options), engine)
    (item,) = grades.slices
    assert np.hypot(*np.subtract(item.region.center_px, CENTER)) < 2.0
    assert item.level.level is None
    assert any("as given by the user" in warning for warning in grades.warnings)
    assert grade_study(read_study(path, options), engine).references == {}


def test_a_blank_picture_is_not_graded_even_in_a_box(
    engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    blank = tiny.axial(1, PixelData=bytes(2 * tiny.ROWS * tiny.COLUMNS))
    study = read_study(tiny.write_study(tmp_path / "s", [tiny.axial(0), blank]))
    grades = predict(study, engine, PredictOptions(box_px=(78, 80, 20, 20)))
    assert [item.source_file for item in grades.slices] == ["0000.dcm"]
    assert [(item.what, item.reason) for item in grades.not_graded] == [
        ("0001.dcm", "the image is blank: every pixel has the same value; export it again")
    ]


def test_a_bundle_that_draws_adds_measures_outlines_and_the_cut(
    drawing_engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    folder = tiny.write_study(tmp_path / "s", [tiny.axial(i, CENTER) for i in range(2)])
    graded = grade_study(read_study(folder), drawing_engine)
    for item, picture in zip(graded.grades.slices, graded.pictures, strict=True):
        sac = item.measure("sac_area_mm2")
        assert sac is not None
        assert sac.value == pytest.approx(62.8, rel=0.03)
        assert sac.error == 7.5
        assert item.cut is not None
        assert item.cut.plane is Plane.DISC
        assert picture.outlines is not None
        assert picture.outlines.sac is not None


def test_a_field_too_small_for_outlines_is_graded_without_them(
    drawing_engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    slice_ = tiny.axial(0, CENTER)
    slice_.PixelSpacing = [0.5, 0.5]
    folder = tiny.write_study(tmp_path / "s", [slice_])
    middle = PredictOptions(box_px=(68.0, 60.0, 40.0, 40.0))
    (item,) = predict(read_study(folder), drawing_engine, middle).slices
    assert item.measures == ()
    assert item.cut is None
    assert item.finding("LDH") is not None
    assert any(one.startswith("no outlines were drawn: field of view") for one in item.warnings)


def _noting(
    answer: Callable[[np.ndarray], Any], seen: list[np.ndarray]
) -> Callable[[np.ndarray], Any]:
    """Return a function that also keeps what it is given."""

    def noting(given: np.ndarray) -> Any:
        seen.append(given)
        return answer(given)

    return noting


def test_the_grader_reads_the_outlines_that_are_shown(
    outline_grader: Engine, tiny: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[np.ndarray] = []
    read: list[np.ndarray] = []
    for name, seen in (("draw", drawn), ("grade", read)):
        monkeypatch.setattr(outline_grader, name, _noting(getattr(outline_grader, name), seen))
    folder = tiny.write_study(tmp_path / "s", [tiny.axial(i, CENTER) for i in range(2)])
    graded = grade_study(read_study(folder), outline_grader)
    assert [len(one) for one in drawn] == [4]  # two slices, both ways, once
    slices = [(one.pixels, one.geometry, each.region.center_px)
              for one, each in zip(graded.pictures, graded.grades.slices, strict=True)]  # fmt: skip
    np.testing.assert_array_equal(read[0], bundle_inputs(outline_grader, slices))
    shown = read[0][:, 1:].max(axis=(2, 3)) > 0.5
    assert shown.tolist() == [[True, True, True, False, False]] * 2


def test_a_field_too_small_for_outlines_is_graded_with_empty_maps(
    outline_grader: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    slice_ = tiny.axial(0, CENTER)
    slice_.PixelSpacing = [0.5, 0.5]
    folder = tiny.write_study(tmp_path / "s", [slice_])
    middle = PredictOptions(box_px=(68.0, 60.0, 40.0, 40.0))
    (item,) = predict(read_study(folder), outline_grader, middle).slices
    assert item.finding("LDH") is not None
    assert any(one.startswith("no outlines were drawn: field of view") for one in item.warnings)
