"""Gather what is wrong with hundreds of rows, then say it once."""

from __future__ import annotations

from lumbargrade.errors import CohortError

SHOWN = 30
"""Faults that the error spells out; the others are counted."""


class Faults:
    """What is wrong, in the order in which it was found; each is noted once."""

    def __init__(self) -> None:
        self._found: dict[str, None] = {}

    def add(self, where: str, what: str) -> None:
        """Note that ``what`` is wrong at ``where``, such as ``"grades.csv row 3"``."""
        self._found[f"{where}: {what}"] = None

    def __len__(self) -> int:
        return len(self._found)

    def check(self) -> None:
        """Raise ``CohortError``, one line with every fault, if there are any."""
        if not self._found:
            return
        found = list(self._found)
        more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        count = "1 fault" if len(found) == 1 else f"{len(found)} faults"
        raise CohortError(f"{count}, nothing was written: {'; '.join(found[:SHOWN])}{more}")
