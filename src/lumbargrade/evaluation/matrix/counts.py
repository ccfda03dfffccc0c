"""A published confusion matrix from a table of counts.

Rows are the reference, columns what was given. With a heading, each row begins with the name of its
reference grade; several systems in one file by a column ``system`` before it::

    system,reference,0,1,2,3
    LDH,0,1034,85,2,0
    LDH,1,109,700,53,2
    LDH,2,1,87,182,17
    LDH,3,0,2,6,19

or the bare numbers of one system::

    1034,85,2,0
    109,700,53,2
    1,87,182,17
    0,2,6,19
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lumbargrade.errors import EvaluationError
from lumbargrade.files.read_table import all_rows
from lumbargrade.readings.faults import Faults

FEWEST_GRADES, MOST_GRADES = 2, 10
SYSTEM = "system"
_COUNT = re.compile(r"(\d{1,9})(\.0*)?")
"""A whole number, as programs also write it (``17.0``); of more than nine digits it is no count."""

_NUMBER = re.compile(r"[-+]?\d")
"""How the first cell begins where there is no heading."""


@dataclass(frozen=True)
class PublishedMatrix:
    """The counts of one system.

    Attributes
    ----------
    system : its name; empty where the file names none.
    grades : q names, in their order.
    counts : (q, q), rows = reference, columns = given; at least one image.
    """

    system: str
    grades: tuple[str, ...]
    counts: NDArray[np.int64]


@dataclass(frozen=True)
class _Line:
    """A row of counts; ``grade`` is None without a heading."""

    where: str
    system: str
    grade: str | None
    cells: Sequence[str]


def read_matrices(path: Path) -> tuple[PublishedMatrix, ...]:
    """Return the matrices of a file in its order.

    Raises EvaluationError if the file cannot be read or is no such table, with the faults that were
    found, one a line.
    """
    rows = all_rows(path, EvaluationError)
    if not rows:
        raise EvaluationError(f"{path}: is empty: give the counts of a confusion matrix")
    faults, found = Faults(), []
    columns, lines = _parted(path, rows)
    systems: dict[str, list[_Line]] = {}
    for one in lines:
        systems.setdefault(one.system, []).append(one)
    for system, some in systems.items():
        where = f"{path.name} {system}".strip()
        grades = columns or tuple(map(str, range(len(some))))
        matrix = _matrix(system, grades, some, where, faults)
        if matrix is not None:
            found.append(matrix)
    faults.check(EvaluationError)
    if not found:
        raise EvaluationError(f"{path}: holds a heading and no counts: give a row for each grade")
    return tuple(found)


def _parted(
    path: Path, rows: Sequence[tuple[int, list[str]]]
) -> tuple[tuple[str, ...], list[_Line]]:
    """Return the names of the grades in the heading (none without one), and the rows of counts."""
    head = rows[0][1]
    if _NUMBER.match(head[0]):
        lines = [_Line(f"{path.name} row {line}", "", None, cells) for line, cells in rows]
        return (), lines
    before = 2 if head[0].lower() == SYSTEM else 1
    lines = []
    for line, cells in rows[1:]:
        padded = [*cells, *[""] * (before - len(cells))]
        system = padded[0] if before == 2 else ""
        where = f"{path.name} row {line}"
        lines.append(_Line(where, system, padded[before - 1], padded[before:]))
    return tuple(head[before:]), lines


def _matrix(
    system: str, grades: tuple[str, ...], lines: Sequence[_Line], where: str, faults: Faults
) -> PublishedMatrix | None:
    """Return the matrix; None where it has faults, which are noted."""
    before, size = len(faults), len(lines)
    names = [one.grade for one in lines]
    if not FEWEST_GRADES <= size <= MOST_GRADES:
        what = f"{size} rows of counts: give one for each grade, {FEWEST_GRADES} to {MOST_GRADES}"
        faults.add(where, f"has {what}")
    elif None not in names and (len(set(names)) < size or set(names) != set(grades)):
        faults.add(
            where,
            f"has the rows {', '.join(map(str, names))} and the columns {', '.join(grades)}: name "
            "the same grades on both sides, each once",
        )
    elif len(set(grades)) < len(grades):
        faults.add(where, f"has a column twice ({', '.join(grades)}): name each grade once")
    else:
        ordered = sorted(lines, key=lambda one: 0 if one.grade is None else grades.index(one.grade))
        counts = [_counts(one, size, faults) for one in ordered]
        if len(faults) == before and not any(map(any, counts)):
            faults.add(where, "holds no image: give counts above 0")
        if len(faults) == before:
            return PublishedMatrix(system, grades, np.array(counts, dtype=np.int64))
    return None


def _counts(line: _Line, size: int, faults: Faults) -> list[int]:
    cells = [*line.cells, *[""] * (size - len(line.cells))]
    if any(cells[size:]):
        faults.add(line.where, f"has {len(cells)} counts, not {size}: give a square")
    found = []
    for cell in cells[:size]:
        whole = _COUNT.fullmatch(cell)
        if whole is None:
            faults.add(
                line.where,
                f"{cell!r} is no count: give whole numbers of images, no shares and no "
                "separators of thousands",
            )
        found.append(int(whole.group(1)) if whole else 0)
    return found
