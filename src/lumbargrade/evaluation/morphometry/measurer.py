"""Who measured what: a model or a reader, with a value for each slice, measure and side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lumbargrade.grading.finding import Side, StudyGrades

_UNITS = ("mm", "mm2", "deg")
"""UCUM units by which the name of a measure may end."""


@dataclass(frozen=True)
class Place:
    """What a value is of.

    Attributes
    ----------
    image : SOP Instance UID.
    frame : from 1; always 1 in an image of one frame.
    measure : its name, as ``Measure.name``.
    side : patient side; None for a measure without sides.
    """

    image: str
    frame: int
    measure: str
    side: Side | None


@dataclass(frozen=True)
class Measurer:
    """A model or a reader. ``values`` are in the unit of each measure; None where not known."""

    name: str
    values: Mapping[Place, float | None]


def unit_of(measure: str) -> str:
    """Return the unit (UCUM) by which the name of a measure ends; ``"1"`` for a pure number.

    Examples
    --------
    >>> unit_of("sac_area_mm2"), unit_of("root_share")
    ('mm2', '1')
    """
    unit = measure.rpartition("_")[2]
    return unit if unit in _UNITS else "1"


def title_of(measure: str) -> str:
    """Return the name of a measure as words, without its unit.

    Examples
    --------
    >>> title_of("sac_area_mm2")
    'sac area'
    """
    return measure.removesuffix(f"_{unit_of(measure)}").replace("_", " ")


def digits_of(unit: str) -> int:
    """Return how many decimals a value in this unit is worth: 0.1 mm2, 0.1 deg, 0.01 mm, 0.001."""
    return {"mm2": 1, "deg": 1, "mm": 2}.get(unit, 3)


def model_measurer(name: str, studies: Iterable[StudyGrades]) -> Measurer:
    """Return the measures of graded studies."""
    return Measurer(
        name,
        {
            Place(each.sop_instance_uid, each.frame_number, found.name, found.side): found.value
            for one in studies
            for each in one.slices
            for found in each.measures
        },
    )
