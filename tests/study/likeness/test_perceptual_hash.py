"""A picture is known again after what happens to copies, and no other is taken for it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lumbargrade.study.likeness.perceptual_hash import (
    NEAR_BITS,
    alike,
    is_picture_code,
    near_duplicates,
    picture_code,
)


def picture(seed: int, pixels: int = 320) -> NDArray[np.float64]:
    """A smooth made-up picture with values 0 to 4000."""
    coarse = np.random.default_rng(seed).random((24, 24))
    where = np.linspace(0, 23, pixels)
    rows = np.array([np.interp(where, np.arange(24), row) for row in coarse])
    return 4000 * np.array([np.interp(where, np.arange(24), column) for column in rows.T])


def test_a_copy_keeps_its_code() -> None:
    original = picture(1)
    copies: dict[str, NDArray[np.generic]] = {
        "8 bits": (original / 4000 * 255).astype(np.uint8),
        "another window": np.clip(original - 300, 0, 3000).astype(np.int16),
        "noise": original + np.random.default_rng(2).normal(0, 40, original.shape),
        "finer pixels": np.repeat(np.repeat(original, 2, 0), 2, 1),
    }
    code = picture_code(original)
    for change, copy in copies.items():
        assert near_duplicates([picture_code(copy)], [code]).tolist() == [True], change


def test_other_pictures_are_strangers() -> None:
    codes = [picture_code(picture(seed)) for seed in range(30)]
    for index, code in enumerate(codes):
        assert not near_duplicates([code], codes[:index] + codes[index + 1 :]).any()


def test_the_border_between_copy_and_stranger() -> None:
    zero = "0" * 64
    near, far = (f"{(1 << bits) - 1:064x}" for bits in (NEAR_BITS, NEAR_BITS + 1))
    assert near_duplicates([near, far], [zero, "f" * 64]).tolist() == [True, False]
    assert near_duplicates([near], []).tolist() == [False]
    assert near_duplicates([], [zero]).tolist() == []


def test_a_code_is_a_text_of_its_form() -> None:
    assert is_picture_code(picture_code(picture(1, 17)))
    for wrong in ("", "0" * 63, "F" * 64, "0" * 63 + "\n"):
        assert not is_picture_code(wrong)


def test_too_small_a_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="16 x 320 pixels is too small"):
        picture_code(picture(1)[:16])


def test_owners_of_one_picture_are_found_across_blocks() -> None:
    """As by hand, one against one; with more pictures than are compared at a time."""
    rng = np.random.default_rng(5)
    codes = [rng.bytes(32).hex() for _ in range(700)]
    owners = [f"P{number % 300:03}" for number in range(700)]
    for one, other in ((3, 690), (10, 11), (5, 305), (600, 2)):  # 5 and 305: one owner
        codes[other] = f"{int(codes[one], 16) ^ 0b1011:064x}"
    heard: list[tuple[int, int]] = []
    found = alike(codes, owners, lambda done, total: heard.append((done, total)))
    assert found == {("P003", "P090"), ("P010", "P011"), ("P000", "P002")}
    assert heard == [(256, 700), (512, 700), (700, 700)]


def test_without_pictures_nobody_is_alike() -> None:
    assert alike([], []) == set()


def test_blank_pictures_are_nobodys_likeness() -> None:
    blank = [f"{(1 << bits) - 1:064x}" for bits in (0, 3, 253, 256)]
    assert alike([*blank, *blank], ["A"] * 4 + ["B"] * 4) == set()
