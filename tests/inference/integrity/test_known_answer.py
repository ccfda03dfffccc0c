"""Known answers are kept to six digits, and what differs from them is measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lumbargrade.errors import BundleError
from lumbargrade.inference.integrity.known_answer import (
    CELLS,
    Known,
    condensed,
    farthest,
    read_known,
    write_known,
)
from lumbargrade.inference.integrity.picture import known_picture

ANSWERS = {
    "LDH": np.array([0.5, -3.25, 1.0], np.float32),
    "LDH_map": np.arange(32, dtype=np.float32).reshape(2, 4, 4),
}
KNOWN = Known(known_picture(1, 32, 2.0), ANSWERS)


def test_it_comes_back_from_its_file(tmp_path: Path) -> None:
    write_known(tmp_path / "k.json", {"grader.onnx": KNOWN})
    found = read_known(tmp_path / "k.json", ["grader.onnx"])["grader.onnx"]
    np.testing.assert_array_equal(found.picture, KNOWN.picture)
    assert farthest(found, ANSWERS)[1] == 0


def test_maps_are_kept_as_means_of_their_parts() -> None:
    big = np.random.default_rng(0).random((3, 64, 64), dtype=np.float32)
    cells = condensed(big)
    assert cells.shape == (3, CELLS, CELLS)
    np.testing.assert_allclose(cells[1, 2, 3], big[1, 16:24, 24:32].mean(), rtol=1e-6)
    np.testing.assert_array_equal(condensed(ANSWERS["LDH_map"]), ANSWERS["LDH_map"])


def test_the_farthest_output_is_named() -> None:
    moved = {**ANSWERS, "LDH": ANSWERS["LDH"] + np.float32(0.425)}
    name, apart = farthest(KNOWN, moved)
    assert (name, round(apart, 6)) == ("LDH", 0.1)  # of 1 + 3.25
    assert farthest(KNOWN, {"LDH": ANSWERS["LDH"]}) == ("LDH_map", float("inf"))
    assert farthest(KNOWN, {**moved, "LDH": np.full(3, np.nan, np.float32)})[1] == float("inf")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": "x"}, "schema 'x', not 'lumbargrade.known_answer/1'"),
        ({"networks": {}}, r"'grader\.onnx' is missing"),
        ({"networks": {"grader.onnx": {"shape": [1], "picture": "*", "answers": {}}}}, "base64"),
        ({"networks": {"grader.onnx": {"shape": [1], "picture": "AA==", "answers": {}}}}, "empty"),
        ({"networks": []}, "list indices"),
    ],
)
def test_what_is_no_answer_is_refused(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    write_known(tmp_path / "k.json", {"grader.onnx": KNOWN})
    content = json.loads((tmp_path / "k.json").read_text()) | change
    (tmp_path / "k.json").write_text(json.dumps(content))
    with pytest.raises(BundleError, match=rf"holds no known answers \(.*{message}"):
        read_known(tmp_path / "k.json", ["grader.onnx"])
