"""The table by level: the worst grade of each system, and that of the disc."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lumbargrade.grading.columns import Column
from lumbargrade.grading.finding import StudyGrades
from lumbargrade.grading.level import Level
from lumbargrade.grading.sets import needs_reader
from lumbargrade.grading.summary import LevelSummary, WorstGrade, level_summaries
from lumbargrade.grading.system import GradingSystem
from lumbargrade.outputs.page.cards import Card
from lumbargrade.outputs.page.verdicts import Verdict, disc_verdicts
from lumbargrade.outputs.page.words.language import Words


@dataclass(frozen=True)
class Cell:
    """Worst grade of a level; ``verdict`` is that of the slice that has it, None for no grade.

    ``title`` is that of its column; ``reason`` says why there is none, as far as it is known.
    """

    title: str
    verdict: Verdict | None
    worst: WorstGrade | None
    reason: str = ""


@dataclass(frozen=True)
class LevelRow:
    """One level in the table.

    Attributes
    ----------
    level : its name, or that it is not known.
    root : the root that traverses there, named as the lower vertebra; "" where not known.
    source : how the level is known.
    numbers : its slices, cranial to caudal; none where only the sagittal series shows the disc.
    cells : one per column.
    discs : grades of the disc on the sagittal series.
    not_counted : slices among ``numbers`` that run through bone.
    """

    level: str
    root: str
    source: str
    numbers: tuple[int, ...]
    cells: tuple[Cell, ...]
    discs: tuple[Verdict, ...] = ()
    not_counted: tuple[int, ...] = ()

    @property
    def tone(self) -> int | None:
        """The worst colour of its cells; None where nothing is graded."""
        graded = [cell.verdict for cell in self.cells if cell.verdict is not None]
        return max((one.tone for one in graded if one.grade is not None), default=None)

    @property
    def main_number(self) -> int | None:
        """The slice to look at first: that of the worst grade, else one in the middle."""
        for cell in self.cells:
            if cell.verdict and cell.worst and cell.verdict.tone == self.tone:
                return cell.worst.number
        return self.numbers[len(self.numbers) // 2] if self.numbers else None


def root_of(level: Level | None) -> str:
    """Return the traversing root of a disc level; "" where the level is not known.

    Examples
    --------
    >>> root_of(Level.L5_S1), root_of(Level.L4_L5)
    ('S1', 'L5')
    """
    return "" if level is None else level.partition("/")[2]


def level_rows(
    grades: StudyGrades,
    columns: Sequence[Column],
    cards: Sequence[Card],
    systems: dict[str, GradingSystem],
    words: Words,
) -> tuple[LevelRow, ...]:
    """Return the levels, cranial to caudal as in a spoken report.

    ``systems`` speak the language of ``words``. A disc that only the sagittal series shows has a
    row if it is graded there.
    """
    by_level = {one.level.level: one for one in grades.discs}

    def discs(level: Level | None) -> tuple[Verdict, ...]:
        one = by_level.get(level) if level else None
        return () if one is None else disc_verdicts(one, systems, words)

    summaries = level_summaries(grades)
    rows = [
        LevelRow(
            one.level.level or words("table.unknown"),
            root_of(one.level.level),
            words.sentence(one.level.source),
            tuple(reversed(one.numbers)),
            _cells(one, columns, cards, words),
            discs(one.level.level),
            tuple(reversed(one.not_counted)),
        )
        for one in reversed(summaries)
    ]
    seen = {one.level.level for one in summaries}
    for disc in grades.discs:
        level, verdicts = disc.level.level, discs(disc.level.level)
        if level is not None and level not in seen and verdicts:
            none = words("table.no_slice")
            cells = tuple(Cell(words.column(one), None, None, none) for one in columns)
            source = words.sentence(disc.level.source)
            _insert(rows, LevelRow(level, root_of(level), source, (), cells, verdicts))
    return tuple(rows)


def _insert(rows: list[LevelRow], row: LevelRow) -> None:
    """Put a row of a known level before the first that lies caudal of it."""
    names = [str(level) for level in Level]
    below = names[names.index(row.level) :]
    places = [place for place, one in enumerate(rows) if one.level in below]
    rows.insert(min(places, default=len(rows)), row)


def _cells(
    one: LevelSummary, columns: Sequence[Column], cards: Sequence[Card], words: Words
) -> tuple[Cell, ...]:
    worst = {(each.system, each.side): each for each in one.worst}
    shown = [cards[number - 1] for number in one.numbers]
    cells = []
    for index, column in enumerate(columns):
        title, found = words.column(column), worst.get((column.system.code, column.side))
        if found is not None and found.number is not None:
            verdict = cards[found.number - 1].verdicts[index]
            cells.append(Cell(title, verdict, found))
            continue
        reasons = {card.verdicts[index].reason for card in shown}
        why = found.reason if found is not None else ""
        shared = reasons.pop() if len(reasons) == 1 else ""
        cells.append(Cell(title, None, None, words.sentence(why) or shared))
    return tuple(cells)


def set_words(grade_set: Sequence[int], words: Words) -> str:
    """Return a set of several grades in words; "" for one grade, or none."""
    if len(grade_set) < 2:
        return ""
    low, high = min(grade_set), max(grade_set)
    return words("set.or" if high == low + 1 else "set.to", low=low, high=high)


def doubt_of(grade_set: Sequence[int], words: Words) -> tuple[str, bool]:
    """Return a set of several grades in words ("" for one grade), and whether review is needed."""
    return set_words(grade_set, words), needs_reader(grade_set)
