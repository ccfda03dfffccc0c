"""Which columns of a table hold grades, of which system and side, and of which reader."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lumbargrade.grading.finding import Side
from lumbargrade.grading.system import READ_SYSTEMS, SAGITTAL_SYSTEMS, GradingSystem

_SIDES: Mapping[str, Side | None] = {
    "": None,
    **{name: Side.LEFT for name in ("left", "l")},
    **{name: Side.RIGHT for name in ("right", "r")},
}
_BETWEEN = r"[ _.-]+"
_CODES = "|".join(sorted(READ_SYSTEMS, key=len, reverse=True))
_WORDS = frozenset(SAGITTAL_SYSTEMS) - {"PFIRRMANN"}
"""Codes that are words of the field: ``slip_mm`` and ``Modic_type`` are no grades of a reader."""
_NAME = rf"(?P<code>{_CODES})(?:{_BETWEEN}(?P<side>left|right|l|r))?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        _NAME,
        rf"(?P<code>{_CODES}){_BETWEEN}(?P<reader>.+?){_BETWEEN}(?P<side>left|right)",
        rf"{_NAME}{_BETWEEN}(?P<reader>.+)",
        rf"(?P<reader>.+?){_BETWEEN}{_NAME}",
    )
)
"""``LNRC_left``; ``LNRC_left_Ann``; ``LNRC_Ann_left``; ``Ann_LNRC_left``."""


@dataclass(frozen=True)
class GradeColumn:
    """A column that holds the grades of one system or side; ``reader`` is empty where none is
    named."""

    name: str
    system: GradingSystem
    side: Side | None
    reader: str


def side_of(text: str) -> tuple[Side | None, bool]:
    """Return the side that a cell names (None: empty), and whether it names one or is empty."""
    return _SIDES.get(text.lower()), text.lower() in _SIDES


def grade_columns(heading: Sequence[str]) -> list[GradeColumn]:
    """Return the columns that are named as an output of a system, with or without a reader.

    Codes that are words of the field (``MODIC``, ``SLIP``) count in capitals alone.

    Examples
    --------
    >>> [(one.system.code, one.reader) for one in grade_columns(["image", "LDH_A", "B LDH"])]
    [('LDH', 'A'), ('LDH', 'B')]
    """
    return [found for name in heading if (found := _column(name)) is not None]


def _column(name: str) -> GradeColumn | None:
    for form in _FORMS:
        match = form.fullmatch(name)
        if match is None:
            continue
        parts = {"reader": "", **match.groupdict()}
        code = parts["code"]
        if code.upper() in _WORDS and code != code.upper():
            return None
        system = READ_SYSTEMS[code.upper()]
        side = _SIDES[(parts["side"] or "").lower()]
        if side is not None and not system.per_side:
            if parts["reader"]:
                return None
            return GradeColumn(name, system, None, parts["side"])  # LDH_R: of a reader R
        return GradeColumn(name, system, side, parts["reader"].strip())
    return None
