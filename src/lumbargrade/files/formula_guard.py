"""The guard against formulas: a spreadsheet runs a cell that begins like one.

Names of scanners, readers and patients come from files that anybody may have written. Spreadsheets
pass over blanks before a sign, and take the wide signs of East Asian keyboards for the plain ones
(OWASP, CSV Injection).
"""

from __future__ import annotations

import re

_NUMBER = r"[-+](\d+(\.\d*)?(e[-+]\d+)?|inf|nan)"
_HARMLESS = re.compile(rf"{_NUMBER}( \((no interval|[-+]?[\d.]+ to [-+]?[\d.]+)\))?|-")
"""A number with its sign, with its interval or without, or the dash of nothing."""

_BLANK = (
    r"\s\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
"""Characters that take no ink: white space, control and format characters, fillers, marks of byte
order."""
_SIGN = r"=+@\-\uff1d\uff0b\uff20\uff0d\ufe66\ufe62\ufe6b\ufe63\u2212"
"""The four signs; wide, small, and the minus of mathematics."""

_FORMULA = re.compile(rf"'*[\t\r]|['{_BLANK}]*[{_SIGN}]")
"""A quote before what matches gives what matches: so :func:`unguarded` is the exact inverse."""


def guarded(cell: str) -> str:
    """Return the cell, behind a quote where a spreadsheet would run it as a formula.

    Examples
    --------
    >>> guarded("=1+1"), guarded(" =1"), guarded("-0.2 (-0.3 to +0.1)")
    ("'=1+1", "' =1", '-0.2 (-0.3 to +0.1)')
    """
    return f"'{cell}" if _FORMULA.match(cell) and not _HARMLESS.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """Return the cell without the quote that :func:`guarded` has put before it."""
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell[1:]) else cell
