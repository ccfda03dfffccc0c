"""Text that people see, without what steers a terminal, hides or turns round what stands there.

Header texts, file names and tables of others may hold any character. Tables, pages, printed
reports and the screen show what is written here as :func:`cleaned`.
"""

from __future__ import annotations

import re

STAND_IN = "?"
"""Stands where a character was taken out, as in ``study.header``: nothing vanishes unseen."""

_HOSTILE = re.compile(
    "["
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # C0 without tab and line ends, C1: ISO/IEC 6429
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction of writing: Unicode UAX 9
    r"\u2028\u2029"  # ends of lines and paragraphs for some readers of CSV and JSON
    r"\ud800-\udfff\ufffe\uffff"  # no characters: file names of other encodings; not UTF-8
    "]"
)


def cleaned(text: str) -> str:
    r"""Return the text with a question mark for each character that no reader should get raw.

    Tabs and the ends of lines stay.

    Examples
    --------
    >>> cleaned("L5\x1b[31m \u202eS1\nnext"), cleaned("M\u00fcller")
    ('L5?[31m ?S1\nnext', 'Müller')
    """
    return text if text.isascii() and text.isprintable() else _HOSTILE.sub(STAND_IN, text)


def cleaned_text(value: object) -> object:
    """Return a text :func:`cleaned`, and anything else as it is: for the variables of a template.

    What a template marks as safe is a subclass of text, and made by lumbargrade.
    """
    return cleaned(value) if type(value) is str else value
