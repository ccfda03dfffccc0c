"""Which slices there are, and squares and masks of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.real.drawing.places import geometry_of
from benchmarks.real.drawing.slices import t2_slices
from benchmarks.real.drawing.spider import CANAL, DISC, MARGIN_PX, SPACING_MM, strips
from benchmarks.real.drawing.squares import in_square
from benchmarks.real.meters.t2 import back_in_midline
from lumbargrade.errors import CohortError
from lumbargrade.inference.bundle_json import OUTLINE_PATCH

INDEX = """file,patient_id,level,clear_disc_slice,clinical_significance,bulge
P0170_D3.png,0170,L3-L4,yes,no,0
P0170_D4.png,0170,L4-L5,no/uncertain,serious,1
U_t.png,,,,,
"""


def test_the_index_of_t2_slices_is_read(tmp_path: Path) -> None:
    (tmp_path / "axial_t2").mkdir()
    (tmp_path / "axial_t2" / "index.csv").write_text(INDEX, encoding="utf-8")
    found = t2_slices(tmp_path)
    assert [(one.patient, one.level, one.clear_disc) for one in found] == [
        ("P0170", "L3-L4", True),
        ("P0170", "L4-L5", False),
        ("U", "", None),
    ]
    assert found[0].file == "axial_t2/P0170_D3.png"


def test_missing_tables_are_named(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"index\.csv: cannot be read .*name the data folder"):
        t2_slices(tmp_path)
    with pytest.raises(CohortError, match=r"axial_reformat\.csv: cannot be read"):
        strips(tmp_path)


def test_strips_are_laid_into_a_wide_picture(tmp_path: Path) -> None:
    home = tmp_path / "spider"
    mask = np.zeros((171, 40), np.uint8)
    mask[40:90, 5:35], mask[95:125, 12:28] = DISC, CANAL
    for folder, picture in (("axial_reformat", mask), ("axial_reformat_mask", mask)):
        (home / folder).mkdir(parents=True)
        Image.fromarray(picture).save(home / folder / "P001_ivd1.png")
    text = "file,canal_ap_max_mm\nP001_ivd1.png,14.1\nP001_ivd9.png,\n"
    (home / "axial_reformat.csv").write_text(text, encoding="utf-8")
    (one,) = strips(tmp_path)
    assert one.name == "P001_ivd1"
    assert one.canal_ap_mm == 14.1
    assert one.picture.shape == one.disc.shape == (171 + 2 * MARGIN_PX, 40 + 2 * MARGIN_PX)
    np.testing.assert_allclose(one.centre, [19.5 + MARGIN_PX, 109.5 + MARGIN_PX])
    square = in_square(one.disc, geometry_of(one.picture, SPACING_MM), one.centre)
    assert square.shape == (OUTLINE_PATCH.pixels, OUTLINE_PATCH.pixels)
    area = square.sum() * OUTLINE_PATCH.spacing_mm**2
    assert area == pytest.approx(50 * 30 * SPACING_MM**2, rel=0.08)
    # The disc ends in row 89.5, the middle of the canal is row 109.5.
    assert back_in_midline(square) == pytest.approx(-20 * SPACING_MM, abs=0.5)


def test_a_disc_that_does_not_reach_the_midline_has_no_margin() -> None:
    assert np.isnan(back_in_midline(np.zeros((128, 128), bool)))
