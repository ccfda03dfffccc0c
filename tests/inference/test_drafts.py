"""Drafts of outlines: one a slice, in the format of tracings, or the reason why not."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from lumbargrade.errors import BundleError
from lumbargrade.inference.drafts import draw_drafts
from lumbargrade.inference.engine import Engine
from lumbargrade.morphometry.tracing import read_tracings, write_tracings

CENTER = (70.0, 95.0)


def silent(done: int, total: int) -> None:
    assert 0 < done <= total


def test_a_draft_is_a_tracing_of_the_patient(
    drawing_engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    folder = tiny.write_study(tmp_path / "s", [tiny.axial(0, CENTER)])
    (file,) = sorted(folder.iterdir())
    (draft,), left_out = draw_drafts(drawing_engine, [file], tmp_path, None, silent)
    assert left_out == ()
    assert (draft.file, draft.patient, draft.quality) == ("s/0000.dcm", "TINY", 1)
    assert np.hypot(*np.subtract(draft.centre_px, CENTER)) < 2.0
    assert draft.pixel_spacing_mm == 1.0
    assert draft.outlines.sac is not None
    assert draft.outlines.roots_in_sac is None
    assert draft.note == "drawn by tiny, not by a person"
    write_tracings(tmp_path / "o.json", [draft])
    assert read_tracings(tmp_path / "o.json")[0].centre_px == pytest.approx(draft.centre_px)


def test_what_cannot_be_drawn_is_told_and_the_others_are_drawn(
    drawing_engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    folder = tiny.write_study(tmp_path / "s", [tiny.axial(0, CENTER)])
    (file,) = sorted(folder.iterdir())
    elsewhere = shutil.copy(file, tmp_path / "copy.dcm")
    Image.fromarray(np.full((160, 160), 9, dtype=np.uint8)).save(folder / "P1_flat.png")
    given = [file, Path(elsewhere), folder / "P1_flat.png", folder / "none.dcm"]
    drafts, left_out = draw_drafts(drawing_engine, given, folder, 1.0, silent)
    assert [one.file for one in drafts] == ["0000.dcm"]
    reasons = [one.reason for one in left_out]
    assert "does not lie in" in reasons[0]
    assert "spinal canal not found" in reasons[1]
    assert "no such file or folder" in reasons[2]


def test_a_series_in_one_file_has_too_many_slices(
    drawing_engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    folder = tiny.write_study(tmp_path / "s", [tiny.axial(i, CENTER) for i in range(2)])
    drafts, (left_out,) = draw_drafts(drawing_engine, [folder], tmp_path, None, silent)
    assert drafts == ()
    assert "has 2 slices, and outlines are of one: split it" in left_out.reason


def test_pixels_that_are_not_square_have_no_place_in_the_file(
    drawing_engine: Engine, tiny: ModuleType, tmp_path: Path
) -> None:
    slice_ = tiny.axial(0, CENTER)
    slice_.PixelSpacing = [1.1, 1.0]
    folder = tiny.write_study(tmp_path / "s", [slice_])
    drafts, (left_out,) = draw_drafts(drawing_engine, [folder], tmp_path, None, silent)
    assert drafts == ()
    assert "pixels of 1.1 x 1 mm are not square" in left_out.reason


def test_a_model_without_outlines_is_refused(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="model tiny draws no outlines: choose another with"):
        draw_drafts(engine, [], tmp_path, None, silent)
