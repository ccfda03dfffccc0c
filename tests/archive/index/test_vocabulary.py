"""Texts become words of a closed list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.archive.index.vocabulary import _makers, level_in, scanner_words, words_of
from lumbargrade.grading.level import Level
from lumbargrade.study.model import Acquisition


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("t2_tse_tra L4/5", "L4/L5"),
        ("t2 L4-L5", "L4/L5"),
        ("l5_s1 t2", "L5/S1"),
        ("AX T2 L5S1", "L5/S1"),
        ("L45", "L4/L5"),
        ("L 3 / 4", "L3/L4"),
        ("L1-L5", None),
        ("L4/5 L5/S1", None),
        ("L4-S1", None),
        ("L3/S1", None),
        ("t2_tse_tra", None),
        ("vol4-5", None),
        ("L4", None),
        ("L450", None),
    ],
)
def test_one_level_in_the_name_of_a_series(name: str, level: str | None) -> None:
    assert level_in(name) == level


@pytest.mark.parametrize(
    ("maker", "model", "expected"),
    [
        ("SIEMENS", "MAGNETOM Avanto_fit", ("Siemens", "Avanto Fit")),
        ("Siemens Healthineers", "MAGNETOM Sempra", ("Siemens", "Sempra")),
        ("GE MEDICAL SYSTEMS", "SIGNA HDxt", ("GE", "Signa HDxt")),
        ("GE MEDICAL SYSTEMS", "DISCOVERY MR750w", ("GE", "Discovery MR750w")),
        ("Philips Medical Systems", "Ingenia Ambition X", ("Philips", "Ingenia Ambition X")),
        ("Philips", "Ingenia", ("Philips", "Ingenia")),
        ("TOSHIBA_MEC", "Titan", ("Canon", "Titan")),
        ("Simulated A", "Phantom 1.5T", ("Simulated A", "Phantom 1.5T")),
        ("Dr Smith Devices", "Smith 3000", ("other", "other")),
        ("SIEMENS", "Smith's Avantoo", ("Siemens", "other")),
        ("", "", (None, None)),
        ("Bridge Corp", "", ("other", None)),
    ],
)
def test_known_scanners(maker: str, model: str, expected: tuple[str | None, str | None]) -> None:
    assert scanner_words(maker, model) == expected


def test_codes_and_modality_of_the_standard_only() -> None:
    words = words_of(
        Acquisition(
            modality="SMITH",
            scanning_sequence=("SE", "SMITH", "IR"),
            sequence_variant=("SMITH",),
            body_part_examined="SMITH",
        )
    )
    assert words.modality == "other"
    assert words.scanning_sequence == "IR\\SE"
    assert words.sequence_variant is None
    assert words.body_part == "other"


@given(st.text("SiemensVOAGTrial45/-_ \xe9\x00", max_size=64))
def test_no_text_gets_through(text: str) -> None:
    known = {None, "other"} | {word for name, _, models in _makers() for word in (name, *models)}
    assert set(scanner_words(text, text)) <= known
    assert level_in(text) in {None, *(level.value for level in Level)}
