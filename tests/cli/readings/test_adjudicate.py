"""``lumbargrade readings adjudicate`` counts what became of each grade."""

from __future__ import annotations

from pathlib import Path

from tests.annotation.test_double_reading import pair, table
from tests.cli.calls import call

from lumbargrade.annotation.double_reading import adjudicate
from lumbargrade.cli.readings.adjudicate import origins_table

__all__ = ["pair"]


def test_each_system_is_a_row(pair: list[Path], tmp_path: Path) -> None:
    found = origins_table(adjudicate(pair, tmp_path / "out"))
    assert found.title == "Ann and Bob: graded images, and sides where a system has them"
    assert found.columns == (
        *("system", "read", "agreed", "settled", "open", "cannot be graded", "read once"),
    )
    assert found.rows == (
        ("LDH", "3", "2", "0", "1", "0", "0"),
        ("LNRC", "6", "2", "0", "1", "2", "1"),
    )


def test_notes_and_the_next_step_are_told(pair: list[Path], tmp_path: Path) -> None:
    told = call("readings", "adjudicate", *pair, "-o", tmp_path / "out")
    assert "Read by Ann only, and so without a reference: 1." in told
    assert "2 to be settled: " in told
    lee = table(tmp_path / "Lee.csv", "P1,1.2.1,,0,,", "P1,1.2.2,1,,,")
    told = call("readings", "adjudicate", *pair, lee, "-o", tmp_path / "out")
    assert "Reference standard: " in told
