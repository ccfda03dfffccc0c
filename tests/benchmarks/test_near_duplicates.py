"""The benchmark alters as it says, takes names of patients from files, and prints its rates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from benchmarks.near_duplicates import FEWEST_PATIENTS, cropped, kinds, measure, real, windowed


def pictures(count: int) -> list[np.ndarray]:
    noise = np.random.default_rng(1).normal(size=(count, 160, 160))
    smooth = ndimage.gaussian_filter(noise, (0, 10, 10))
    return [np.asarray((one - one.min()) / np.ptp(one) * 255, dtype=np.uint8) for one in smooth]


def test_copies_are_known_and_an_alarm_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    made = pictures(6)
    measure("noise", [*made, made[0]], ["A", "B", "C", "D", "E", "F", "G"])
    printed = capsys.readouterr().out
    assert "noise: 7 slices of 7 patients" in printed
    assert "false alarms: 1 of 21 pairs [('A', 'G')]" in printed
    rates = [line for line in printed.splitlines() if "known again" in line]
    assert len(rates) == len(kinds(np.random.default_rng(0)))
    assert "100.0%   by the hash alone 100.0%" in rates[0]
    assert any(
        "flip up-down" in line and "100.0%   by the hash alone   0.0%" in line for line in rates
    )


def test_sets_are_folders_of_enough_patients(tmp_path: Path) -> None:
    for folder, patients in (("many", FEWEST_PATIENTS), ("few", 2), ("many_mask", 9)):
        (tmp_path / folder).mkdir()
        for number in range(patients):
            Image.fromarray(pictures(1)[0]).save(tmp_path / folder / f"P{number}_L4.png")
    (found,) = real(tmp_path)
    assert found[0] == "many"
    assert found[2] == [f"P{number}" for number in range(FEWEST_PATIENTS)]


def test_changes_do_what_their_names_say() -> None:
    ramp = np.arange(320 * 320).reshape(320, 320)
    assert cropped(ramp, 0.8).shape == (256, 256)
    assert cropped(ramp, 0.8)[0, 0] == ramp[32, 32]
    moved = kinds(np.random.default_rng(0))["shift 8 px"](ramp + 1)
    down, right = (np.count_nonzero(~moved.any(axis)) for axis in (1, 0))
    assert 7 <= (down**2 + right**2) ** 0.5 <= 9
    assert windowed(ramp).dtype == np.dtype(np.uint8)
