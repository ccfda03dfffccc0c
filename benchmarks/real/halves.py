"""Real patients in two halves, by a hash of their names: one to tune on, one to report on.

A patient whose tracing is trained on is never in the reporting half. Which patients are traced
and set aside is decided by another hash (``training.outlines.data.is_set_aside``), so that a
traced patient of the reporting half is never trained on.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
from collections.abc import Collection, Iterable
from enum import StrEnum
from pathlib import Path

from lumbargrade.inference.bundle import Bundle
from lumbargrade.morphometry.tracing import Tracing, read_tracings
from lumbargrade.training.outlines.data import is_set_aside

LOOKED = Path(__file__).parent / "looked.csv"
"""Every look at the reporting half: date, meter and the model that was looked at."""


class Half(StrEnum):
    """Which patients are looked at."""

    TUNE = "tune"
    REPORT = "report"


def half_of(patient: str, trained_on: Collection[str] = ()) -> Half:
    """Return the half of a patient such as ``"P0001"``.

    Examples
    --------
    >>> str(half_of("P0389")), str(half_of("P0389", {"P0389"}))
    ('report', 'tune')
    """
    even = int(hashlib.sha256(f"half{patient}".encode()).hexdigest(), 16) % 2 == 0
    return Half.TUNE if even or patient in trained_on else Half.REPORT


def traced(folder: Path) -> tuple[Tracing, ...]:
    """Return the tracings of the real slices.

    Raises OutlineError if they cannot be read.
    """
    return read_tracings(folder / "tracings" / "tracings.json")


def trained_patients(tracings: Iterable[Tracing]) -> frozenset[str]:
    """Return the traced patients that an outline network may have learned from."""
    return frozenset(one.patient for one in tracings if not is_set_aside(one.patient))


def note_look(meter: str, half: Half, bundle: Bundle, file: Path = LOOKED) -> str:
    """Write a look at the reporting half down; return which half it is and how often it was seen.

    Whoever looks at the half to tune on leaves no line.
    """
    rows = _looks(file)
    if half is Half.TUNE:
        return f"half to tune on; the half to report on was looked at {len(rows)} times"
    row = [datetime.date.today().isoformat(), meter, bundle.sha256]
    with file.open("a", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerow(row)
    own = sum(one["meter"] == meter for one in rows) + 1
    return f"half to report on: look {len(rows) + 1} of all, {own} of this meter"


def _looks(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
