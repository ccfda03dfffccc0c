"""What ``lumbargrade grade`` shows while it grades and when it is done."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import nullcontext
from pathlib import Path

from lumbargrade.batch.arms import Arm, arms_of
from lumbargrade.batch.grade import grade_studies
from lumbargrade.batch.landing import GradeOptions, Landed
from lumbargrade.cli.grade.said import Numbers, Said
from lumbargrade.cli.grade.table import (
    Systems,
    disc_lines,
    note_lines,
    refusal_lines,
    slice_table,
    study_line,
)
from lumbargrade.cli.progress import Advance, LastingConsole, progress
from lumbargrade.grading.finding import StudyGrades
from lumbargrade.inference.engine import Engine
from lumbargrade.inference.predict import PredictOptions
from lumbargrade.outputs.page.words.language import words_of
from lumbargrade.outputs.write import DEFAULT_FORMATS
from lumbargrade.study.inputs import StudyInput
from lumbargrade.study.read import ReadOptions
from lumbargrade.study.sources import shown

_REPLACED = "; replaced"

LONGEST_PATH = 4096
"""Characters of a path that are printed."""


def wanted(
    inputs: Sequence[StudyInput], studies: Sequence[Path], out: Path, said: Said, numbers: Numbers
) -> tuple[tuple[StudyInput, ...], tuple[Arm, ...]]:
    """Return what is graded, and how: under pseudonyms where a key was named.

    Raises as :func:`lumbargrade.batch.arms.arms_of`, and OutputError if the language is unknown.
    """
    arms = arms_of(said.regions, studies, out, _options(said, numbers))
    if said.key is None:
        return tuple(inputs), arms
    from lumbargrade.batch.pseudonymised import renaming_of

    renaming = renaming_of(said.key)
    return tuple(renaming.inputs(inputs)), tuple(map(renaming.arm, arms))


def _options(said: Said, numbers: Numbers) -> GradeOptions:
    box, spacing = numbers.box_px, numbers.spacing_mm
    return GradeOptions(
        ReadOptions(pixel_spacing_mm=None if spacing is None else (spacing[0], spacing[-1])),
        PredictOptions(None if box is None else (box[0], box[1], box[2], box[3]), said.word),
        (*DEFAULT_FORMATS, "sr") if said.sr else DEFAULT_FORMATS,
        # Asked for here, so that an unknown language is said before the first study is read.
        words_of(said.language).language,
    )


def grade_arms(
    inputs: Sequence[StudyInput], arms: Sequence[Arm], engine: Future[Engine], cohorts: str
) -> int:
    """Grade studies in each arm, print them, and return how many gradings of several failed.

    ``cohorts`` stands in the command that compares two arms. Raises as
    :func:`lumbargrade.batch.grade.grade_studies`.
    """
    failed = sum(grade_and_show(inputs, one.folder, engine, one.options) for one in arms)
    if len(arms) > 1:
        first, second = (shown(str(one.folder), LONGEST_PATH) for one in arms)
        line = f"compare: lumbargrade evaluate {first} {cohorts} -o REPORT --compare {second}"
        LastingConsole(soft_wrap=True, highlight=False).print(line, markup=False)
    return failed


def grade_and_show(
    inputs: Sequence[StudyInput], out: Path, engine: Future[Engine], options: GradeOptions
) -> int:
    """Grade studies into ``out``, print them, and return how many of several failed.

    Raises as :func:`lumbargrade.batch.grade.grade_studies`.
    """
    console = LastingConsole(soft_wrap=True, highlight=False)
    # A single study does not pay for the import of a bar.
    bar = progress(len(inputs), "Grading", console) if len(inputs) > 1 else nullcontext()
    with bar as advance:
        done = grade_studies(inputs, out, engine.result, options, Screen(console, advance))
    what = "all grades" if done.studies > 1 else "page"
    console.print(f"{what}: {shown(str(done.overview), LONGEST_PATH)}", markup=False)
    if done.failures:
        errors().print(f"{len(done.failures)} of {done.studies} studies could not be graded")
    return len(done.failures)


def errors() -> LastingConsole:
    """Return the error stream, where a table that is sent to a file does not hide what failed."""
    return LastingConsole(stderr=True, soft_wrap=True, highlight=False, style="red")


class Screen:
    """Prints a single study slice by slice, or a line for each of several (with a bar)."""

    def __init__(self, console: LastingConsole, advance: Advance | None) -> None:
        self._console, self._advance, self._done, self._studies = console, advance, 0, 1

    def expects(self, studies: int) -> None:
        """Take how many studies there are."""
        self._studies = studies

    def goes_on(self, studies: int, failures: int) -> None:
        """Print what an interrupted run has left."""
        failed = f", {failures} could not be graded" if failures else ""
        told = f"going on: {studies} of {self._studies} studies are there{failed}"
        self._console.print(told, markup=False)
        self._count(studies + failures)

    def done(self, one: Landed) -> None:
        """Print what was found, or why one of several studies has no grades."""
        if one.grades is None:
            errors().print(f"{one.told}: not graded: {one.reason}", markup=False)
        elif self._studies > 1:
            line = study_line(one.told, one.grades, one.systems)
            self._console.print(f"{line}{_REPLACED if one.replaced else ''}", markup=False)
        else:
            self._print_slices(one.grades, one.systems, one.replaced)
        self._count(1)

    def _print_slices(self, grades: StudyGrades, systems: Systems, replaced: bool) -> None:
        self._console.print(slice_table(grades, systems))
        for line in disc_lines(grades, systems):
            self._console.print(line, markup=False)
        for line in refusal_lines(grades):
            self._console.print(line, style="dim", markup=False)
        for note in note_lines(grades):
            self._console.print(f"note: {note}", style="yellow", markup=False)
        if replaced:
            self._console.print("earlier results of this study were replaced", style="dim")

    def _count(self, studies: int) -> None:
        self._done += studies
        if self._advance is not None:
            self._advance(self._done, self._studies)
