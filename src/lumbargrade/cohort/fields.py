"""The entries of a truth file, each checked: what is wrong is a :class:`TruthError`."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from lumbargrade.errors import GradingSystemError
from lumbargrade.grading.level import Level
from lumbargrade.grading.system import KNOWN_SYSTEMS, GradingSystem, grading_system_from_dict
from lumbargrade.study.likeness.perceptual_hash import is_picture_code

GradeCounts = Mapping[str, int]
"""Output name -> number of grades."""

KNOWN_COUNTS: GradeCounts = {
    output: len(system.grades) for system in KNOWN_SYSTEMS.values() for output in system.outputs
}
"""Of the outputs that every cohort may grade."""


class TruthError(Exception):
    """What is wrong inside one file; the reader adds the file's name."""


def file(entry: Any, folder: Path) -> Path:
    """Return the picture of a slice, below the cohort folder."""
    if not isinstance(entry, Mapping):
        raise TruthError("is not a table")
    relative = PurePosixPath(text(entry, "file"))
    if relative.is_absolute() or ".." in relative.parts:
        raise TruthError(f"'file' {relative} points outside the cohort folder")
    if not (folder / relative).is_file():
        raise TruthError(f"'file' {relative} does not exist")
    return folder / relative


def level(entry: Mapping[str, Any]) -> Level | None:
    """Return the disc level; None where it is null."""
    name = entry.get("level")
    try:
        return None if name is None else Level(name)
    except ValueError:
        raise TruthError(f"'level' {name!r} is not one of {', '.join(Level)}, or null") from None


def disc_in_plane(entry: Mapping[str, Any]) -> bool | None:
    """Return whether a disc lies in the plane; None where it is null."""
    return None if entry.get("disc_in_plane", False) is None else flag(entry, "disc_in_plane")


def numbers(entry: Mapping[str, Any], key: str, form: str) -> Any:
    """Return as many numbers as ``form`` names, of the region; None where it is null."""
    region = None if entry.get("region", False) is None else table(entry, "region")
    if region is None or (region.get(key) is None and key != "center_px"):
        return None
    value = region.get(key)
    count = form.count(",") + 1
    if not isinstance(value, list) or len(value) != count or not all(map(_is_number, value)):
        raise TruthError(f"'region.{key}' is {value!r}, not {form}")
    return tuple(map(float, value))


def grade_counts(description: Mapping[str, Any]) -> GradeCounts:
    """Return the outputs that a cohort may grade: of known systems, and of those it brings along.

    ``description`` is ``cohort.json``, whose ``grading_systems`` may hold systems of its own.
    """
    own = description.get("grading_systems", [])
    if not isinstance(own, list):
        raise TruthError("'grading_systems' is not a list")
    systems = [_own_system(given) for given in own]
    return {
        **{output: len(one.grades) for one in systems for output in one.outputs},
        **KNOWN_COUNTS,
    }


def reference_readers(description: Mapping[str, Any], unsaid: tuple[str, ...]) -> tuple[str, ...]:
    """Return the readers whose grades made the reference; ``unsaid`` where it is not said."""
    names = description.get("reference_readers")
    if names is None:
        return unsaid
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        raise TruthError("'reference_readers' is not a list of names")
    return tuple(unicodedata.normalize("NFC", one) for one in names)


def _own_system(given: Any) -> GradingSystem:
    try:
        system = grading_system_from_dict(given)
    except (GradingSystemError, TypeError) as error:
        raise TruthError(f"'grading_systems': {error}") from None
    if KNOWN_SYSTEMS.get(system.code, system) != system:
        raise TruthError(f"'grading_systems' has another {system.code} than this version")
    return system


def grades(entry: Mapping[str, Any], counts: GradeCounts = KNOWN_COUNTS) -> dict[str, int | None]:
    """Return output name -> grade, each an output of ``counts`` and within its range."""
    given = table(entry, "grades")
    for output, grade in given.items():
        if output not in counts:
            raise TruthError(f"'grades' has {output!r}, which no grading system knows")
        if grade is None:
            continue
        if type(grade) is not int or not 0 <= grade < counts[output]:
            raise TruthError(
                f"'grades' has {output} {grade!r}, not 0 to {counts[output] - 1} or null"
            )
    return dict(given)


def measures(entry: Mapping[str, Any]) -> dict[str, float | None]:
    """Return name of a measure -> value; none where the file does not speak of them."""
    given = {} if "measures" not in entry else table(entry, "measures")
    return {name: number(given, name) for name in given}


def picture_code(entry: Mapping[str, Any]) -> str | None:
    """Return the code of the picture; None where it is null or not there."""
    code = entry.get("picture_code")
    if code is not None and not (isinstance(code, str) and is_picture_code(code)):
        raise TruthError(f"'picture_code' is {code!r}, not an image hash (study.likeness) or null")
    return code


def text(entry: Mapping[str, Any], key: str) -> str:
    """Return a text that is not empty."""
    value = entry.get(key)
    if not isinstance(value, str) or not value:
        raise TruthError(f"'{key}' is {value!r}, not a text")
    return value


def flag(entry: Mapping[str, Any], key: str) -> bool:
    """Return true or false."""
    value = entry.get(key)
    if not isinstance(value, bool):
        raise TruthError(f"'{key}' is {value!r}, not true or false")
    return value


def table(entry: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return a table."""
    value = entry.get(key)
    if not isinstance(value, Mapping):
        raise TruthError(f"'{key}' is {value!r}, not a table")
    return value


def number(entry: Mapping[str, Any], key: str) -> float | None:
    """Return a number; None where it is null or not there."""
    value = entry.get(key)
    if value is not None and not _is_number(value):
        raise TruthError(f"'{key}' is {value!r}, not a number or null")
    return None if value is None else float(value)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value)  # Python reads NaN from JSON, which JSON does not have
