"""The one way out: grades go in, files in a folder come out, whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from lumbargrade.errors import OutputError
from lumbargrade.files.staging import staged
from lumbargrade.grading import grades_json as json
from lumbargrade.grading.finding import StudyGrades
from lumbargrade.grading.system import GRADING_SYSTEMS, GradingSystem
from lumbargrade.outputs import csv
from lumbargrade.outputs.page import write as html
from lumbargrade.study.slice_picture import SlicePicture

FORMATS = ("json", "csv", "html")


def write(
    grades: StudyGrades,
    folder: Path,
    formats: Sequence[str] = FORMATS,
    pictures: Sequence[SlicePicture] = (),
    systems: Mapping[str, GradingSystem] = GRADING_SYSTEMS,
) -> tuple[Path, ...]:
    """Write the grades of one study and return the paths of the files.

    The folder appears when everything is written; an earlier result in it is replaced,
    any other file in it is a reason to refuse.

    Raises
    ------
    OutputError
        If a format is unknown, the folder cannot be written, or it holds other files.
    """
    with staged(folder) as staging:
        written = write_files(grades, staging, formats, pictures, systems)
    return tuple(folder / path.name for path in written)


def write_files(
    grades: StudyGrades,
    folder: Path,
    formats: Sequence[str] = FORMATS,
    pictures: Sequence[SlicePicture] = (),
    systems: Mapping[str, GradingSystem] = GRADING_SYSTEMS,
) -> tuple[Path, ...]:
    """As :func:`write`, into an existing folder that the caller has staged."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise OutputError(f"format {unknown[0]!r} is not known: use {', '.join(FORMATS)}")
    writers = {
        "json": lambda: json.write(grades, folder),
        "csv": lambda: csv.write(grades, folder),
        "html": lambda: html.write(grades, folder, pictures, systems),
    }
    return tuple(writers[name]() for name in formats)
