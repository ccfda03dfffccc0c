"""Readings of made-up readers, and strategies that draw many of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from lumbargrade.annotation.reading import GivenGrade
from lumbargrade.grading.finding import Side

READERS = ("Ann", "Bob")
ADJUDICATOR = "Lee"


def reading(
    number: int = 1, reader: str = "Ann", grade: int | None = 0, **of: object
) -> GivenGrade:
    """A reading of LDH on one image, or of what else is said."""
    given = GivenGrade(number, reader, "P1", "1.2.3", 1, 1, "LDH", None, grade)
    return replace(given, **of)  # type: ignore[arg-type]


def numbered(given: Sequence[GivenGrade]) -> list[GivenGrade]:
    return [replace(one, id=number) for number, one in enumerate(given, start=1)]


THINGS = tuple(
    {"patient": patient, "image": f"1.2.{patient[1:]}.{image}", "system": system, "side": side}
    for patient in ("P1", "P2", "P3")
    for image in (1, 2)
    for system, side in (("LDH", None), ("LNRC", Side.LEFT), ("LNRC", Side.RIGHT))
)
ANSWERS = st.one_of(
    st.tuples(st.integers(0, 3), st.just("")),
    st.tuples(st.none(), st.sampled_from(["artefact", "=cut; off", 'so "bad"'])),
    st.just((None, "")),  # not read
)


@st.composite
def readings_of(
    draw: st.DrawFn, readers: Sequence[str] = (*READERS, ADJUDICATOR)
) -> list[GivenGrade]:
    """Of some things what some readers said, in any order; no history."""
    asked = st.sampled_from(
        [(reader, number) for reader in readers for number in range(len(THINGS))]
    )
    found = []
    for reader, number in draw(st.lists(asked, unique=True)):
        grade, reason = draw(ANSWERS)
        found.append(reading(0, reader, grade, reason=reason, **THINGS[number]))
    return numbered(found)


@st.composite
def histories(draw: st.DrawFn) -> list[GivenGrade]:
    """Readings that were changed again and again, in the order of their ids."""
    latest: dict[object, GivenGrade] = {}
    found: list[GivenGrade] = []
    for number in range(1, draw(st.integers(0, 25)) + 1):
        reader = draw(st.sampled_from(READERS))
        thing = draw(st.sampled_from(THINGS[:4]))
        grade, reason = draw(ANSWERS)
        one = reading(
            number, reader, grade, reason=reason, round=draw(st.sampled_from([1, 2])), **thing
        )
        before = latest.get((reader, one.round, one.item))
        one = replace(one, supersedes=None if before is None else before.id)
        latest[reader, one.round, one.item] = one
        found.append(one)
    return found
