from __future__ import annotations

from pathlib import Path

import pytest

from lumbargrade.errors import OutputError
from lumbargrade.files.ledger import (
    LEDGER,
    PRIVATE,
    Ledger,
    check_no_foreign,
    files_below,
    read_ledger,
    write_ledger,
)


def test_a_ledger_is_read_as_it_was_written(tmp_path: Path) -> None:
    for ledger in (
        Ledger(("a", "b/c")),
        Ledger(("grades.json",), "1f", "P1"),
        Ledger(("predictions.csv",), failures={"P2": "no axial T2 slice"}),
    ):
        write_ledger(tmp_path, ledger)
        assert read_ledger(tmp_path) == ledger
    assert read_ledger(tmp_path / "none") == Ledger()


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"schema": "x", "files": []}', '{"schema": "lumbargrade.output/1"}',
     '{"schema": "lumbargrade.output/1", "files": ["a"], "failures": []}'],
)  # fmt: skip
def test_what_is_no_ledger_lists_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / LEDGER).write_text(text)
    assert read_ledger(tmp_path) == Ledger()


def test_entries_are_the_first_parts(tmp_path: Path) -> None:
    assert Ledger(("a", "b/c", "b/d/e")).entries == {"a", "b"}


def test_grades_are_known_by_their_study_or_by_the_files_of_earlier_versions() -> None:
    assert Ledger(study="1f").holds_grades
    assert Ledger(("P1/grades.json",)).holds_grades
    assert not Ledger(("report.html", "evaluation.json")).holds_grades


def test_files_of_others_are_named(tmp_path: Path) -> None:
    (tmp_path / PRIVATE).mkdir()
    (tmp_path / PRIVATE / "lock").touch()
    (tmp_path / "a").touch()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c").touch()
    assert files_below(tmp_path) == {"a", "b/c"}
    check_no_foreign(tmp_path, Ledger(("a", "b/c", "gone")))
    with pytest.raises(OutputError, match=r"did not write \(a and 1 more\) and is left as it is"):
        check_no_foreign(tmp_path, Ledger())
