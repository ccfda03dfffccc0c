"""The one way out: a graded study goes in, files in a folder come out, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lumbargrade.errors import OutputError
from lumbargrade.files.output_folder import opened
from lumbargrade.grading import grades_json
from lumbargrade.outputs import csv, discs_csv, measures_csv
from lumbargrade.outputs.page import write as page
from lumbargrade.outputs.page.words.language import ENGLISH
from lumbargrade.outputs.study_folder import check_for_grades, land_flat, land_study, owner_of
from lumbargrade.study.graded import GradedStudy

Writer = Callable[[GradedStudy, Path, str], tuple[Path, ...]]
"""Writes one format into an existing folder and returns the paths of its files.

The last argument is the language, of what is written for people.
"""


def _grades_json(graded: GradedStudy, folder: Path, _language: str) -> tuple[Path, ...]:
    return (grades_json.write(graded.grades, folder),)


def _tables(graded: GradedStudy, folder: Path, _language: str) -> tuple[Path, ...]:
    further = (measures_csv.write(graded, folder), discs_csv.write(graded, folder))
    return (csv.write(graded, folder), *(path for path in further if path is not None))


def _page(graded: GradedStudy, folder: Path, language: str) -> tuple[Path, ...]:
    return (page.write(graded, folder, language),)


def _structured_report(graded: GradedStudy, folder: Path, _language: str) -> tuple[Path, ...]:
    # highdicom takes half a second to import, which only a structured report is worth.
    from lumbargrade.outputs.dicom import sr

    return (sr.write(graded, folder),)


REPORT = "sr"
FORMATS: Mapping[str, Writer] = {
    "json": _grades_json,
    "csv": _tables,
    "html": _page,
    REPORT: _structured_report,
}
DEFAULT_FORMATS = ("json", "csv", "html")


@dataclass(frozen=True)
class Written:
    """``paths`` of the files, and the study as they tell it.

    ``graded`` has a warning more than what was given where its structured report could not be
    made.
    """

    paths: tuple[Path, ...]
    graded: GradedStudy


def write(
    graded: GradedStudy,
    folder: str | Path,
    formats: Sequence[str] = DEFAULT_FORMATS,
    language: str = ENGLISH,
) -> tuple[Path, ...]:
    """Write a graded study and return the paths of the files, in the order of ``formats``.

    Raises OutputError if a format or the language is unknown, the folder cannot be written, or it
    holds other files; and if nothing but a structured report was asked for, and none can be made.
    Beside other formats, a structured report that cannot be made is left out, and a warning in them
    says why.

    Parameters
    ----------
    folder : an earlier result of the same study in it is replaced; another study, or any other
        file, is a reason to refuse.
    formats : of :data:`FORMATS`; ``"csv"`` is a table of grades, and one of measures and one
        of discs where the model takes or grades any; ``"sr"`` is a DICOM structured report.
    language : of the page, such as ``"de"`` (``outputs.page.words``).
    """
    target = Path(folder)
    with opened(target, check=check_for_grades) as out:
        landed = land(graded, out, out.name, formats, flat=True, language=language)
    return tuple(target / path.name for path in landed.paths)


@dataclass(frozen=True)
class LandedStudy(Written):
    """A study whose files are in place; ``replaced``: earlier results of it gave way."""

    folder: Path
    replaced: bool


def land(
    graded: GradedStudy,
    out: Path,
    name: str,
    formats: Sequence[str],
    *,
    flat: bool,
    language: str = ENGLISH,
) -> LandedStudy:
    """Write a study into an output folder that the caller has opened.

    It gets a folder called ``name`` (or that with a number, if another study has it), or lies in
    ``out`` itself if ``flat``. Raises as :func:`write`, and OSError if it cannot be written.
    """
    written: list[Written] = []
    to = land_flat if flat else land_study
    landed = to(
        out,
        owner_of(graded.grades, name),
        lambda folder: written.append(write_files(graded, folder, formats, language)),
    )
    paths = tuple(landed.path / path.name for path in written[0].paths)
    return LandedStudy(paths, written[0].graded, landed.path, landed.replaced)


def write_files(
    graded: GradedStudy,
    folder: Path,
    formats: Sequence[str] = DEFAULT_FORMATS,
    language: str = ENGLISH,
) -> Written:
    """As :func:`write`, into an existing folder that the caller has staged."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise OutputError(f"format {unknown[0]!r} is not known: use {', '.join(FORMATS)}")
    paths: dict[str, tuple[Path, ...]] = {}
    if REPORT in formats:
        # First, so that the other files can say why there is none.
        try:
            paths[REPORT] = _made_report(graded, folder, language)
        except OutputError as error:
            if set(formats) == {REPORT}:
                raise
            graded = _warned(graded, f"no structured report was written: {error}")
            paths[REPORT] = ()
    for name in formats:
        if name not in paths:
            paths[name] = FORMATS[name](graded, folder, language)
    return Written(tuple(path for name in formats for path in paths[name]), graded)


def _warned(graded: GradedStudy, warning: str) -> GradedStudy:
    grades = graded.grades
    return replace(graded, grades=replace(grades, warnings=(*grades.warnings, warning)))


def _made_report(graded: GradedStudy, folder: Path, language: str) -> tuple[Path, ...]:
    """Write the structured report; OutputError whatever its library raises but OSErrors."""
    before = set(folder.iterdir())
    try:
        return FORMATS[REPORT](graded, folder, language)
    except Exception as error:
        for path in set(folder.iterdir()) - before:  # half a report
            path.unlink()
        if isinstance(error, OutputError | OSError):
            raise
        # Of a header that no check foresaw; not its text, which may name the patient.
        raise OutputError(
            f"its library failed ({type(error).__name__}): export the original DICOM files"
        ) from error
