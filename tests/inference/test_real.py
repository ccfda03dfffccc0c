"""Real MRI through the whole grading path. No score is asked: the grades are not known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lumbargrade.errors import StudyError
from lumbargrade.inference.bundle import DEFAULT_MODEL, load_bundle
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.predict import PredictOptions, predict
from lumbargrade.study.read import ReadOptions, read_study

READ = ReadOptions(pixel_spacing_mm=(0.6875, 0.6875))
MIDDLE = PredictOptions(box_px=(130, 140, 60, 50))


def test_every_real_t2_slice_is_graded_in_a_box(real_data: Path, engine: Engine) -> None:
    paths = sorted((real_data / "axial_t2").glob("*.png"))
    assert len(paths) == 29
    for path in paths:
        (item,) = predict(read_study(path, READ), engine, MIDDLE).slices
        assert item.region.center_px == (160.0, 165.0)
        assert all(found.grade is not None for found in item.findings)
        assert item.level.level is None


@pytest.mark.skipif(not (DEFAULT_MODEL / "bundle.json").exists(), reason="no model in the package")
def test_the_canal_is_found_where_it_can_be(real_data: Path) -> None:
    engine = Engine(load_bundle())
    for path in sorted((real_data / "axial_t2").glob("*.png")):
        (item,) = predict(read_study(path, READ), engine).slices
        # The 29 slices were planned around the spine: the canal is near the middle column.
        column, row = item.region.center_px
        assert abs(column - 160) < 40, path.name
        assert 110 < row < 230, path.name


def test_the_real_dicom_slice_is_graded(real_data: Path, engine: Engine) -> None:
    study = read_study(real_data / "dicom" / "axial_t2_single_slice.dcm")
    (item,) = predict(study, engine, PredictOptions(box_px=(130, 140, 60, 50))).slices
    assert item.region.box_px[2] == pytest.approx(75 / 0.625)
    assert np.isfinite(item.region.center_mm).all()


def test_the_narrow_nifti_is_refused(real_data: Path, engine: Engine) -> None:
    with pytest.raises(StudyError, match="smaller than the 75 mm square"):
        predict(read_study(real_data / "nifti" / "t2_lumbar.nii.gz"), engine)
