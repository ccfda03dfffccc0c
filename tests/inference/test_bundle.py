from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from lumbargrade.errors import BundleError
from lumbargrade.grading.finding import Side
from lumbargrade.inference import bundle as bundle_module
from lumbargrade.inference.bundle import load_bundle, unsealed_bundle
from lumbargrade.inference.integrity.sums import write_sums


def test_a_bundle_says_what_it_holds(bundle_folder: Path, tiny: ModuleType) -> None:
    bundle = load_bundle(bundle_folder)
    assert bundle.identity.name == "tiny"
    assert bundle.identity.sha256 == tiny.sha256(bundle_folder / "bundle.json")
    assert bundle.manifest.contrasts == ("t2",)
    assert list(bundle.manifest.systems) == ["LDH", "LCCS", "LNRC"]
    sides = {output.name: output.side for output in bundle.manifest.outputs}
    assert sides == {
        "LDH": None,
        "LCCS": None,
        "LNRC_left": Side.LEFT,
        "LNRC_right": Side.RIGHT,
    }


def test_an_altered_network_is_refused(tiny: ModuleType, tmp_path: Path) -> None:
    folder = tiny.write_bundle(tmp_path / "b")
    with (folder / "grader.onnx").open("ab") as stream:
        stream.write(b"\0")
    with pytest.raises(BundleError, match=r"grader\.onnx has SHA-256 .* altered or damaged"):
        load_bundle(folder)


def test_a_listed_file_must_be_there(tiny: ModuleType, tmp_path: Path) -> None:
    folder = tiny.write_bundle(tmp_path / "b")
    (folder / "MODEL_CARD.md").unlink()
    with pytest.raises(BundleError, match=r"lacks .*MODEL_CARD\.md"):
        load_bundle(folder)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schema": "lumbargrade.bundle/9"}, "has schema 'lumbargrade.bundle/9'"),
        ({"outputs": []}, "outputs is empty"),
        ({"outputs": [{"name": "X", "system": "X", "side": None, "grades": 4}]}, "not given"),
        ({"outputs": [{"name": "LDH", "system": "LDH", "side": None, "grades": 3}]}, "3 grades"),
        ({"outputs": [{"name": "L", "system": "LDH", "side": "left", "grades": 4}]}, "has none"),
        (
            {"outputs": [{"name": "L", "system": "LNRC", "side": "left", "grades": 4}]},
            "neither one per image nor left and right",
        ),
        (
            {"patch": {"size_mm": -75, "pixels": 128}},
            r"patch\.size_mm is -75, not a number from 10",
        ),
        ({"patch": {"size_mm": 75}}, "field 'pixels' is missing"),
        ({"temperatures": {"LDH": 0}}, r"temperatures is 0, not a number from 0\.01 to 100"),
        ({"files": {"grader.onnx": "0"}}, r"does not list locator\.onnx"),
        ({"files": {"../grader.onnx": "0"}}, "is not a plain name"),
        ({"grading_systems": [{"code": "LDH"}]}, "the grading system lacks"),
        ({"contrasts": None}, "not a valid bundle"),
        ({"conformal": {"coverage": 0.8, "thresholds": {}}}, "made for coverage 0.8, not 0.9"),
        ({"conformal": {"coverage": 0.9}}, "field 'thresholds' is missing"),
        ({"conformal": {"coverage": 0.9, "thresholds": {"LDH": [0.5]}}}, "LDH are not 4"),
        (
            {"conformal": {"coverage": 0.9, "thresholds": {"LDH": [0, 0, 0, float("nan")]}}},
            "NaN is no number of JSON",
        ),
    ],
)
def test_a_wrong_field_is_refused(
    tiny: ModuleType, tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(BundleError, match=message):
        load_bundle(tiny.write_bundle(tmp_path / "b", **changes))


def test_what_is_not_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bundle.json").write_text("{")
    write_sums(tmp_path)
    with pytest.raises(BundleError, match=r"bundle\.json cannot be read"):
        load_bundle(tmp_path)


def test_what_its_list_does_not_name_is_refused(tiny: ModuleType, tmp_path: Path) -> None:
    folder = tiny.write_bundle(tmp_path / "b")
    (folder / "grader.onnx.data").write_bytes(b"other weights")
    with pytest.raises(BundleError, match=r"holds grader\.onnx\.data, which is none of its files"):
        load_bundle(folder)
    write_sums(folder)
    with pytest.raises(BundleError, match=r"grader\.onnx\.data in SHA256SUMS, but not in its man"):
        load_bundle(folder)


def test_a_network_and_its_list_altered_together_are_refused(
    tiny: ModuleType, tmp_path: Path
) -> None:
    """The SHA-256 of ``bundle.json`` names the model in results, and never other weights."""
    folder = tiny.write_bundle(tmp_path / "b")
    with (folder / "grader.onnx").open("ab") as stream:
        stream.write(b"\0")
    write_sums(folder)
    with pytest.raises(BundleError, match=r"grader\.onnx has SHA-256 .* the bundle says"):
        load_bundle(folder)


def test_a_network_altered_after_it_was_checked_is_refused(
    tiny: ModuleType, tmp_path: Path
) -> None:
    folder = tiny.write_bundle(tmp_path / "b")
    bundle = load_bundle(folder)
    network = bundle.network(bundle.grader_path)
    assert network.read() == bundle.grader_path.read_bytes()
    bundle.grader_path.write_bytes(b"no network")
    with pytest.raises(BundleError, match=r"grader\.onnx has SHA-256 .* altered or damaged"):
        network.read()
    bundle.grader_path.unlink()
    with pytest.raises(BundleError, match=r"grader\.onnx cannot be read \(.*check its permissions"):
        network.read()


def test_a_bundle_without_its_known_answer_is_refused(tiny: ModuleType, tmp_path: Path) -> None:
    folder = tiny.write_bundle(tmp_path / "b")
    assert list(load_bundle(folder).known) == ["grader.onnx", "locator.onnx"]
    assert unsealed_bundle(folder).known == {}
    (folder / "known_answer.json").write_text("{}")
    write_sums(folder)
    with pytest.raises(BundleError, match=r"holds no known answers \('schema' is missing\)"):
        load_bundle(folder)
    (folder / "known_answer.json").unlink()
    write_sums(folder)
    with pytest.raises(BundleError, match=r"lacks .*known_answer\.json, which it lists"):
        load_bundle(folder)


def test_a_folder_without_a_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"has no bundle\.json"):
        load_bundle(tmp_path)
    with pytest.raises(BundleError, match="does not exist"):
        load_bundle(tmp_path / "nowhere")


def test_a_missing_default_model_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle_module, "DEFAULT_MODEL", tmp_path / "none")
    with pytest.raises(BundleError, match="no default model came with this installation"):
        load_bundle()


def test_the_hash_covers_every_field(tiny: ModuleType, tmp_path: Path) -> None:
    plain = tiny.write_bundle(tmp_path / "a")
    other = tiny.write_bundle(tmp_path / "b", disc_threshold=0.4)
    assert load_bundle(plain).sha256 != load_bundle(other).sha256
    assert json.loads((other / "bundle.json").read_text())["disc_threshold"] == 0.4
