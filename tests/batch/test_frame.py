from __future__ import annotations

from pathlib import Path

import pytest
from tests.batch.test_grade import Notes

from lumbargrade.batch.frame import batch_in
from lumbargrade.batch.landing import GradeOptions, Landed
from lumbargrade.errors import StudyError
from lumbargrade.files.ledger import LEDGER, PRIVATE
from lumbargrade.study.inputs import StudyInput

A, B = (StudyInput(name, (Path(name),)) for name in "AB")
HOW = ("1f", GradeOptions())


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / PRIVATE).mkdir()
    return tmp_path


def test_where_no_study_could_be_graded_nothing_is_left(out: Path) -> None:
    def fail() -> None:
        with batch_in(out, (A, B), HOW, Notes()) as batch:
            for item in batch.waiting:
                batch.take(item, Landed(item.name, item.name, reason="no"))
                batch.finish(item)

    with pytest.raises(StudyError, match="none of 2 studies could be graded, for example A: no"):
        fail()
    assert [path.name for path in out.iterdir()] == [PRIVATE]
    assert list((out / PRIVATE).iterdir()) == []


def test_the_watcher_hears_of_more_studies_and_of_those_that_are_there(out: Path) -> None:
    def begin() -> None:
        with batch_in(out, (A, B), HOW, notes) as batch:
            batch.begin(A)
            batch.expect(A, 3)
            (out / "A-1").mkdir()
            (out / "A-1" / LEDGER).touch()
            batch.take(A, Landed("A-1", "A-1", code="1"))
            raise KeyboardInterrupt

    notes = Notes()
    with pytest.raises(KeyboardInterrupt):
        begin()
    assert notes.expected == [2, 4]
    with batch_in(out, (A, B), HOW, notes) as batch:
        assert batch.waiting == [A, B]
        assert batch.done_of(A) == {"1"}
        batch.expect(A, 3)
        batch.expect(B, 1)
        assert (batch.studies, batch.failures) == (1, {})
    assert notes.expected == [2, 4, 3, 4]
    assert notes.calls[-1] == ("goes on", (1, 0))
