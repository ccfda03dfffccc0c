"""A list or form that somebody fills in with a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

Row = dict[str, str]


def fill(source: Path, path: Path, answer: Callable[[Row], object]) -> Path:
    """Let ``answer`` write into each row, and save as a spreadsheet of another country does."""
    with source.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        answer(row)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.DictWriter(stream, list(rows[0]), delimiter=";")
        table.writeheader()
        table.writerows(rows)
    return path
