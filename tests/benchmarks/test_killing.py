"""The harness of kills finds what is lost, doubled, half written or left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.killing import rounds
from benchmarks.killing.commands import COMMANDS, Command, files_of
from benchmarks.killing.process import Ended, Moment, Place
from benchmarks.killing.rounds import Killer, Undisturbed


def write_two(out: Path, names: tuple[str, ...] = ("a", "b")) -> None:
    out.mkdir(exist_ok=True)
    for name in names:
        (out / name).write_text(name)


def no_half(out: Path, whole: dict[str, object]) -> None:
    found = files_of(out) if out.is_dir() else {}
    assert all(whole[name] == one for name, one in found.items()), "half a file"


@pytest.fixture
def killer(tmp_path: Path) -> Killer:
    command = Command("two files", lambda _, out: [str(out)], files_of, no_half)
    return Killer(command, tmp_path, tmp_path / "work", 1)


def test_a_good_command_has_no_faults_and_a_bad_one_has(
    killer: Killer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "run_command", _acting("good"))
    whole = killer.undisturbed()
    killer.kill_and_finish(killer.place(), whole, 2)
    assert (killer.tally.kills, killer.tally.runs, killer.tally.faults) == (2, 1, {})
    wanted = {
        "loses": "AssertionError: 1 lost, such as b",
        "doubles": "AssertionError: 1 too many, such as c",
        "alters": "AssertionError: 1 differ, such as a: ",
        "halves": "AssertionError: half a file",
        "litters": "left in TMPDIR: x (1)",
        "goes on": "1 processes went on after the kill",
    }
    for kind, fault in wanted.items():
        killer.tally.faults.clear()
        monkeypatch.setattr(rounds, "run_command", _acting(kind))
        killer.kill_and_finish(killer.place(), whole, 1)
        assert any(one.startswith(fault) for one in killer.tally.faults), kind


def _acting(kind: str) -> object:
    def run(arguments: list[str], place: Place, moment: Moment | None, patch: object) -> Ended:
        out = Path(arguments[0])
        write_two(out, ("a",) if kind == "loses" else ("a", "b"))
        if kind == "doubles":
            (out / "c").touch()
        if kind == "alters" or (kind == "halves" and moment is not None):
            (out / "a").write_text("")
        if kind == "litters":
            (place.temporary / "x").touch()
        killed = moment is not None
        return Ended(-9 if killed else 0, 1.0, "", killed, 5, [7] if kind == "goes on" else [])

    return run


def test_moments_cover_the_run_and_its_operations(killer: Killer) -> None:
    whole = Undisturbed({}, set(), Ended(0, 2.0, "", False, 5))
    moments = [killer.moment(whole) for _ in range(200)]
    assert {one.operation for one in moments} == {None, 1, 2, 3, 4, 5}
    assert {one.whole_group for one in moments} == {True, False}
    assert all(0 <= one.seconds <= 2 for one in moments)


def test_half_a_study_and_rows_twice_are_found(tmp_path: Path) -> None:
    grade = next(one for one in COMMANDS if one.name == "grade")
    (tmp_path / "P1").mkdir()
    (tmp_path / "P1" / "grades.json").write_text("{}")
    (tmp_path / "predictions.csv").write_text("a\nb\n")
    whole = files_of(tmp_path)
    grade.read_half(tmp_path, whole)
    (tmp_path / "predictions.csv").write_text("a\nb\nb\n")
    with pytest.raises(AssertionError, match=r"predictions\.csv has rows twice"):
        grade.read_half(tmp_path, whole)
    (tmp_path / "P1" / "grades.json").write_text("{")
    with pytest.raises(AssertionError, match=r"P1/grades\.json is not what the whole run wrote"):
        grade.read_half(tmp_path, whole)
