"""The slices of the page, each with its grades in words, ready for a template that lays out."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from lumbargrade.grading.columns import Column
from lumbargrade.grading.finding import SliceGrades, StudyGrades
from lumbargrade.outputs.page.pictures.views import Views, views_of
from lumbargrade.outputs.page.verdicts import Verdict, slice_verdict
from lumbargrade.outputs.page.words.language import Words
from lumbargrade.outputs.page.words.measures import Row, cut_in_words, other_rows
from lumbargrade.outputs.page.words.place import place_in_words
from lumbargrade.study.graded import SlicePicture

PAINTERS = 2
"""Threads that make pictures."""


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


def cards_of(
    grades: StudyGrades,
    columns: Sequence[Column],
    pictures: Sequence[SlicePicture],
    words: Words,
) -> tuple[Card, ...]:
    """Return one card per slice, numbered from the feet upward and in that order."""
    by_slice = {one.identity: one for one in pictures}

    def card(number: int, item: SliceGrades) -> Card:
        picture = by_slice.get(item.identity)
        return Card(
            number,
            item,
            level_name(item, words),
            tuple(slice_verdict(item, column, words) for column in columns),
            views_of(item, picture) if picture else None,
            other_rows(item, columns, words),
            cut_in_words(item.cut, words),
            place_in_words(item.level, words),
        )

    # Compressing the pictures is most of the work, and needs no interpreter lock.
    with ThreadPoolExecutor(PAINTERS) as pool:
        return tuple(pool.map(card, range(1, len(grades.slices) + 1), grades.slices))


def level_name(item: SliceGrades, words: Words) -> str:
    """Return the level of a slice, or that it is not known."""
    return item.level.level or words("table.unknown")
