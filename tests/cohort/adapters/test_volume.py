"""A volume becomes DICOM: same values, same place in the patient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.cohort.adapters.sets import mha

from lumbargrade.cohort.adapters import volume as module
from lumbargrade.cohort.adapters.volume import Volume, load_volume, write_slices
from lumbargrade.errors import CohortError, OutputError
from lumbargrade.study.limits import DEFAULT_OPTIONS
from lumbargrade.study.model import Slice
from lumbargrade.study.read import read_study

NAMES = ("P1", "1.2.3", "a volume")


def volume(path: Path, values: NDArray[np.integer[Any]]) -> Volume:
    mha(path, values)
    return load_volume(path)


def written(made: Volume, folder: Path) -> tuple[Slice, ...]:
    write_slices(made, folder, NAMES)
    (series,) = read_study(folder).series
    return series.slices


@pytest.mark.parametrize(("low", "high"), [(0, 32000), (-1000, 900), (-32768, 32767)])
def test_whole_numbers_stay_exact(tmp_path: Path, low: int, high: int) -> None:
    values = np.random.default_rng(1).integers(low, high, (3, 8, 6), endpoint=True)
    values[0, 0, 0], values[0, 0, 1] = low, high
    made = volume(tmp_path / "v.mha", values)
    for number, one in enumerate(written(made, tmp_path / "out")):
        np.testing.assert_array_equal(one.load_pixels(), values[number].T)


def test_fractions_are_kept_to_a_65000th_of_their_range(tmp_path: Path) -> None:
    whole = np.arange(144).reshape(3, 8, 6)
    made = volume(tmp_path / "v.mha", whole)
    values = (whole / 7.0 - 3).astype(np.float32)

    def picture(number: int) -> Callable[[], NDArray[np.float32]]:
        return lambda: values[number].T

    slices = tuple(replace(one, load_pixels=picture(n)) for n, one in enumerate(made.slices))
    fractions = replace(made, values=values, slices=slices)
    for number, one in enumerate(written(fractions, tmp_path / "out")):
        np.testing.assert_allclose(one.load_pixels(), values[number].T, atol=143 / 7 / 65535)


def test_slices_lie_where_the_volume_lies(tmp_path: Path) -> None:
    made = volume(tmp_path / "v.mha", np.arange(144).reshape(3, 8, 6))
    slices = written(made, tmp_path / "out")
    for number, one in enumerate(slices):
        for column, row in ((0, 0), (7, 5)):
            voxel = made.affine @ [number, column, row, 1.0]
            np.testing.assert_allclose(one.geometry.to_patient(column, row), voxel[:3], atol=1e-4)
    assert len({one.sop_instance_uid for one in slices}) == 3
    again = written(made, tmp_path / "again")
    assert [one.sop_instance_uid for one in again] == [one.sop_instance_uid for one in slices]


def test_what_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CohortError, match=r"none\.mha: cannot be read \(No such file"):
        load_volume(tmp_path / "none.mha")
    (tmp_path / "a.mha").write_bytes(b"?")
    with pytest.raises(CohortError, match=r"a\.mha: not a MetaImage"):
        load_volume(tmp_path / "a.mha")
    monkeypatch.setattr(module, "DEFAULT_OPTIONS", replace(DEFAULT_OPTIONS, max_file_bytes=0))
    with pytest.raises(CohortError, match=r"a\.mha: is too large for one series"):
        load_volume(tmp_path / "a.mha")


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    made = volume(tmp_path / "v.mha", np.arange(144).reshape(3, 8, 6))
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"file.*: cannot be written \(.*\): choose -o on a disk"):
        write_slices(made, tmp_path / "file" / "out", NAMES)
