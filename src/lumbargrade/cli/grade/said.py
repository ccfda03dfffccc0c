"""What the user wants of ``lumbargrade grade``, and how its numbers are written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lumbargrade.errors import StudyError
from lumbargrade.grading.finding import NOTHING_SAID, UserWord

FAILED_EXIT_CODE = 1
"""Some of several studies could not be graded."""


@dataclass(frozen=True)
class Said:
    """What the user wants of the grading, beside the studies and the model.

    ``box`` and ``pixel_spacing`` are texts of numbers. ``regions`` is located, drawn or both
    (``batch.arms``); ``key`` is a file of the key of pseudonyms, None to write names as they are;
    ``language`` is that of the page.
    """

    box: str | None = None
    pixel_spacing: str | None = None
    sr: bool = False
    word: UserWord = NOTHING_SAID
    regions: str = "located"
    key: Path | None = None
    language: str = "en"


@dataclass(frozen=True)
class Numbers:
    """The options that are numbers: (x, y, width, height) in pixels, and one or two in mm."""

    box_px: tuple[float, ...] | None
    spacing_mm: tuple[float, ...] | None


def numbers_of(said: Said) -> Numbers:
    """Return the numbers of ``--box`` and ``--pixel-spacing``; raises as parse_numbers."""
    return Numbers(
        parse_numbers(said.box, (4,), "--box", "X,Y,W,H in pixels, such as 120,140,80,80"),
        parse_numbers(said.pixel_spacing, (1, 2), "--pixel-spacing", "MM or MM,MM, such as 0.6"),
    )


def parse_numbers(
    text: str | None, counts: tuple[int, ...], option: str, form: str
) -> tuple[float, ...] | None:
    """Return the numbers of an option such as ``1,2,3,4``; None where it was not given.

    Raises StudyError if they are not numbers, or not as many as one of ``counts``.
    """
    if text is None:
        return None
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) not in counts:
        raise StudyError(f"{option} {text!r} cannot be read: give {form}")
    return numbers
