"""bundle.json: every field is checked, and what is wrong is named."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from lumbargrade.errors import BundleError
from lumbargrade.grading.finding import Side
from lumbargrade.inference.bundle_json import (
    FINDER_SQUARE,
    OUTLINES_INPUT,
    Manifest,
    OutputSpec,
    read_manifest,
)
from lumbargrade.inference.measures.outputs import MeasureOutput
from lumbargrade.morphometry.layers import LAYERS
from lumbargrade.study.patch import OverviewSpec, PatchSpec
from lumbargrade.study.squares import FIXED_SQUARE, RegionRule


def manifest(tiny: ModuleType, folder: Path, **changes: Any) -> Manifest:
    written: Path = tiny.write_bundle(folder / "b", **changes)
    return read_manifest(written / "bundle.json")


def test_fields_are_read_with_their_types(tiny: ModuleType, tmp_path: Path) -> None:
    found = manifest(tiny, tmp_path, temperatures={"LDH": 2}, disc_threshold=0.25)
    assert found.outputs[2] == OutputSpec("LNRC_left", "LNRC", Side.LEFT, 4)
    assert found.patch == PatchSpec(75.0, 128)
    assert found.locator == OverviewSpec(2.0, 128)
    assert found.temperatures == {"LDH": 2.0, "LCCS": 1.0, "LNRC_left": 1.0, "LNRC_right": 1.0}
    assert (found.disc_output, found.disc_threshold) == ("disc", 0.25)
    assert found.decision_weights["LDH"] == (1.0, 1.0, 1.0, 1.0)


def test_the_region_is_fixed_unless_the_bundle_says_otherwise(
    tiny: ModuleType, tmp_path: Path
) -> None:
    assert manifest(tiny, tmp_path).region_rule == FIXED_SQUARE
    patch = {"size_mm": 70.5, "pixels": 128, "region": "drawn", "expand": 1.3}
    found = manifest(tiny, tmp_path / "drawn", patch=patch)
    assert (found.patch, found.region_rule) == (PatchSpec(70.5, 128), RegionRule("drawn", 1.3))
    with pytest.raises(BundleError, match="patch has region 'round'"):
        manifest(tiny, tmp_path / "round", patch={**patch, "region": "round"})


def test_a_bundle_from_before_there_were_sets_and_splits_has_none(
    tiny: ModuleType, tmp_path: Path
) -> None:
    found = manifest(tiny, tmp_path)
    assert found.set_thresholds == {}
    assert found.split_checksum == ""


def test_sets_weights_and_split_are_read(tiny: ModuleType, tmp_path: Path) -> None:
    thresholds = {"LDH": [0.1, 0.2, 0.3, 1], "LCCS": []}
    found = manifest(
        tiny,
        tmp_path,
        conformal={"coverage": 0.9, "thresholds": thresholds},
        decision_weights={"LCCS": [1, 2, 3, 4.5]},
        data={"split_checksum": "abc"},
    )
    assert found.set_thresholds == {"LDH": (0.1, 0.2, 0.3, 1.0)}
    assert found.decision_weights["LCCS"] == (1.0, 2.0, 3.0, 4.5)
    assert found.split_checksum == "abc"


def test_a_bundle_may_have_no_locator_and_no_disc_output(tiny: ModuleType, tmp_path: Path) -> None:
    found = manifest(tiny, tmp_path, locator=None, disc_output=None)
    assert (found.locator, found.disc_output) == (None, None)


def test_weights_of_another_number_are_refused(tiny: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="decision_weights of LDH are not 4 numbers"):
        manifest(tiny, tmp_path, decision_weights={"LDH": [1, 2]})


def test_another_schema_is_refused(tiny: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(
        BundleError,
        match=r"has schema 'x/9', this version reads 'lumbargrade\.bundle/1': export the model a",
    ):
        manifest(tiny, tmp_path, schema="x/9")


@pytest.mark.parametrize("text", ["{", "", "\udc80", "[" * 100_000])
def test_what_is_not_json_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bundle.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BundleError, match=r"bundle\.json cannot be read \(.*give a bundle made by"):
        read_manifest(path)


@pytest.mark.parametrize("text", ["[]", "1", '"lumbargrade.bundle/1"', "{}"])
def test_json_of_something_else_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "bundle.json").write_text(text)
    with pytest.raises(BundleError, match="has schema None, this version reads"):
        read_manifest(tmp_path / "bundle.json")


def test_measures_are_listed_and_an_old_bundle_has_none(tiny: ModuleType, tmp_path: Path) -> None:
    given = [{"name": "bulge_mm", "mean": -1, "spread": 2.5}]
    found = manifest(tiny, tmp_path / "a", measure_outputs=given)
    assert found.measure_outputs == (MeasureOutput("bulge_mm", -1.0, 2.5),)
    assert manifest(tiny, tmp_path / "b").measure_outputs == ()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"measure_outputs": [{"name": "a", "mean": 0, "spread": 0}]},
            r"measure_outputs\.spread is 0, not a number from 1e-09 to 1e\+06",
        ),
        ({"measure_outputs": [{"name": "a", "mean": 0}]}, "field 'spread' is missing"),
        ({"contrasts": []}, r"contrasts is \[\], not a list of one or more"),
        ({"contrasts": "t2"}, "contrasts is 't2', not a list of one or more"),
        ({"contrasts": [2]}, "contrasts is 2, not a text of one line"),
        ({"outputs": []}, "outputs is empty or names one output twice: export the model again"),
        (
            {"patch": {"size_mm": 5e-3, "pixels": 128}},
            r"patch\.size_mm is 0\.005, not a number from",
        ),
        (
            {"patch": {"size_mm": 75, "pixels": 1_000_000}},
            r"patch\.pixels is 1000000, not a number",
        ),
        ({"patch": {"size_mm": 75, "pixels": 64.5}}, r"64\.5, which is not a whole number"),
        ({"patch": {"size_mm": 75, "pixels": 64, "expand": 0}}, r"patch\.expand is 0, not"),
        ({"disc_threshold": 2}, "disc_threshold is 2, not a number from 0 to 1: export the model"),
        ({"disc_threshold": "0.5"}, "disc_threshold is '0.5', not a number"),
        ({"disc_threshold": True}, "disc_threshold is True, not a number"),
        ({"temperatures": {"LDH": 1e-300}}, "temperatures is 1e-300, not a number from 0.01 to"),
        ({"decision_weights": {"LDH": [1, 1, 1, 1e9]}}, "decision_weights is 1000000000.0, not"),
        ({"locator": {"spacing_mm": 2, "pixels": 0}}, r"locator\.pixels is 0, not a number"),
        ({"conformal": {"coverage": "0.9"}}, r"conformal\.coverage is '0\.9', not a number"),
        ({"name": "two\nlines"}, r"name is 'two\\nlines', not a text of one line"),
        ({"trained_on": 7}, "trained_on is 7, not a text of one line"),
        ({"files": {"a\\grader.onnx": "0"}}, "is not a plain name"),
        ({"files": {"locator.onnx": "0"}}, r"files does not list grader\.onnx"),
        (
            {"disc_finder": {"spacing_mm": 2, "pixels": 192}},
            "disc_finder reads another square than this version cuts: export the model again",
        ),
        ({"disc_finder": {"spacing_mm": 1.5, "pixels": 0}}, r"disc_finder\.pixels is 0, not a"),
        ({"disc_finder": {"pixels": 192}}, "field 'spacing_mm' is missing"),
        (
            {"outliner": {"size_mm": 84, "pixels": 128, "layers": ["disc"]}},
            "outliner draws other layers than this version reads",
        ),
        (
            {"outliner": {"size_mm": 60, "pixels": 128, "layers": list(LAYERS)}},
            "outliner draws another square than this version reads",
        ),
        (
            {"outliner": {"size_mm": 84, "pixels": 1_000_000, "layers": list(LAYERS)}},
            r"outliner\.pixels is 1000000, not a number from 16 to 512",
        ),
        (
            {"conformal": {"coverage": 0.9, "thresholds": {"LDH": [0, 0, 0, 1.5]}}},
            r"conformal\.thresholds is 1\.5, not a number from 0 to 1",
        ),
        ({"grader_input": ["picture", "sac"]}, "grader_input is .*sac.*, which this version"),
        (
            {"grader_input": list(OUTLINES_INPUT)},
            "the grader reads outlines, but there is no outline network: export the model again",
        ),
    ],
)
def test_a_wrong_field_is_named(
    tiny: ModuleType, tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(BundleError, match=message):
        manifest(tiny, tmp_path, **changes)


def test_a_bundle_that_draws_lists_its_network(tiny: ModuleType, tmp_path: Path) -> None:
    found = manifest(tiny, tmp_path, plane_logits=(1.0, 0.0, 0.0))
    assert found.outliner is not None
    assert found.outliner.patch == PatchSpec(84.0, 128)
    assert found.outliner.errors == {"sac_area_mm2": 7.5}
    with pytest.raises(BundleError, match=r"files does not list outliner\.onnx"):
        manifest(tiny, tmp_path / "b", outliner=tiny.OUTLINER)


def test_a_bundle_that_finds_discs_lists_its_network(tiny: ModuleType, tmp_path: Path) -> None:
    square = {"spacing_mm": 1.5, "pixels": 192}
    with pytest.raises(BundleError, match=r"files does not list disc_finder\.onnx"):
        manifest(tiny, tmp_path / "b", disc_finder=square)
    files = dict.fromkeys(("grader.onnx", "locator.onnx", "disc_finder.onnx"), "0")
    assert manifest(tiny, tmp_path / "a", disc_finder=square, files=files).disc_finder == (
        FINDER_SQUARE
    )
    assert manifest(tiny, tmp_path / "c").disc_finder is None


def test_a_bundle_from_before_there_were_maps_reads_the_picture_one_way(
    tiny: ModuleType, tmp_path: Path
) -> None:
    found = manifest(tiny, tmp_path)
    assert (found.grader_input, found.mirror_average) == (("picture",), False)
    assert not found.sees_outlines
    changes = {"grader_input": list(OUTLINES_INPUT), "mirror_average": True}
    found = manifest(tiny, tmp_path / "b", plane_logits=(1.0, 0.0, 0.0), **changes)
    assert found.sees_outlines
    assert found.mirror_average


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"grader_input": "picture"}, "grader_input is 'picture'"),
        ({"grader_input": {"picture": 1}}, "grader_input is {'picture': 1}"),
        ({"grader_input": []}, r"grader_input is \[\]"),
        ({"mirror_average": "false"}, "mirror_average is 'false', neither true nor false"),
        ({"mirror_average": 1}, "mirror_average is 1, neither"),
        ({"mirror_average": None}, "mirror_average is None, neither"),
        ({"measure_outputs": {}}, "measure_outputs is {}, not a list"),
        ({"measure_outputs": [1]}, r"measure_outputs is \[1\], not a list"),
    ],
)
def test_settings_of_another_kind_are_refused(
    tiny: ModuleType, tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(BundleError, match=message) as caught:
        manifest(tiny, tmp_path, **changes)
    assert "\n" not in str(caught.value)
