"""The one way out: a graded study goes in, files in a folder come out, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from lumbargrade.errors import OutputError
from lumbargrade.files.staging import staged
from lumbargrade.grading import grades_json
from lumbargrade.outputs import csv
from lumbargrade.outputs.page import write as page
from lumbargrade.study.graded import GradedStudy

Writer = Callable[[GradedStudy, Path], Path]
"""Writes one file into an existing folder and returns its path."""


def _grades_json(graded: GradedStudy, folder: Path) -> Path:
    return grades_json.write(graded.grades, folder)


def _structured_report(graded: GradedStudy, folder: Path) -> Path:
    # highdicom takes half a second to import, which only a structured report is worth.
    from lumbargrade.outputs.dicom import sr

    return sr.write(graded, folder)


FORMATS: Mapping[str, Writer] = {
    "json": _grades_json,
    "csv": csv.write,
    "html": page.write,
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
    formats : of :data:`FORMATS`; ``"sr"`` is a DICOM structured report.
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
    return tuple(FORMATS[name](graded, folder) for name in formats)
