"""One input of a batch: read, graded and put in its place, study by study.

It needs nothing but its arguments, so that another process may do it. The one who calls it alone
keeps the lock of the output folder, the journal and the tables of all studies.
"""

from __future__ import annotations

import errno
import traceback
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

from lumbargrade.errors import LumbargradeError, OtherNumbersError, OutputError
from lumbargrade.files.output_folder import as_output_error
from lumbargrade.grading.finding import StudyGrades
from lumbargrade.grading.system import GradingSystem
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.predict import PredictOptions, grade_study
from lumbargrade.outputs.page.words.language import ENGLISH
from lumbargrade.outputs.study_folder import code_of, owner_of, study_in
from lumbargrade.outputs.write import DEFAULT_FORMATS, land
from lumbargrade.study.inputs import StudyInput, numbered
from lumbargrade.study.intake.divide import date_of
from lumbargrade.study.model import Study
from lumbargrade.study.read import ReadOptions, read_studies

FOLDER_FAILS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ESTALE, errno.ENOTCONN}
"""Errors of the disk, not of a study: they would fail every study that follows."""


@dataclass(frozen=True)
class GradeOptions:
    """How all of the studies are read, graded and written (``outputs.write.FORMATS``).

    ``language`` is that of the page, such as ``"de"``.
    """

    read: ReadOptions = field(default_factory=ReadOptions)
    predict: PredictOptions = field(default_factory=PredictOptions)
    formats: tuple[str, ...] = DEFAULT_FORMATS
    language: str = ENGLISH


@dataclass(frozen=True)
class Place:
    """Where the studies of one input go; small, and travels between processes.

    Attributes
    ----------
    out : the output folder, opened by the caller (``files.output_folder.opened``).
    taken : names of other inputs, which studies of this one must not get.
    flat : a single study lies in ``out`` itself, if nothing of another study does.
    done : codes of studies that are there already and are passed over.
    """

    out: Path
    taken: frozenset[str] = frozenset()
    flat: bool = False
    done: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Landed:
    """What became of a study; small, and travels between processes.

    Attributes
    ----------
    name : of its folder; of the input, where it failed.
    told : its name for people.
    grades : None where it failed.
    reason : in one line, why it failed; None where it did not.
    replaced : whether earlier results of the same study gave way.
    flat : whether its files lie in the output folder itself.
    code : of the study (``outputs.study_folder.code_of``); "" where it failed.
    systems : the grading systems of the model, by code.
    """

    name: str
    told: str
    grades: StudyGrades | None = None
    reason: str | None = None
    replaced: bool = False
    flat: bool = False
    code: str = ""
    systems: Mapping[str, GradingSystem] = field(default_factory=dict)


def places(out: Path, inputs: Sequence[StudyInput]) -> Callable[[StudyInput], Place]:
    """Return what gives the place of each of several inputs, whose names are distinct."""
    names = sorted(one.name for one in inputs)

    def place(item: StudyInput) -> Place:
        # Studies out of this input are called NAME-1, NAME-2, ...: only such names collide.
        begin = f"{item.name}-"
        after = names[bisect_left(names, begin) :]
        return Place(out, frozenset(takewhile(lambda name: name.startswith(begin), after)))

    return place


def grade_input(
    item: StudyInput, place: Place, engine: Engine, options: GradeOptions
) -> tuple[Landed, ...]:
    """Read and grade the studies of one input, each of which lands as soon as it is graded.

    Whatever goes wrong with a study becomes its reason. Raises OutputError only if the output
    folder cannot be written any more, as when the disk is full, and OtherNumbersError if this
    machine must not grade.
    """
    found = read_input(item, options.read)
    if isinstance(found, Landed):
        return (found,)
    return tuple(land_each(item, found, place, engine, options))


def read_input(item: StudyInput, options: ReadOptions) -> tuple[Study, ...] | Landed:
    """Return the studies of an input, or why it cannot be read."""
    try:
        return read_studies(item.paths, options)
    except Exception as error:  # whatever it is, it is this input's alone
        return Landed(item.name, item.name, reason=reason_of(error))


def land_each(
    item: StudyInput, found: Sequence[Study], place: Place, engine: Engine, options: GradeOptions
) -> Iterator[Landed]:
    """Grade the studies of an input, and yield what became of each; as :func:`grade_input`."""
    names = numbered(item.name, len(found), set(place.taken))
    for name, study in zip(names, found, strict=True):
        date = date_of(study.study_date)
        told = f"{name} (study of {date or 'no date'})" if len(found) > 1 else name
        code = code_of(study.patient_id, study.study_instance_uid)
        if code in place.done:
            continue
        try:
            landed = _landed(study, (name, told), place, engine, options)
        except Exception as error:  # whatever it is, it is this study's alone
            if is_of_all(error):
                raise
            landed = Landed(name, told, reason=reason_of(error))
        yield landed


def is_of_all(error: Exception) -> bool:
    """Say whether every other study would meet the same: the output folder cannot be written, or
    this machine computes other numbers than it should.
    """
    cause = error.__cause__
    return isinstance(error, OtherNumbersError) or (
        isinstance(error, OutputError)
        and isinstance(cause, OSError)
        and cause.errno in FOLDER_FAILS
    )


def reason_of(error: Exception) -> str:
    """Return in one line why a study failed; what is a fault of the program says where it is.

    Examples
    --------
    >>> reason_of(LumbargradeError("no axial slice"))
    'no axial slice'
    >>> reason_of(MemoryError())
    'out of memory: grade it on a machine with more, or give fewer files'
    """
    if isinstance(error, LumbargradeError):
        return str(error)
    if isinstance(error, MemoryError):
        return "out of memory: grade it on a machine with more, or give fewer files"
    # Not the text of the error, in which anything of the patient may stand.
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f" in {Path(one.filename).name}, line {one.lineno}" for one in last)
    return (
        f"unexpected {type(error).__name__}{where}: a fault of lumbargrade: report this line, "
        "without patient data"
    )


def _landed(
    study: Study, names: tuple[str, str], place: Place, engine: Engine, options: GradeOptions
) -> Landed:
    name, told = names
    graded = grade_study(study, engine, options.predict)
    code = owner_of(graded.grades, name).code
    # The tables of all studies are made of those of each.
    formats = tuple(dict.fromkeys((*options.formats, "csv")))
    flat = place.flat and study_in(place.out) in ("", code)
    with as_output_error(place.out):
        written = land(graded, place.out, name, formats, flat=flat, language=options.language)
    if not flat and written.folder.name != name:
        told = f"{told}, in {written.folder.name}"
    return Landed(
        name=name if flat else written.folder.name,
        told=told,
        grades=written.graded.grades,
        replaced=written.replaced,
        flat=flat,
        code=code,
        systems=written.graded.systems,
    )
