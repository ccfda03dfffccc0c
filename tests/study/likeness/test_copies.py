"""Cut, moved and mirrored copies of simulated slices are known; other pictures are not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from lumbargrade.phantom.anatomy.anatomy import build_anatomy
from lumbargrade.phantom.anatomy.priors import draw_patient
from lumbargrade.phantom.imaging.contrast import draw_signals
from lumbargrade.phantom.imaging.paint_canal import tabulate_roots
from lumbargrade.phantom.imaging.readout import draw_readout
from lumbargrade.phantom.imaging.scan import Scan, scan_slice
from lumbargrade.phantom.imaging.scanner import draw_protocol, find_scanner
from lumbargrade.phantom.plan import plan_axial
from lumbargrade.study.likeness.copies import copies, varied
from lumbargrade.study.likeness.texture import texture

Picture = NDArray[np.generic]

PATIENTS = 2
OWNERS = np.repeat(np.arange(PATIENTS), 2)
"""Two slices of each patient, of the lowest and the highest disc."""


def cropped(picture: Picture, share: float) -> Picture:
    edge = [round(size * (1 - share) / 2) for size in picture.shape]
    return picture[edge[0] : -edge[0], edge[1] : -edge[1]]


def shifted(picture: Picture, down: float, right: float) -> Picture:
    """Move by pixels of 320."""
    step = np.array([down, right]) * np.array(picture.shape) / 320
    return np.asarray(ndimage.shift(picture, step.round(), order=0, cval=0))


CHANGES: dict[str, Callable[[Picture], Picture]] = {
    "window": lambda one: np.clip(one, 50, 400),
    "crop 90": lambda one: cropped(one, 0.90),
    "crop 85": lambda one: cropped(one, 0.85),
    "crop 80": lambda one: cropped(one, 0.80),
    "crop 95": lambda one: cropped(one, 0.95),
    "8 px down": lambda one: shifted(one, 8, 0),
    "8 px right": lambda one: shifted(one, 0, 8),
    "8 px aslant": lambda one: shifted(one, -5.7, 5.7),
    "left-right": lambda one: one[:, ::-1],
    "up-down": lambda one: one[::-1],
    "turn": lambda one: one[::-1, ::-1],
    "all": lambda one: cropped(shifted(one, 3, -3), 0.9)[:, ::-1],
}


def scanned(seed: int) -> list[Picture]:
    """Return a patient's lowest and highest axial slice, painted once instead of four times."""
    rng = np.random.default_rng(seed)
    protocol = draw_protocol(find_scanner("verio-3t"), rng)
    anatomy = build_anatomy(draw_patient(rng, False), rng)
    times = (protocol.echo_time_ms, protocol.repetition_time_ms)
    tissue = draw_signals(times, protocol.scanner.signal_spread, rng)
    scan = Scan(tissue, protocol.slice_thickness_mm, 1, draw_readout(protocol, rng))
    plan, roots = plan_axial(anatomy, protocol, rng), tabulate_roots(anatomy)
    return [scan_slice(anatomy, roots, plan[place], scan, rng) for place in (1, -2)]


@pytest.fixture(scope="module")
def slices() -> list[Picture]:
    return [one for seed in range(PATIENTS) for one in scanned(seed)]


@pytest.mark.parametrize("change", CHANGES)
def test_an_altered_copy_is_known(change: str, slices: list[Picture]) -> None:
    originals = [texture(one) for one in slices]
    altered = [texture(CHANGES[change](one)) for one in slices]
    groups = np.concatenate([OWNERS, OWNERS + PATIENTS])
    found = copies([*originals, *altered], groups)
    assert found.tolist() == [[place, place + len(slices)] for place in range(len(slices))]


def test_pictures_of_one_patient_are_not_compared(slices: list[Picture]) -> None:
    one = texture(slices[0])
    assert copies([one, one], np.zeros(2, dtype=np.int64)).tolist() == []
    assert copies([one, one], np.arange(2)).tolist() == [[0, 1]]


def test_a_copy_is_found_in_another_block_whichever_comes_first() -> None:
    """More pictures than are compared at a time; the whole before its copy, and after."""
    noise = np.random.default_rng(4).normal(size=(700, 80, 80))
    pictures = ndimage.gaussian_filter(noise, (0, 5, 5))
    made = [texture(one) for one in pictures]
    made[650], made[20] = texture(cropped(pictures[30], 0.85)), texture(pictures[640, :, ::-1])
    made[10] = texture(cropped(pictures[690], 0.85))
    heard: list[tuple[int, int]] = []
    found = copies(made, np.arange(700), lambda done, total: heard.append((done, total)))
    assert found.tolist() == [[10, 690], [20, 640], [30, 650]]
    assert heard[-1] == (700, 700)


def test_blank_textures_match_nothing() -> None:
    blank = texture(np.zeros((64, 64)))
    assert varied([blank]).tolist() == [False]
    assert copies([blank, blank], np.arange(2)).tolist() == []
    assert copies([], np.zeros(0, dtype=np.int64)).tolist() == []
