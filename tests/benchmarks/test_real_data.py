"""Labels and windows of the real slices."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.real.data import label_rows, read_levels, read_picture, square
from benchmarks.real.drawing.places import pull_in
from benchmarks.real.folds.parts import load_part
from lumbargrade.errors import CohortError

HEADER = "patient_id,level,clinical_significance,bulge,pfirrmann\n"


def written(folder: Path, text: str) -> Path:
    (folder / "levels.csv").write_text(text, encoding="utf-8")
    return folder


def test_an_empty_cell_is_unknown(tmp_path: Path) -> None:
    text = HEADER + "0001,L3-L4,,mild bulge,5\n0001,L4-L5,serious,none,\n"
    slices = read_levels(written(tmp_path, text))
    assert [one.name for one in slices] == ["P0001_L3-L4", "P0001_L4-L5"]
    labels = label_rows(slices, ("CS", "BULGE", "PFIRRMANN"))
    assert labels.tolist() == [[-1, 1, 4], [2, 0, -1]]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (HEADER + "0001,L3-L4,severe,,\n", "row 2: clinical significance 'severe' is none of no,"),
        (HEADER + "0001,L3-L4,,,6\n", "row 2: pfirrmann grade '6' is none of 1, 2, 3, 4, 5"),
        (HEADER + "0001,L2-L3,,,\n", "row 2: level 'L2-L3' is none of L3-L4, L4-L5, L5-S1"),
        ("patient_id,level,bulge,pfirrmann\n1,L3-L4,,\n", "has no column clinical_significance"),
        (HEADER, "or no row"),
    ],
)
def test_a_bad_table_is_refused(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(CohortError, match=rf"levels\.csv.*{what}"):
        read_levels(written(tmp_path, text))


def test_a_missing_table_and_picture_are_named(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"levels\.csv: cannot be read .*name the data folder"):
        read_levels(tmp_path)
    with pytest.raises(CohortError, match=r"P1\.png: is not a readable picture"):
        read_picture(tmp_path / "P1.png")


def test_a_window_lies_around_its_middle_and_is_0_outside() -> None:
    picture = np.arange(1, 101, dtype=np.uint8).reshape(10, 10)
    np.testing.assert_array_equal(square(picture, (4.5, 4.5), 4), picture[3:7, 3:7])
    corner = square(picture, (0.5, 0.5), 4)
    np.testing.assert_array_equal(corner[1:, 1:], picture[:3, :3])
    assert not corner[0].any()
    assert not corner[:, 0].any()


def test_places_far_from_the_others_go_to_the_middle() -> None:
    places = np.array([[100.0, 200.0], [102.0, 204.0], [101.0, 199.0], [40.0, 50.0]])
    found = pull_in(places, 20.0)
    np.testing.assert_array_equal(found[:3], places[:3])
    np.testing.assert_allclose(found[3], np.median(places, axis=0))


def test_the_real_folder_is_read_whole(real_data: Path) -> None:
    if not (real_data / "levels.csv").is_file():
        pytest.skip("the folder holds no labels")
    part = load_part(real_data, "axial")
    assert len(part.slices) == 1212
    assert len(part.everyone) == 404
    counts = [np.bincount(column + 1).tolist() for column in part.labels.T]
    assert counts == [[82, 634, 197, 299], [72, 743, 119, 278]]
    with Image.open(real_data / "axial_t1" / f"{part.slices[7].name}.png") as picture:
        assert part.pictures[7].shape == picture.size[::-1]
