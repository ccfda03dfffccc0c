"""The guard against formulas: a spreadsheet runs a cell that begins like one.

Names of scanners, readers and patients come from files that anybody may have written.
"""

from __future__ import annotations

import re

_NUMBER = r"[-+](\d+(\.\d*)?(e[-+]\d+)?|inf|nan)"
_HARMLESS = re.compile(rf"{_NUMBER}( \((no interval|[-+]?[\d.]+ to [-+]?[\d.]+)\))?|-")
"""A number with its sign, with its interval or without, or the dash of nothing."""
_FORMULA = re.compile(r"'*[=+@\t\r-]")
_GUARDED = re.compile(r"'+[=+@\t\r-]")


def guarded(cell: str) -> str:
    """Return the cell, behind a quote where a spreadsheet would run it as a formula.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-0.2 (-0.3 to +0.1)")
    ("'=1+1", '-0.2 (-0.3 to +0.1)')
    """
    return f"'{cell}" if _FORMULA.match(cell) and not _HARMLESS.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """Return the cell without the quote that :func:`guarded` has put before it."""
    return cell[1:] if _GUARDED.match(cell) else cell
