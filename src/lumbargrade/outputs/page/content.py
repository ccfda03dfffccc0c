"""What stands on the page: grades in words, ready for a template that only lays out."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from lumbargrade.grading.columns import Column
from lumbargrade.grading.doubts import marks_of
from lumbargrade.grading.finding import NotGraded, SliceGrades, StudyGrades
from lumbargrade.grading.sets import needs_reader, set_in_words
from lumbargrade.grading.summary import WorstGrade, level_summaries
from lumbargrade.outputs.page.measures import Row, cut_in_words, other_rows, rows_beside
from lumbargrade.outputs.page.place import place_in_words
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

    ``grade_set`` is empty where it is not known; ``review`` and ``in_doubt`` are its marks,
    ``doubts`` the reasons that do not stand above it, with its slice; ``measures`` belong beside
    the grade.
    """

    column: Column
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

    @property
    def shown_set(self) -> tuple[int, ...]:
        """The set, where no doubt says it."""
        return () if needs_reader(self.grade_set) else self.grade_set


@dataclass(frozen=True)
class Card:
    """One slice on the page.

    ``measures`` are those that belong beside no grade; ``cut`` says what the slice cuts and
    ``place`` where it lies beside the nearest disc ("" where that is not known).
    """

    number: int
    slice: SliceGrades
    level: str
    verdicts: tuple[Verdict, ...]
    views: Views | None
    measures: tuple[Row, ...] = ()
    cut: str = ""
    place: str = ""


@dataclass(frozen=True)
class Cell:
    """Worst grade of a level; ``verdict`` is that of the slice that has it, None for no grade.

    ``reason`` says why no slice counts, where none does.
    """

    verdict: Verdict | None
    worst: WorstGrade | None
    reason: str = ""


@dataclass(frozen=True)
class LevelRow:
    """One level in the summary; slices ``not_counted`` are among its ``numbers``."""

    level: str
    source: str
    numbers: tuple[int, ...]
    cells: tuple[Cell, ...]
    not_counted: tuple[int, ...] = ()


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
            place_in_words(item.level),
        )

    # Compressing the pictures is most of the work, and needs no interpreter lock.
    with ThreadPoolExecutor(PAINTERS) as pool:
        return tuple(pool.map(card, range(1, len(grades.slices) + 1), grades.slices))


def level_rows(
    grades: StudyGrades, columns: Sequence[Column], cards: Sequence[Card]
) -> tuple[LevelRow, ...]:
    """Return the summary by level, head to feet as in a spoken report."""
    rows = []
    for one in reversed(level_summaries(grades)):
        worst = {(each.system, each.side): each for each in one.worst}
        cells = tuple(
            _cell(worst.get((column.system.code, column.side)), index, cards)
            for index, column in enumerate(columns)
        )
        name = one.level.level or UNKNOWN_LEVEL
        rows.append(LevelRow(name, one.level.source, one.numbers, cells, one.not_counted))
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


def _verdict(item: SliceGrades, column: Column) -> Verdict:
    found = item.finding(column.system.code, column.side)
    rows = rows_beside(item, column)
    if found is None:
        reason = "not graded by this model"
        return Verdict(column, None, "not graded", "", None, (), reason, measures=rows)
    if found.grade is None:
        return Verdict(column, None, "no grade", "", None, (), found.reason, measures=rows)
    bars = tuple(
        Bar(step.value, step.name, 100 * chance, step.value == found.grade)
        for step, chance in zip(column.system.grades, found.probabilities, strict=False)
    )
    step = column.system.grades[found.grade]
    percent = 100 * found.probabilities[found.grade] if found.probabilities else None
    marks = marks_of(found, item.measures)
    return Verdict(
        column,
        found.grade,
        step.name,
        step.help_text,
        percent,
        bars,
        "",
        found.grade_set,
        marks.review,
        marks.doubt,
        tuple(one for one in found.doubts if one not in item.warnings),
        rows,
    )


def _cell(worst: WorstGrade | None, index: int, cards: Sequence[Card]) -> Cell:
    if worst is None or worst.number is None:
        return Cell(None, None, "" if worst is None else worst.reason)
    return Cell(cards[worst.number - 1].verdicts[index], worst)
