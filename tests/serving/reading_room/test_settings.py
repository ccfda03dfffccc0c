"""What cannot be opened or planned is said before anything is."""

from __future__ import annotations

from pathlib import Path

import pytest

from lumbargrade.errors import ReadingError
from lumbargrade.grading.system import GRADING_SYSTEMS, READ_SYSTEMS, Unit
from lumbargrade.serving.reading_room.settings import Opening, ReadingPlan


def test_a_room_for_others_needs_https() -> None:
    with pytest.raises(ReadingError, match="passwords and pictures would cross the network"):
        Opening("0.0.0.0")
    assert Opening("0.0.0.0", proxy="10.0.0.2").is_secure
    assert not Opening("::1").is_secure


def test_tls_needs_both_files() -> None:
    with pytest.raises(ReadingError, match="TLS needs both files"):
        Opening(certificate=Path("a.pem"))


def test_the_address_is_one_that_a_browser_takes() -> None:
    assert Opening().address == "http://127.0.0.1:8000"
    tls = Opening("::", 443, Path("a.pem"), Path("b.pem"))
    assert tls.address == "https://[::]:443"


def plan(seed: int = 0, readers: int = 2, repeats: float = 0, assisted: float = 0) -> ReadingPlan:
    return ReadingPlan("0" * 64, seed, GRADING_SYSTEMS, readers, repeats, assisted)


def test_a_plan_that_cannot_be_is_refused() -> None:
    with pytest.raises(ReadingError, match="seed 2147483648: choose 0 to"):
        plan(seed=2**31)
    with pytest.raises(ReadingError, match="a reading needs 1 or more"):
        plan(readers=0)
    with pytest.raises(ReadingError, match="repeats cannot be had"):
        plan(repeats=0.6)


def test_each_reader_has_a_turn() -> None:
    assert plan(3, repeats=0.25, assisted=0.5).list_options(4).turn == 4


def test_what_is_read_follows_from_the_systems() -> None:
    def units(*codes: str) -> frozenset[Unit]:
        systems = {code: READ_SYSTEMS[code] for code in codes}
        return ReadingPlan("c", 0, systems, 2, 0.0, 0.0).units

    assert units("LDH", "LNRC") == {Unit.SLICE}
    assert units("LDH", "PFIRRMANN") == {Unit.SLICE, Unit.DISC}
    assert units("PFIRRMANN") == {Unit.DISC}
