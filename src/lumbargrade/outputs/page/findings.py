"""The head line: what is wrong, where, on which side and how sure, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lumbargrade.grading.finding import SliceGrades
from lumbargrade.grading.sets import MARKED
from lumbargrade.outputs.page.levels import Cell, LevelRow
from lumbargrade.outputs.page.verdicts import Verdict
from lumbargrade.outputs.page.words.language import Words

OFF_MIDLINE_MM = 3.0
"""From here on, the apex of a displacement is said to lie on a side: this project's choice."""

_APEX = "displacement_apex_mm"


@dataclass(frozen=True)
class Statement:
    """One finding in words.

    ``percent`` is the probability of its grade, None where it is not known; ``number`` the slice;
    ``review`` and ``in_doubt`` are the marks of the level's grade.
    """

    text: str
    tone: int
    percent: float | None
    number: int
    review: bool
    in_doubt: bool


@dataclass(frozen=True)
class LevelFindings:
    """What is said of one level; ``ungraded`` names what has no grade there, and why."""

    level: str
    statements: tuple[Statement, ...]
    ungraded: str = ""


@dataclass(frozen=True)
class HeadLine:
    """``note`` says what the levels leave out: that all else is grade 0 or 1, or there is none.

    ``first``: the levels stand before it, since something is of grade 2 or 3.
    """

    levels: tuple[LevelFindings, ...]
    note: str
    first: bool


def head_line(rows: Sequence[LevelRow], words: Words) -> HeadLine:
    """Return what is wrong: all grades of 2 and 3; where there are none, those of 1."""
    known = [
        cell.verdict.grade
        for row in rows
        for cell in row.cells
        if cell.verdict is not None and cell.verdict.grade is not None
    ]
    worst = max(known, default=None)
    lowest = MARKED if (worst or 0) >= MARKED else 1
    levels = tuple(
        LevelFindings(row.level, statements, ungraded)
        for row in rows
        for statements in [_statements(row, lowest, words)]
        for ungraded in [_ungraded(row, words)]
        if statements or ungraded
    )
    if worst is None:
        return HeadLine(levels, words("line.nothing"), False)
    if worst == 0:
        return HeadLine(levels, words("line.none") + _asked(rows, 1, words), False)
    if lowest == MARKED:
        return HeadLine(levels, words("line.rest") + _asked(rows, lowest, words), True)
    return HeadLine(levels, words("line.slight") + _asked(rows, lowest, words), False)


def statement(row: LevelRow, cell: Cell, words: Words) -> Statement | None:
    """Return the grade of one cell in words, whatever it is; None where there is none."""
    verdict, worst = cell.verdict, cell.worst
    if verdict is None or worst is None or verdict.grade is None or worst.slice is None:
        return None
    text = _text(row, verdict, worst.slice, words)
    marks = bool(worst.asked) or verdict.review, worst.in_doubt
    return Statement(text, verdict.tone, verdict.percent, worst.number or 0, *marks)


def _asked(rows: Sequence[LevelRow], lowest: int, words: Words) -> str:
    """Grades too low to be said of which one cannot be sure: they must not pass for healthy."""
    named = [
        f"{row.level} {cell.title}"
        for row in rows
        for cell in row.cells
        if cell.verdict is not None and (cell.verdict.grade or 0) < lowest
        if cell.worst is not None and (cell.worst.asked or cell.verdict.review)
    ]
    return f" {words('line.ask', what=', '.join(named))}" if named else ""


def _statements(row: LevelRow, lowest: int, words: Words) -> tuple[Statement, ...]:
    found = [
        said
        for cell in row.cells
        if cell.verdict is not None and (cell.verdict.grade or 0) >= lowest
        for said in [statement(row, cell, words)]
        if said is not None
    ]
    return tuple(sorted(found, key=lambda one: -one.tone))


def _text(row: LevelRow, verdict: Verdict, item: SliceGrades, words: Words) -> str:
    code, grade, side = verdict.column.system.code, verdict.grade, verdict.column.side
    phrase = f"phrase.{code}_{grade}"
    if phrase not in words or not words.has_own(verdict.column.system):
        return words("line.other", title=verdict.title, name=verdict.grade_in_words)
    if verdict.column.system.per_side:
        root = words("root.named", root=row.root) if row.root else words("root.unnamed")
        if side is not None:
            root = words("root.side", side=words.sentence(side), root=root)
        return words(phrase, root=root)
    where = _side(item, words) if code == "LDH" else ""
    return words("line.side", text=words(phrase), side=where) if where else words(phrase)


def _side(item: SliceGrades, words: Words) -> str:
    """On which side the disc reaches farthest back; "" where that was not measured."""
    apex = item.measure(_APEX)
    if apex is None or apex.value is None:
        return ""
    if abs(apex.value) < OFF_MIDLINE_MM:
        return words("line.central")
    return words("line.left" if apex.value > 0 else "line.right")  # x grows to the patient's left


def _ungraded(row: LevelRow, words: Words) -> str:
    missing = [cell for cell in row.cells if cell.verdict is None or cell.verdict.grade is None]
    if not missing:
        return ""
    titles = ", ".join(cell.title for cell in missing)
    reasons = {cell.reason for cell in missing}
    if len(reasons) == 1 and "" not in reasons:
        return words("line.ungraded_why", what=titles, reason=reasons.pop())
    return words("line.ungraded", what=titles)
