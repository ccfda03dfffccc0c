"""What a paper claims of its counts, from a table::

    system,figure,grade,value,low,high,of
    LDH,accuracy,,84.17 %,,,2299
    LDH,precision,2,74.9,,,
    LDH,ac1,,0.80,0.78,0.82,

``figure`` is one of :data:`NAMES`; ``grade`` is the name of a grade, or of the lowest positive
one; ``of`` is how many images the share is of, where the paper says it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lumbargrade.errors import EvaluationError
from lumbargrade.evaluation.matrix.figures import CUTS, NUMBERS, PER_GRADE, WHOLE, Figure
from lumbargrade.files.read_table import table_rows
from lumbargrade.readings.faults import Faults

NAMES = ("images", *WHOLE, *PER_GRADE, *CUTS)
"""Every figure that a paper may claim."""

_NUMBER = re.compile(r"(-?)(\d{0,9})(?:[.,](\d{1,9}))?\s*(%?)")
_WHOLE = re.compile(r"\d{1,9}")


@dataclass(frozen=True)
class Printed:
    """A number as it is printed.

    Attributes
    ----------
    text : as it stands in the paper.
    value : as a share, where it was printed in percent.
    step : of its last digit.
    """

    text: str
    value: float
    step: float

    def rounds_from(self, value: float) -> bool:
        """Return whether ``value`` rounds to what is printed; a half may go either way."""
        return abs(value - self.value) <= self.step / 2 + 1e-9 * max(1.0, abs(value))

    def cut_from(self, value: float) -> bool:
        """Return whether ``value`` is what is printed after its further digits are cut off."""
        return math.floor(value / self.step + 1e-6) == round(self.value / self.step)


@dataclass(frozen=True)
class Claim:
    """One claimed figure; ``low``, ``high`` and ``of`` are None where the paper has none."""

    where: str
    system: str
    figure: Figure
    printed: Printed
    low: Printed | None
    high: Printed | None
    of: int | None


def read_claims(path: Path, grades: Mapping[str, Sequence[str]]) -> tuple[Claim, ...]:
    """Return the claims of a table; ``grades`` is system -> the names of its grades, in order.

    Raises EvaluationError if the table cannot be read, with the faults of its rows, one a line.
    """
    faults, found = Faults(), []
    for line, row in table_rows(path, ("figure", "value"), EvaluationError):
        claim = _claim(f"{path.name} row {line}", row, grades, faults)
        if claim is not None:
            found.append(claim)
    faults.check(EvaluationError)
    if not found:
        raise EvaluationError(f"{path}: claims nothing: give one claimed figure a row")
    return tuple(found)


def _claim(
    where: str, row: Mapping[str, str], grades: Mapping[str, Sequence[str]], faults: Faults
) -> Claim | None:
    before, system, name = len(faults), row.get("system", ""), row["figure"].lower()
    if system not in grades:
        known = ", ".join(one or "none" for one in grades)
        faults.add(where, f"system {system!r} is not in the counts: name one of {known}")
        return None
    if name not in NAMES:
        faults.add(where, f"figure {row['figure']!r} is not known: name one of {', '.join(NAMES)}")
        return None
    figure = _figure(where, name, row.get("grade", ""), grades[system], faults)
    numbers = {
        key: None if key != "value" and not row.get(key) else _printed(row.get(key, ""), name)
        for key in ("value", "low", "high")
    }
    for key, number in numbers.items():
        if number is None and (key == "value" or row.get(key)):
            faults.add(where, f"{key} {row[key]!r} is no number: give it as it is printed")
    of = row.get("of", "")
    if of and not _WHOLE.fullmatch(of):
        faults.add(where, f"of {of!r} is no count: give how many images the share is of")
    printed = numbers["value"]
    if len(faults) > before or printed is None:
        return None
    return Claim(
        where, system, figure, printed, numbers["low"], numbers["high"], int(of) if of else None
    )


def _figure(where: str, name: str, grade: str, grades: Sequence[str], faults: Faults) -> Figure:
    if name not in (*PER_GRADE, *CUTS):
        if grade:
            faults.add(where, f"{name} is of all grades: leave the grade empty")
        return Figure(name)
    known = grades if name in PER_GRADE else grades[1:]
    if grade not in known:
        what = "grade" if name in PER_GRADE else "lowest positive grade"
        faults.add(where, f"{name} needs a {what}: name one of {', '.join(known)}")
        return Figure(name)
    return Figure(name, list(grades).index(grade))


def _printed(text: str, name: str) -> Printed | None:
    """Return a number; a share above 1 is in percent, with or without the sign."""
    found = _NUMBER.fullmatch(text)
    if found is None or not any(found.group(2, 3)):
        return None
    minus, whole, decimals, sign = found.groups()
    value = float(f"{minus}{whole or '0'}.{decimals or '0'}")
    step = 10.0 ** -len(decimals or "")
    percent = bool(sign) or (abs(value) > 1 and name not in NUMBERS)
    return Printed(text, value / 100, step / 100) if percent else Printed(text, value, step)
