from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from lumbargrade.batch.journal import FILE_NAME, Journal, command_key, discard, journal_of
from lumbargrade.batch.landing import GradeOptions, Landed
from lumbargrade.files.ledger import LEDGER, PRIVATE
from lumbargrade.inference.predict import PredictOptions
from lumbargrade.study.inputs import StudyInput

A, B, C = (StudyInput(name, (Path(name),)) for name in "ABC")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / PRIVATE).mkdir()
    return tmp_path


def _there(out: Path, name: str) -> Landed:
    (out / name).mkdir()
    (out / name / LEDGER).touch()
    return Landed(name, name, code=f"code of {name}")


@contextmanager
def _interrupted(out: Path, key: str = "k") -> Iterator[Journal]:
    with suppress(KeyboardInterrupt), journal_of(out, key) as journal:
        yield journal
        raise KeyboardInterrupt


def _begin(out: Path) -> None:
    with _interrupted(out) as journal:
        journal.note(A, _there(out, "A"))
        journal.finish(A)
        journal.note(B, Landed("B", "B", reason="no axial slice"))
        journal.finish(B)
        journal.note(C, _there(out, "C-1"))


def _said(journal: Journal) -> tuple[object, ...]:
    return journal.finished, journal.landed, journal.codes, journal.failures, journal.earlier


def test_the_same_command_goes_on_where_it_was_interrupted(out: Path) -> None:
    _begin(out)
    left: tuple[object, ...] = ({"A", "B"}, 2, {"C": {"code of C-1"}}, {"B": "no axial slice"}, {})
    for _ in range(2):
        with _interrupted(out) as journal:
            assert _said(journal) == left
    with journal_of(out, "k"):
        pass
    assert not (out / PRIVATE / FILE_NAME).exists()


def test_half_a_line_is_passed_over_and_what_follows_is_whole(out: Path) -> None:
    _begin(out)
    path = out / PRIVATE / FILE_NAME
    path.write_bytes(path.read_bytes()[:-9])
    with _interrupted(out) as journal:
        assert (journal.landed, journal.codes) == (1, {})
        journal.note(C, Landed("C-2", "C-2", code="2"))
    assert path.read_text().endswith('"code": "2"}\n')
    assert path.read_text().count("\n") == 6


def test_a_study_that_was_deleted_is_graded_again(out: Path) -> None:
    _begin(out)
    (out / "A" / LEDGER).unlink()
    with journal_of(out, "k") as journal:
        assert (journal.finished, journal.landed) == ({"B"}, 1)


def test_of_another_command_only_the_failures_stay(out: Path) -> None:
    _begin(out)
    with _interrupted(out, "other") as journal:
        assert _said(journal) == (set(), 0, {}, {}, {"B": "no axial slice"})
    with journal_of(out, "other") as journal:
        assert journal.earlier == {"B": "no axial slice"}


def test_a_journal_that_cannot_be_read_is_none(out: Path) -> None:
    (out / PRIVATE / FILE_NAME).write_bytes(b"\xff[]\n")
    with journal_of(out, "k") as journal:
        assert _said(journal) == (set(), 0, {}, {}, {})
        discard(out)


def test_a_command_is_its_inputs_its_model_and_its_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    key = command_key([A, B], "1f", GradeOptions())
    assert command_key([StudyInput("A", (tmp_path / "A",)), B], "1f", GradeOptions()) == key
    box = GradeOptions(predict=PredictOptions((1, 2, 3, 4)))
    others = [([A], "1f", GradeOptions()), ([A, B], "2f", GradeOptions()), ([A, B], "1f", box)]
    assert len({key, *(command_key(*one) for one in others)}) == 4
