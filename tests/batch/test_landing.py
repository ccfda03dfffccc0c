from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from lumbargrade.batch import landing
from lumbargrade.batch.landing import GradeOptions, Place, grade_input, places, reason_of
from lumbargrade.errors import BundleError, OtherNumbersError, OutputError
from lumbargrade.files.output_folder import opened
from lumbargrade.grading.grades_json import read
from lumbargrade.inference.engine import Engine
from lumbargrade.outputs import write as outputs
from lumbargrade.study.inputs import StudyInput


@pytest.fixture
def out(tmp_path: Path) -> Iterator[Path]:
    with opened(tmp_path / "out") as folder:
        yield folder


def _study(name: str, cohort: Path) -> StudyInput:
    return StudyInput(name, (cohort / name,))


def test_the_studies_of_an_input_are_graded_and_in_place(
    engine: Engine, cohort: Path, out: Path
) -> None:
    (one,) = grade_input(_study("P1", cohort), Place(out), engine, GradeOptions())
    assert (one.name, one.told, one.reason, one.replaced, one.flat) == (
        "P1", "P1", None, False, False,
    )  # fmt: skip
    assert one.grades == read(out / "P1" / "grades.json")
    assert set(one.systems) == {"LDH", "LCCS", "LNRC"}
    (again,) = grade_input(_study("P1", cohort), Place(out), engine, GradeOptions())
    assert again.replaced
    done = Place(out, done=frozenset([one.code]))
    assert grade_input(_study("P1", cohort), done, engine, GradeOptions()) == ()


def test_another_study_of_this_name_gets_a_folder_of_its_own(
    engine: Engine, tiny: ModuleType, cohort: Path, out: Path
) -> None:
    grade_input(_study("P1", cohort), Place(out), engine, GradeOptions())
    other = Path(tiny.write_study(cohort / "other" / "P1", [tiny.axial(0, PatientID="Q")]))
    (one,) = grade_input(StudyInput("P1", (other,)), Place(out), engine, GradeOptions())
    assert (one.name, one.told, one.replaced) == ("P1-2", "P1, in P1-2", False)
    assert len(read(out / "P1" / "grades.json").slices) == 2
    # It is known again.
    (one,) = grade_input(StudyInput("P1", (other,)), Place(out), engine, GradeOptions())
    assert (one.name, one.replaced) == ("P1-2", True)


def test_a_single_study_lies_in_the_folder_itself_beside_no_other(
    engine: Engine, tiny: ModuleType, cohort: Path, out: Path
) -> None:
    flat = Place(out, flat=True)
    for replaced in (False, True):
        (one,) = grade_input(_study("P1", cohort), flat, engine, GradeOptions())
        assert (one.name, one.flat, one.replaced) == ("P1", True, replaced)
    other = Path(tiny.write_study(cohort / "Q", [tiny.axial(0, PatientID="Q")]))
    (one,) = grade_input(StudyInput("Q", (other,)), flat, engine, GradeOptions())
    assert (one.name, one.flat) == ("Q", False)


@pytest.mark.parametrize("step", ["grade_study", "read_studies", "land"])
@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MemoryError(), "out of memory: grade it on a machine with more"),
        (RecursionError("maximum depth"), "unexpected RecursionError in test_landing.py, line"),
        (KeyError("Doe^Jane"), "unexpected KeyError in test_landing.py, line"),
        (OutputError("no room here"), "no room here"),
        (BundleError("output 'LDH' is not a finite number"), "output 'LDH' is not a finite"),
    ],
)
def test_whatever_goes_wrong_with_a_study_is_its_reason(
    engine: Engine,
    cohort: Path,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    error: Exception,
    reason: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(landing, step, fail)
    (one,) = grade_input(_study("P1", cohort), Place(out), engine, GradeOptions())
    assert one.grades is None
    assert str(one.reason).startswith(reason)
    assert "\n" not in str(one.reason)
    assert "Doe" not in str(one.reason)
    assert [path.name for path in out.iterdir()] == [".lumbargrade"]


def test_a_full_disk_is_no_fault_of_the_study(
    engine: Engine, cohort: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setitem(outputs.FORMATS, "html", fail)
    with pytest.raises(OutputError, match="No space left on device"):
        grade_input(_study("P1", cohort), Place(out), engine, GradeOptions())
    assert [path.name for path in out.iterdir()] == [".lumbargrade"]
    assert [path.name for path in (out / ".lumbargrade").iterdir()] == ["lock"]


def test_a_machine_that_computes_other_numbers_is_no_fault_of_the_study(
    engine: Engine, cohort: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OtherNumbersError("this machine computes other numbers")

    monkeypatch.setattr(engine, "grade", fail)
    with pytest.raises(OtherNumbersError, match=r"^this machine computes other numbers$"):
        grade_input(_study("P1", cohort), Place(out), engine, GradeOptions())
    assert [path.name for path in out.iterdir()] == [".lumbargrade"]


def test_names_of_other_inputs_are_taken(tmp_path: Path) -> None:
    inputs = [StudyInput(name, ()) for name in ("P1", "P1-1", "P10", "P1-x", "P2")]
    place = places(tmp_path, inputs)
    assert place(inputs[0]) == Place(tmp_path, frozenset({"P1-1", "P1-x"}))
    assert place(inputs[4]) == Place(tmp_path)


def test_an_error_of_ours_is_told_as_it_is() -> None:
    assert reason_of(OutputError("x: y")) == "x: y"
