"""What stands on the page: grades in words, ready for a template that only lays out."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from lumbargrade.grading.columns import Column
from lumbargrade.grading.finding import NotGraded, SliceGrades, StudyGrades
from lumbargrade.grading.geometry_check import disagreement
from lumbargrade.grading.sets import needs_reader, set_in_words, worst_set
from lumbargrade.grading.summary import level_grades
from lumbargrade.outputs.page.measures import (
    Row,
    cut_in_doubt,
    cut_in_words,
    other_rows,
    rows_beside,
)
from lumbargrade.outputs.page.views import Views, views_of
from lumbargrade.study.graded import SlicePicture

UNKNOWN_LEVEL = "unknown"

PAINTERS = 2
"""Threads that make pictures."""


@dataclass(frozen=True)
class Bar:
    """Probability of one grade."""

    value: int
    name: str
    percent: float
    chosen: bool


@dataclass(frozen=True)
class Verdict:
    """One grade in words. ``grade`` is None where there is none; ``reason`` says why.

    ``grade_set`` is empty where it is not known; ``by_geometry`` is a grade that the outlines
    give and that differs by more than one, else None; ``measures`` belong beside the grade.
    """

    column: Column
    grade: int | None
    name: str
    help_text: str
    percent: float | None
    bars: tuple[Bar, ...]
    reason: str
    grade_set: tuple[int, ...] = ()
    by_geometry: int | None = None
    measures: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Card:
    """One slice on the page.

    ``measures`` are those that belong beside no grade; ``cut`` says what the slice cuts, and
    ``in_doubt`` which grades are in doubt for that ("" where there is nothing to say).
    """

    number: int
    slice: SliceGrades
    level: str
    verdicts: tuple[Verdict, ...]
    views: Views | None
    measures: tuple[Row, ...] = ()
    cut: str = ""
    in_doubt: str = ""

    def doubts(self, column: Column) -> bool:
        """Return whether the grade of this column is in doubt for what the slice cuts."""
        return bool(self.in_doubt) and column.system.needs_disc


@dataclass(frozen=True)
class Cell:
    """Worst grade of a level and the slice that has it with the highest probability.

    ``grade_set`` is the level's: made of the sets of all of its slices. ``asked`` are the
    slices for which a reader should be asked about the level, because of their set or because
    their outlines give another grade; ``in_doubt`` is that of the slice shown.
    """

    verdict: Verdict | None
    number: int | None
    grade_set: tuple[int, ...] = ()
    asked: tuple[int, ...] = ()
    in_doubt: bool = False


@dataclass(frozen=True)
class LevelRow:
    """One level in the summary."""

    level: str
    source: str
    numbers: tuple[int, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Refusals:
    """Everything that was not graded for one reason."""

    reason: str
    items: tuple[NotGraded, ...]


def cards_of(
    grades: StudyGrades, columns: Sequence[Column], pictures: Sequence[SlicePicture]
) -> tuple[Card, ...]:
    """Return one card per slice, numbered from the feet upward."""
    by_slice = {one.identity: one for one in pictures}

    def card(number: int, item: SliceGrades) -> Card:
        verdicts = tuple(_verdict(item, column) for column in columns)
        picture = by_slice.get(item.identity)
        return Card(
            number,
            item,
            item.level.level or UNKNOWN_LEVEL,
            verdicts,
            views_of(item, picture) if picture else None,
            other_rows(item, columns),
            cut_in_words(item.cut),
            cut_in_doubt(item.cut, (column.system for column in columns)),
        )

    # Compressing the pictures is most of the work, and needs no interpreter lock.
    with ThreadPoolExecutor(PAINTERS) as pool:
        return tuple(pool.map(card, range(1, len(grades.slices) + 1), grades.slices))


def level_rows(
    grades: StudyGrades, columns: Sequence[Column], cards: Sequence[Card]
) -> tuple[LevelRow, ...]:
    """Return the summary by level, head to feet as in a spoken report."""
    worst = level_grades(grades)
    rows = []
    for block in sorted({card.slice.level.block for card in cards}, key=_height, reverse=True):
        members = [card for card in cards if card.slice.level.block == block]
        cells = tuple(
            _cell(members, index, worst.get((block, column.system.code, column.side)))
            for index, column in enumerate(columns)
        )
        first = members[0]
        numbers = tuple(card.number for card in members)
        rows.append(LevelRow(first.level, first.slice.level.source, numbers, cells))
    return tuple(rows)


def doubt_of(grade_set: Sequence[int]) -> tuple[str, bool]:
    """Return a set of several grades in words ("" for one grade), and whether review is needed."""
    words = set_in_words(grade_set) if len(grade_set) > 1 else ""
    return words, needs_reader(grade_set)


def refusals_of(grades: StudyGrades) -> tuple[Refusals, ...]:
    """Group what was not graded by its reason, the most frequent first."""
    groups: dict[str, list[NotGraded]] = {}
    for item in grades.not_graded:
        groups.setdefault(item.reason, []).append(item)
    ordered = sorted(groups.items(), key=lambda group: -len(group[1]))
    return tuple(Refusals(reason, tuple(items)) for reason, items in ordered)


def _height(block: int | None) -> int:
    return -1 if block is None else block


def _verdict(item: SliceGrades, column: Column) -> Verdict:
    found = item.finding(column.system.code, column.side)
    rows = rows_beside(item, column)
    if found is None:
        reason = "not graded by this model"
        return Verdict(column, None, "not graded", "", None, (), reason, measures=rows)
    bars = tuple(
        Bar(step.value, step.name, 100 * chance, step.value == found.grade)
        for step, chance in zip(column.system.grades, found.probabilities, strict=False)
    )
    if found.grade is None:
        return Verdict(column, None, "no grade", "", None, bars, found.reason, measures=rows)
    step = column.system.grades[found.grade]
    percent = 100 * found.probabilities[found.grade] if found.probabilities else None
    apart = disagreement([found], item.measures)
    return Verdict(
        column,
        found.grade,
        step.name,
        step.help_text,
        percent,
        bars,
        "",
        found.grade_set,
        None if apart is None else apart.by_geometry,
        rows,
    )


def _cell(members: Sequence[Card], index: int, grade: int | None) -> Cell:
    alike = [card for card in members if card.verdicts[index].grade == grade]
    if grade is None or not alike:
        return Cell(None, None)
    best = max(alike, key=lambda card: card.verdicts[index].percent or 0.0)
    sets = {
        card.number: card.verdicts[index].grade_set
        for card in members
        if card.verdicts[index].grade is not None
    }
    level_set = worst_set(sets.values())
    # A doubt that cannot change the level's worst grade is left to its slice.
    doubted = {number for number, one in sets.items() if needs_reader(one)}
    apart = {card.number for card in members if card.verdicts[index].by_geometry is not None}
    asked = tuple(sorted(apart | (doubted if needs_reader(level_set) else set())))
    shown = best.verdicts[index]
    return Cell(shown, best.number, level_set, asked, best.doubts(shown.column))
