"""What a spreadsheet would run is quoted, what is a number is not, and nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbargrade.files.formula_guard import guarded, unguarded


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "'=1",
        "-",
        "--",
        "-1 (=1 to 2)",
        "-1\n=1",
        "+49 30 1",
        "-infinite",
        " =1+1",
        "\u00a0=1+1",
        "\u200b\ufeff=1+1",
        "\u2060\u3000@SUM(A1)",
        "\uff1d1+1",
        "\uff0b1",
        "\uff20SUM(A1)",
        "\uff0d1",
        "\u22121",
        " -5",
        "' =1",
        "' ' \uff1d1",
        "\x00=1",
        "\n=1",
    ],
)
def test_a_formula_is_quoted_and_read_back(cell: str) -> None:
    written = guarded(cell)
    assert written == ("-" if cell == "-" else f"'{cell}")
    assert unguarded(written) == cell


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "P1",
        "'quoted'",
        "a=b",
        "-",
        "-5",
        "+0.014 (-0.001 to +0.028)",
        "-0.25 (0.1 to 0.2)",
        "-0.25 (no interval)",
        "-1.5e-05",
        "-inf",
        "-3.",
        "L4 =L5",
        "\u200b",
        "' a",
    ],
)
def test_numbers_intervals_and_names_are_left_as_they_are(cell: str) -> None:
    assert guarded(cell) == unguarded(cell) == cell


_TRICKY = "'=+-@\t\r\n1. a\x00\u00a0\u200b\ufeff\uff1d\uff0d\u2212"


@given(st.text(alphabet=st.sampled_from(_TRICKY)) | st.text())
def test_reading_undoes_writing(cell: str) -> None:
    written = guarded(cell)
    assert unguarded(written) == cell
    assert written[:1] not in set("=@\t\r\uff1d\uff0d\u2212")
    inked = written.lstrip(" \n\x00\u00a0\u200b\ufeff")
    assert inked == written or inked[:1] not in set("=+-@\uff1d\uff0d\u2212")
