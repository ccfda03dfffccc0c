"""One grade in words, of a slice or of a disc."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lumbargrade.grading.columns import Column
from lumbargrade.grading.doubts import marks_of
from lumbargrade.grading.finding import DiscGrades, Finding, Measure, SliceGrades
from lumbargrade.grading.sets import needs_reader
from lumbargrade.grading.system import GradingSystem
from lumbargrade.outputs.page.words.language import Words
from lumbargrade.outputs.page.words.measures import Row, rows_beside

_TONES = 3
"""The worst of the colours 0 to 3; a system of other steps is spread over them."""

_NUMBERED = re.compile(r"(?:grade )?(?:[0-9]+|[IVX]+)\b")


@dataclass(frozen=True)
class Bar:
    """Probability of one grade."""

    value: int
    name: str
    percent: float
    chosen: bool
    tone: int = 0


@dataclass(frozen=True)
class Verdict:
    """One grade in words. ``grade`` is None where there is none; ``reason`` says why.

    ``number`` is the grade as it is written before its name, "" where the name is a number itself;
    ``tone`` its colour from 0 to 3. ``grade_set`` is empty where it is not known; ``review`` and
    ``in_doubt`` are its marks, ``doubts`` the reasons that do not stand above it, with its slice;
    ``measures`` belong beside the grade.
    """

    column: Column
    title: str
    grade: int | None
    name: str
    help_text: str
    percent: float | None
    bars: tuple[Bar, ...]
    reason: str
    grade_set: tuple[int, ...] = ()
    review: bool = False
    in_doubt: bool = False
    doubts: tuple[str, ...] = ()
    measures: tuple[Row, ...] = ()
    number: str = ""
    tone: int = 0

    @property
    def shown_set(self) -> tuple[int, ...]:
        """The set, where no doubt says it."""
        return () if needs_reader(self.grade_set) else self.grade_set

    @property
    def grade_in_words(self) -> str:
        """Number and name, such as ``3 severe``."""
        return f"{self.number} {self.name}".strip()


def slice_verdict(item: SliceGrades, column: Column, words: Words) -> Verdict:
    """Return the grade of a slice in one column; ``column`` speaks the language of ``words``."""
    found = item.finding(column.system.code, column.side)
    rows = rows_beside(item, column, words)
    if found is None:
        return _without(column, words("stack.not_by_model"), words, rows)
    return _verdict(found, column, words, (rows, item.measures, item.warnings))


def disc_verdicts(
    disc: DiscGrades, systems: dict[str, GradingSystem], words: Words
) -> tuple[Verdict, ...]:
    """Return the grades of a disc, in the order of its findings.

    ``systems`` speak the language of ``words``; a finding of none of them is left out.
    """
    return tuple(
        _verdict(found, Column(systems[found.system], found.side), words, ((), (), disc.warnings))
        for found in disc.findings
        if found.system in systems
    )


def tone_of(grade: int, system: GradingSystem) -> int:
    """Return the colour, 0 to 3, of a grade: the best and the worst of every system are alike."""
    return round(_TONES * grade / (len(system.grades) - 1))


def number_of(grade: int, system: GradingSystem) -> str:
    """Return how a grade is numbered; "" where the names of its system are numbers themselves."""
    numbered = all(_NUMBERED.match(step.name) for step in system.grades)
    return "" if numbered else str(grade)


def _verdict(
    found: Finding,
    column: Column,
    words: Words,
    beside: tuple[tuple[Row, ...], Sequence[Measure], Sequence[str]],
) -> Verdict:
    rows, measures, warnings = beside
    system, title = column.system, words.column(column)
    if found.grade is None:
        return _without(column, words.sentence(found.reason), words, rows, "table.no_grade")
    bars = tuple(
        Bar(
            step.value,
            step.name,
            100 * chance,
            step.value == found.grade,
            tone_of(step.value, system),
        )
        for step, chance in zip(system.grades, found.probabilities, strict=False)
    )
    step, marks = system.grades[found.grade], marks_of(found, measures)
    percent = 100 * found.probabilities[found.grade] if found.probabilities else None
    return Verdict(
        column,
        title,
        found.grade,
        step.name,
        step.help_text,
        percent,
        bars,
        "",
        found.grade_set,
        marks.review,
        marks.doubt,
        tuple(words.sentence(one) for one in found.doubts if one not in warnings),
        rows,
        number_of(found.grade, system),
        tone_of(found.grade, system),
    )


def _without(
    column: Column,
    reason: str,
    words: Words,
    rows: tuple[Row, ...],
    name: str = "table.not_graded",
) -> Verdict:
    title = words.column(column)
    return Verdict(column, title, None, words(name), "", None, (), reason, measures=rows)
