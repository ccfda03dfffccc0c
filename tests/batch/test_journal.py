from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from lumbargrade.batch.journal import FILE_NAME, Journal, command_key, discard, journal_of
from lumbargrade.batch.landing import GradeOptions, Landed
from lumbargrade.files.ledger import LEDGER, PRIVATE
from lumbargrade.inference.predict import PredictOptions
from lumbargrade.study.inputs import StudyInput

A, B, C = INPUTS = [StudyInput(name, (Path(f"no/{name}"),)) for name in "ABC"]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / PRIVATE).mkdir()
    return tmp_path


def _there(out: Path, name: str) -> Landed:
    (out / name).mkdir()
    (out / name / LEDGER).touch()
    return Landed(name, name, code=f"code of {name}")


@contextmanager
def _interrupted(
    out: Path, key: str = "k", inputs: Sequence[StudyInput] = INPUTS
) -> Iterator[Journal]:
    with suppress(KeyboardInterrupt), journal_of(out, inputs, key) as journal:
        yield journal
        raise KeyboardInterrupt


def _begin(out: Path) -> None:
    with _interrupted(out) as journal:
        for one in INPUTS:
            journal.begin(one)
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
    with journal_of(out, INPUTS, "k"):
        pass
    assert not (out / PRIVATE / FILE_NAME).exists()


def test_half_a_line_is_passed_over_and_what_follows_is_whole(out: Path) -> None:
    _begin(out)
    path = out / PRIVATE / FILE_NAME
    path.write_bytes(path.read_bytes()[:-9])
    with _interrupted(out) as journal:
        assert (journal.landed, journal.codes) == (1, {})
        journal.note(C, Landed("C-2", "C-2", code="2"))
    assert path.read_text().endswith('"code": "2", "written": ""}\n')
    assert path.read_text().count("\n") == 9


def test_a_study_that_was_deleted_is_graded_again(out: Path) -> None:
    _begin(out)
    (out / "A" / LEDGER).unlink()
    with journal_of(out, INPUTS, "k") as journal:
        assert (journal.finished, journal.landed) == ({"B"}, 1)


def test_a_study_that_another_command_has_graded_since_is_graded_again(out: Path) -> None:
    _begin(out)
    os.utime(out / "A" / LEDGER, (1, 1))
    with journal_of(out, INPUTS, "k") as journal:
        assert (journal.finished, journal.landed) == ({"B"}, 1)


@pytest.mark.parametrize("change", ["longer", "touched", "more", "gone"])
def test_an_input_that_was_changed_is_graded_again(out: Path, change: str) -> None:
    folder = out / "in"
    (folder / "t2").mkdir(parents=True)
    file = folder / "t2" / "1.dcm"
    file.write_bytes(b"one")
    os.utime(file, (9, 9))
    inputs = [StudyInput("A", (folder,)), B]
    with _interrupted(out, inputs=inputs) as journal:
        for one in inputs:
            journal.begin(one)
        journal.note(inputs[0], _there(out, "A"))
        for one in inputs:
            journal.finish(one)
    with _interrupted(out, inputs=inputs) as journal:
        assert journal.finished == {"A", "B"}
    if change == "longer":
        file.write_bytes(b"more")
        os.utime(file, (9, 9))
    elif change == "touched":
        os.utime(file, (8, 8))  # a clock may go backwards
    elif change == "more":
        (folder / "2.dcm").touch()
    else:
        file.unlink()
    with journal_of(out, inputs, "k") as journal:
        assert (journal.finished, journal.landed) == ({"B"}, 0)


LINES: tuple[object, ...] = (
    [], "x", {"input": "A"}, {"input": "A", "study": "A"}, {"input": [], "finished": "yes"},
    {"input": "A", "study": "A", "reason": 7}, {"input": "A", "study": "A", "code": "c"},
    {"study": "A", "reason": "r"},
)  # fmt: skip


@pytest.mark.parametrize("line", LINES, ids=repr)
def test_a_damaged_line_and_what_follows_it_is_passed_over(out: Path, line: object) -> None:
    _begin(out)
    path = out / PRIVATE / FILE_NAME
    lines = path.read_text().splitlines()
    lines[6] = json.dumps(line)
    path.write_text("\n".join(lines))
    with journal_of(out, INPUTS, "k") as journal:
        assert _said(journal) == ({"A"}, 1, {}, {}, {})


def test_of_another_command_only_the_failures_stay(out: Path) -> None:
    _begin(out)
    with _interrupted(out, "other") as journal:
        assert _said(journal) == (set(), 0, {}, {}, {"B": "no axial slice"})
    with journal_of(out, INPUTS, "other") as journal:
        assert journal.earlier == {"B": "no axial slice"}


def test_a_journal_that_cannot_be_read_is_none(out: Path) -> None:
    (out / PRIVATE / FILE_NAME).write_bytes(b"\xff[]\n")
    with journal_of(out, INPUTS, "k") as journal:
        assert _said(journal) == (set(), 0, {}, {}, {})
        discard(out)


def test_a_command_is_its_inputs_its_model_and_its_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    key = command_key([A, B], "1f", GradeOptions())
    assert command_key([StudyInput("A", (tmp_path / "no/A",)), B], "1f", GradeOptions()) == key
    box = GradeOptions(predict=PredictOptions((1, 2, 3, 4)))
    others = [([A], "1f", GradeOptions()), ([A, B], "2f", GradeOptions()), ([A, B], "1f", box)]
    assert len({key, *(command_key(*one) for one in others)}) == 4
