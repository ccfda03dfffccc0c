"""Grading systems as data: one TOML file each, no code per disease.

A file dropped beside ``ldh.toml`` (or a folder given to :func:`load_grading_systems`)
adds a system to the whole vocabulary: outputs, findings, summaries and bundles.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lumbargrade.errors import GradingSystemError
from lumbargrade.grading.finding import Side
from lumbargrade.grading.sets import MARKED

OutputName = str
"""Name of one graded network output: ``"LDH"``, or ``"LNRC_left"`` for a system with sides."""

DICHOTOMIES: Mapping[str, int] = MappingProxyType({"any": 1, "marked": MARKED})
"""Name -> lowest grade counted as positive: 0 against 1-3, and 0-1 against 2-3."""

_CODE = re.compile(r"[A-Z][A-Z0-9]*")
_REQUIRED = {"code", "name", "source", "per_side", "needs_disc", "grades"}
_OPTIONAL = {"order", "summary", "unit", "ordered"}
_GRADE_KEYS = {"value", "name", "help"}


class Unit(StrEnum):
    """What one grade is about."""

    SLICE = "slice"
    """An axial slice."""
    DISC = "disc"
    """A disc of the patient, as the sagittal series shows it."""


@dataclass(frozen=True)
class Grade:
    """One step of a grading system: its value, short name and the reader's wording."""

    value: int
    name: str
    help_text: str


