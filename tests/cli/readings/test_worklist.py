"""``lumbargrade readings worklist`` says how much there is to read."""

from __future__ import annotations

from pathlib import Path

from tests.cli.calls import call, refused


def test_it_says_what_is_to_be_read(graded_cohort: Path, tmp_path: Path) -> None:
    command = ("readings", "worklist", graded_cohort, "--reader", "Ann [x]", "-o")
    told = call(*command, tmp_path / "Ann.csv", "--system", "LNRC")
    assert "Ann.csv: 4 studies, 24 slices for Ann [x]; fill in LNRC_left, LNRC_right, or a" in told
    assert "exists, and may be filled in" in refused(*command, tmp_path / "Ann.csv")
