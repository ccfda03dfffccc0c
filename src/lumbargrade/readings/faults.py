"""Gather what is wrong with hundreds of rows, then say it once: one fault a line."""

from __future__ import annotations

from lumbargrade.errors import LumbargradeError

SHOWN = 10
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

    def check(self, error: type[LumbargradeError]) -> None:
        """Raise ``error`` with the first ten faults, one a line, if there are any."""
        if len(self._found) == 1:
            raise error(f"1 fault, nothing was written: {next(iter(self._found))}")
        if self._found:
            raise error(f"{len(self)} faults, nothing was written:\n{listed(list(self._found))}")


def listed(lines: list[str]) -> str:
    """Return the first ten lines, indented, and the number of the others.

    Examples
    --------
    >>> print(listed(["a.csv row 2: is wrong", "a.csv row 3: is worse"]))
      a.csv row 2: is wrong
      a.csv row 3: is worse
    """
    more = [f"... and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return "\n".join(f"  {line}" for line in (*lines[:SHOWN], *more))
