"""Contrast from sequence parameters, and from names only where those are missing."""

from __future__ import annotations

from typing import Any

import pytest

from lumbargrade.study.model import Acquisition
from lumbargrade.study.series.contrast import contrast_of, parameters


@pytest.mark.parametrize(
    ("expected", "header"),
    [
        ("t2", {"echo_time_ms": 94, "repetition_time_ms": 3500}),
        ("t2", {"echo_time_ms": 60, "repetition_time_ms": 1500}),
        ("t2", {"echo_time_ms": 97, "repetition_time_ms": 8080, "inversion_time_ms": 0}),
        ("t2", {"echo_time_ms": 97, "repetition_time_ms": 8080, "scan_options": ("SP", "PER")}),
        # Parameters beat a misleading name.
        ("t2", {"echo_time_ms": 97, "repetition_time_ms": 4000, "series_description": "t1 tra"}),
        ("t1", {"echo_time_ms": 11, "repetition_time_ms": 550, "series_description": "t2 tra"}),
        ("t1", {"echo_time_ms": 9, "repetition_time_ms": 2000, "inversion_time_ms": 860}),
        ("pd", {"echo_time_ms": 35, "repetition_time_ms": 2500}),
        (
            "fat-suppressed",
            {"echo_time_ms": 97, "repetition_time_ms": 4000, "scan_options": ("FS",)},
        ),
        (
            "fat-suppressed",
            {"echo_time_ms": 70, "repetition_time_ms": 4000, "inversion_time_ms": 160},
        ),
        (
            "fat-suppressed",
            {
                "echo_time_ms": 97,
                "repetition_time_ms": 4000,
                "image_type": ("DERIVED", "PRIMARY", "DIXON", "WATER"),
            },
        ),
        (
            "fat-suppressed",
            {"echo_time_ms": 97, "repetition_time_ms": 4000, "series_description": "t2_tse_fs_tra"},
        ),
        ("fat-suppressed", {"series_description": "Ax STIR"}),
        ("unknown", {"echo_time_ms": 120, "repetition_time_ms": 9000, "inversion_time_ms": 2500}),
        ("unknown", {"echo_time_ms": 4, "repetition_time_ms": 8, "scanning_sequence": ("GR",)}),
        ("unknown", {"echo_time_ms": 80, "repetition_time_ms": 900}),
        ("t2", {"series_description": "AX T2 TSE"}),
        ("t2", {"protocol_name": "t2_tse_tra", "echo_time_ms": 100}),
        ("t1", {"series_description": "T1W_TSE"}),
        ("pd", {"series_description": "ax pd"}),
        ("unknown", {"series_description": "ax t2* gre"}),
        ("unknown", {"series_description": "t1 and t2"}),
        ("unknown", {}),
    ],
)
def test_contrast(expected: str, header: dict[str, Any]) -> None:
    assert contrast_of(Acquisition(**header)) == expected


def test_parameters_as_people_write_them() -> None:
    assert parameters(Acquisition(echo_time_ms=100, repetition_time_ms=3500.5)) == (
        "TE 100, TR 3500.5 ms"
    )
    assert parameters(Acquisition()) == "no TE and TR in the header"
