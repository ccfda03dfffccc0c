"""The one way out: a graded study goes in, files in a folder come out, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from lumbargrade.errors import OutputError
from lumbargrade.files.staging import staged
from lumbargrade.grading import grades_json
from lumbargrade.outputs import csv, measures_csv
from lumbargrade.outputs.page import write as page
from lumbargrade.study.graded import GradedStudy

Writer = Callable[[GradedStudy, Path], tuple[Path, ...]]
"""Writes one format into an existing folder and returns the paths of its files."""


def _grades_json(graded: GradedStudy, folder: Path) -> tuple[Path, ...]:
    return (grades_json.write(graded.grades, folder),)


def _tables(graded: GradedStudy, folder: Path) -> tuple[Path, ...]:
    measures = measures_csv.write(graded, folder)
    return (csv.write(graded, folder), *(() if measures is None else (measures,)))


def _page(graded: GradedStudy, folder: Path) -> tuple[Path, ...]:
    return (page.write(graded, folder),)


def _structured_report(graded: GradedStudy, folder: Path) -> tuple[Path, ...]:
    # highdicom takes half a second to import, which only a structured report is worth.
    from lumbargrade.outputs.dicom import sr

    return (sr.write(graded, folder),)


FORMATS: Mapping[str, Writer] = {
    "json": _grades_json,
    "csv": _tables,
    "html": _page,
    "sr": _structured_report,
}
DEFAULT_FORMATS = ("json", "csv", "html")


def write(
    graded: GradedStudy, folder: str | Path, formats: Sequence[str] = DEFAULT_FORMATS
) -> tuple[Path, ...]:
    """Write a graded study and return the paths of the files, in the order of ``formats``.

    Raises OutputError if a format is unknown or cannot be made of this study, the folder cannot be
    written, or it holds other files.

    Parameters
    ----------
    folder : appears when everything is written; an earlier result in it is replaced, any
        other file in it is a reason to refuse.
    formats : of :data:`FORMATS`; ``"csv"`` is a table of grades, and one of measures where the
        model takes any; ``"sr"`` is a DICOM structured report.
    """
    target = Path(folder)
    with staged(target) as staging:
        written = write_files(graded, staging, formats)
    return tuple(target / path.name for path in written)


def write_files(
    graded: GradedStudy, folder: Path, formats: Sequence[str] = DEFAULT_FORMATS
) -> tuple[Path, ...]:
    """As :func:`write`, into an existing folder that the caller has staged."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise OutputError(f"format {unknown[0]!r} is not known: use {', '.join(FORMATS)}")
    return tuple(path for name in formats for path in FORMATS[name](graded, folder))