@dataclass(frozen=True)
class GradingSystem:
    """What is said about a slice, in which steps, and by whose definition.

    Attributes
    ----------
    code : short name in capitals, such as ``"LDH"``.
    per_side : graded on the left and on the right; the image grade is the worse side.
    needs_disc : has no grade where no disc lies in the plane of the slice.
    grades : in order of their values 0, 1, 2, ...
    summary : how a level and a patient follow from slices; only ``"worst"`` is known.
    order : place among the systems wherever they are listed.
    unit : what a grade is about: an axial slice, or a disc on the sagittal series.
    ordered : whether a higher grade is worse; types, such as Modic's, are not.

    Raises
    ------
    GradingSystemError
        If the parts do not make a grading system.

    Examples
    --------
    >>> GRADING_SYSTEMS["LNRC"].outputs
    ('LNRC_left', 'LNRC_right')
    """

    code: str
    name: str
    source: str
    per_side: bool
    needs_disc: bool
    grades: tuple[Grade, ...]
    summary: str = "worst"
    order: int = 100
    unit: Unit = Unit.SLICE
    ordered: bool = True

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise GradingSystemError(
                f"code {self.code!r} must be capitals and digits, such as 'LDH'"
            )
        for text, what in ((self.name, "name"), (self.source, "source")):
            if not text.strip():
                raise GradingSystemError(f"{self.code}: '{what}' is empty: give a text")
        if self.summary != "worst":
            raise GradingSystemError(
                f"{self.code}: summary {self.summary!r} is not known: use 'worst'"
            )
        values = [grade.value for grade in self.grades]
        if len(values) < 2 or values != list(range(len(values))):
            raise GradingSystemError(
                f"{self.code}: grades have the values {values}: number them 0, 1, 2, ..."
            )
        for grade in self.grades:
            if not (grade.name.strip() and grade.help_text.strip()):
                raise GradingSystemError(
                    f"{self.code}: grade {grade.value} needs a name and a help text"
                )

    @property
    def sides(self) -> tuple[Side | None, ...]:
        """(left, right) for a system with sides, else (None,)."""
        return (Side.LEFT, Side.RIGHT) if self.per_side else (None,)

    @property
    def outputs(self) -> tuple[OutputName, ...]:
        """The network outputs that this system needs, one per side."""
        return tuple(output_name(self.code, side) for side in self.sides)

    @cached_property
    def written(self) -> tuple[str, ...]:
        """The grades as people write them: by value, or by names that are numbers themselves.

        Pfirrmann's grades are named 1 to 5 and have the values 0 to 4: whoever writes 3 means
        the grade of that name.
        """
        names = tuple(grade.name for grade in self.grades)
        if all(name.isdecimal() for name in names):
            return names
        return tuple(str(grade.value) for grade in self.grades)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data that :func:`grading_system_from_dict` reads back."""
        data = asdict(self)
        if self.unit is Unit.SLICE:  # as it was before there were others
            del data["unit"]
        if self.ordered:
            del data["ordered"]
        data["grades"] = [
            {"value": grade.value, "name": grade.name, "help": grade.help_text}
            for grade in self.grades
        ]
        return data


def output_name(code: str, side: Side | None = None) -> OutputName:
    """Return the name of a system's output on one side (None: a system without sides).

    Examples
    --------
    >>> output_name("LNRC", Side.LEFT)
    'LNRC_left'
    """
    return code if side is None else f"{code}_{side.value}"


def grading_system_from_dict(data: Mapping[str, Any]) -> GradingSystem:
    """Build a grading system from plain data (a TOML file, or a model bundle).

    Raises GradingSystemError if a key is missing, unknown or of the wrong type.
    """
    _check_keys(data, _REQUIRED, _OPTIONAL, "the grading system")
    grades = data["grades"]
    if not isinstance(grades, Sequence) or not all(isinstance(grade, Mapping) for grade in grades):
        raise GradingSystemError("'grades' must be a list of tables, one per grade")
    for number, grade in enumerate(grades):
        _check_keys(grade, _GRADE_KEYS, set(), f"grade number {number}")
    kinds = {"code": str, "name": str, "source": str, "per_side": bool, "needs_disc": bool}
    optional = {"summary": str, "order": int, "ordered": bool}
    for key, kind in (kinds | optional).items():
        if key in data and not isinstance(data[key], kind):
            raise GradingSystemError(f"'{key}' must be a {kind.__name__}, not {data[key]!r}")
    unit = data.get("unit", Unit.SLICE.value)
    if unit not in set(Unit):
        raise GradingSystemError(f"'unit' must be {' or '.join(Unit)}, not {unit!r}")
    return GradingSystem(
        grades=tuple(_grade(grade) for grade in grades),
        unit=Unit(unit),
        **{key: data[key] for key in (*kinds, *optional) if key in data},
    )


def load_grading_system(path: Path | Traversable) -> GradingSystem:
    """Read one grading system from a TOML file.

    Raises GradingSystemError if the file cannot be read, is not TOML or does not say what it must;
    the message names the file.
    """
    try:
        return grading_system_from_dict(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, GradingSystemError) as error:
        raise GradingSystemError(f"grading system {path}: {error}") from error


def load_grading_systems(folder: Path | Traversable) -> Mapping[str, GradingSystem]:
    """Read every ``*.toml`` of a folder: code -> system, in their order.

    Raises GradingSystemError if a file is not a grading system, or two files have the same code.
    """
    paths = sorted((p for p in folder.iterdir() if p.name.endswith(".toml")), key=lambda p: p.name)
    systems: dict[str, GradingSystem] = {}
    for path in paths:
        system = load_grading_system(path)
        if system.code in systems:
            raise GradingSystemError(
                f"grading system {path}: code {system.code} is taken: choose another one"
            )
        systems[system.code] = system
    return MappingProxyType(
        {s.code: s for s in sorted(systems.values(), key=lambda s: (s.order, s.code))}
    )


def positive(grade: int | None, dichotomy: str) -> bool | None:
    """Say whether a grade counts as positive; None where the grade is not known."""
    return None if grade is None else grade >= DICHOTOMIES[dichotomy]


def _grade(data: Mapping[str, Any]) -> Grade:
    value, name, help_text = data["value"], data["name"], data["help"]
    if type(value) is not int or not isinstance(name, str) or not isinstance(help_text, str):
        raise GradingSystemError(f"a grade needs a whole 'value' and texts, not {dict(data)!r}")
    return Grade(value, name, help_text)


def _check_keys(data: Mapping[str, Any], required: set[str], optional: set[str], what: str) -> None:
    missing, unknown = required - set(data), set(data) - required - optional
    if missing:
        raise GradingSystemError(f"{what} lacks {sorted(missing)}: add it")
    if unknown:
        raise GradingSystemError(f"{what} has the unknown key {sorted(unknown)}: remove it")


GRADING_SYSTEMS: Mapping[str, GradingSystem] = load_grading_systems(
    files("lumbargrade.grading") / "systems"
)
"""Code -> system, of every TOML file in ``systems/``."""

SAGITTAL_SYSTEMS: Mapping[str, GradingSystem] = load_grading_systems(
    files("lumbargrade.grading") / "systems" / "sagittal"
)
"""What is graded of each disc on the sagittal series, and not on axial slices."""

PUBLIC_SYSTEMS: Mapping[str, GradingSystem] = load_grading_systems(
    files("lumbargrade.grading") / "systems" / "public"
)
"""What the readers of public sets graded: kept as they said it, and trained on by nobody."""

KNOWN_SYSTEMS: Mapping[str, GradingSystem] = MappingProxyType({**GRADING_SYSTEMS, **PUBLIC_SYSTEMS})
"""All systems whose grades the slices of a cohort may hold."""

MEASURED_SYSTEMS: Mapping[str, GradingSystem] = MappingProxyType(
    {**GRADING_SYSTEMS, **SAGITTAL_SYSTEMS}
)
"""All systems in which readers and models are compared: those of slices, then those of discs."""

READ_SYSTEMS: Mapping[str, GradingSystem] = MappingProxyType({**KNOWN_SYSTEMS, **SAGITTAL_SYSTEMS})
"""All systems in which readers give grades, of slices and of discs."""


def written_cut(code: str, lowest: int, grades: int) -> str:
    """Return the grades below and from ``lowest`` on, of so many, as people write them.

    Examples
    --------
    >>> written_cut("LDH", 2, 4), written_cut("PFIRRMANN", 1, 5)
    ('0-1 / 2-3', '1 / 2-5')
    """
    written = [written_grade(code, value) for value in range(grades)]
    sides = written[:lowest], written[lowest:]
    return " / ".join("-".join(dict.fromkeys((one[0], one[-1]))) for one in sides)


def written_grade(code: str, value: int) -> str:
    """Return a grade as people write it; of a system that is not known, its value.

    Examples
    --------
    >>> written_grade("LDH", 2), written_grade("PFIRRMANN", 2)
    ('2', '3')
    """
    system = READ_SYSTEMS.get(code)
    return str(value) if system is None else system.written[value]
