"""What a request may carry; everything else is refused before a route sees it."""

from __future__ import annotations

import unicodedata
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from lumbargrade.grading.finding import Side

LARGEST_NUMBER = 2**31 - 1
LARGEST_MM = 10_000.0
LONGEST_REASON = 500
LONGEST_TIME_S = 24 * 3600.0

Id = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]
"""Of a work, or the number of a slice."""

Seconds = Annotated[float, Field(ge=0, le=LONGEST_TIME_S, allow_inf_nan=False)]
Millimetres = Annotated[float, Field(ge=-LARGEST_MM, le=LARGEST_MM, allow_inf_nan=False)]
Edge = Annotated[float, Field(gt=0, le=LARGEST_MM, allow_inf_nan=False)]


def plain(text: str) -> str:
    """Return a text without white space around it; control characters raise ValueError.

    Half a surrogate pair is one too: no database takes it.
    """
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in text):
        raise ValueError("holds control characters")
    return text.strip()


Text = Annotated[str, Field(max_length=LONGEST_REASON), AfterValidator(plain)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)


class ReadingBody(_Body):
    """A grade, or why there can be none; neither takes back what was said."""

    change: UUID
    slice: Id
    system: Annotated[str, Field(max_length=16, pattern="^[A-Z][A-Z0-9]*$")]
    side: Side | None = None
    grade: Annotated[int, Field(ge=0, le=LARGEST_NUMBER)] | None
    reason: Text = ""
    seconds: Seconds = 0.0


class BoxBody(_Body):
    """A box (x, y, width, height) in mm from the shown picture's corner; null takes it back."""

    change: UUID
    slice: Id
    box: tuple[Millimetres, Millimetres, Edge, Edge] | None
    seconds: Seconds = 0.0


class TimeBody(_Body):
    """Seconds spent on a slice since the last time that this was said."""

    slice: Id
    seconds: Seconds
