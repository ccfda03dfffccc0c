"""On what occasion a reading was given: in which round, with the model's help or not, how long it
took.

Optional columns ``round`` (1, or 2 and more for a repeat), ``arm`` (``plain`` or ``assisted``) and
``seconds``. Where a table does not have them, its readings are first ones without help.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Arm(StrEnum):
    """Whether the reader saw the model's proposal."""

    PLAIN = "plain"
    ASSISTED = "assisted"


@dataclass(frozen=True)
class Occasion:
    """When and how a reading was given.

    Attributes
    ----------
    round : 1, or 2 and more for a repeat by the same reader.
    seconds : what it took; None where it was not measured.
    """

    round: int = 1
    arm: Arm = Arm.PLAIN
    seconds: float | None = None

    @property
    def first_and_plain(self) -> bool:
        """Whether it is the reader's first reading, without the model's help."""
        return self.round == 1 and self.arm is Arm.PLAIN


FIRST = Occasion()
"""A first reading without help, the time not measured."""


def read_occasion(row: Mapping[str, str]) -> tuple[Occasion, str]:
    """Return the occasion of a row (columns in lower case), and what is wrong (or nothing).

    Examples
    --------
    >>> read_occasion({"round": "2", "seconds": "12.5"})[0]
    Occasion(round=2, arm=<Arm.PLAIN: 'plain'>, seconds=12.5)
    """
    turn, arm = row.get("round", "") or "1", (row.get("arm", "") or Arm.PLAIN).lower()
    if not turn.isdecimal() or int(turn) < 1:
        return Occasion(), f"round {turn!r} is no number of a reading: give 1, or 2 for a repeat"
    if arm not in set(Arm):
        return Occasion(), f"arm {row['arm']!r} is unknown: use {' or '.join(Arm)}"
    seconds, fault = _seconds(row.get("seconds", ""))
    return Occasion(int(turn), Arm(arm), seconds), fault


def _seconds(text: str) -> tuple[float | None, str]:
    if not text:
        return None, ""
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        found = math.nan
    if not 0 <= found < math.inf:
        return None, f"seconds {text!r} is no time: give a number of 0 or more, or leave it empty"
    return found, ""
