"""The report as plain text, to be copied: findings first, then each level, limits last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lumbargrade.files.clean_text import cleaned
from lumbargrade.grading.finding import StudyGrades
from lumbargrade.grading.summary import sources_of
from lumbargrade.outputs.page.findings import HeadLine, LevelFindings, statement
from lumbargrade.outputs.page.levels import LevelRow, set_words
from lumbargrade.outputs.page.refusals import Refusals
from lumbargrade.outputs.page.verdicts import Verdict
from lumbargrade.outputs.page.words.language import Words


def text_report(
    grades: StudyGrades,
    patient: Sequence[tuple[str, str]],
    found: tuple[HeadLine, Sequence[LevelRow], Sequence[Refusals]],
    words: Words,
) -> tuple[str, str]:
    """Return the findings and the limits of the report as text, cleaned; lines end with a feed.

    ``found`` is the head line, the levels and what was not graded, all in the language of
    ``words``.
    """
    head, rows, refusals = found
    lines = [
        words("text.head"),
        ". ".join(f"{title}: {value}" for title, value in patient) + ".",
        "",
        words("text.findings"),
        *(_finding(one, words) for one in head.levels),
        head.note,
        "",
        words("text.levels"),
        *(_level(row, words) for row in rows),
        "",
    ]
    limits = [
        words("text.limits"),
        *_limits(grades, rows, refusals, words),
        words("research_use"),
    ]
    return _joined(lines), _joined(limits)


def _joined(lines: Sequence[str]) -> str:
    return "".join(f"{cleaned(line)}\n" for line in lines)


def _finding(one: LevelFindings, words: Words) -> str:
    said = [f"{each.text}{_marks(each.review, each.in_doubt, words)}" for each in one.statements]
    return f"{one.level}: {'; '.join([*said, *filter(None, [one.ungraded])])}."


def _marks(review: bool, in_doubt: bool, words: Words) -> str:
    marks = [
        words(key)
        for key, holds in (("table.review", review), ("table.in_doubt", in_doubt))
        if holds
    ]
    return f" ({', '.join(marks)})" if marks else ""


def _level(row: LevelRow, words: Words) -> str:
    said = []
    for cell in row.cells:
        found = statement(row, cell, words)
        if found is None or cell.verdict is None or cell.worst is None:
            reason = cell.reason
            key = "text.no_grade_why" if reason else "text.no_grade"
            said.append(words(key, title=cell.title, reason=reason))
            continue
        beside = [*_sure(cell.verdict, cell.worst.grade_set, words)]
        beside.append(words("text.slice", number=found.number))
        marks = _marks(found.review, found.in_doubt, words)
        said.append(f"{_grade(cell.verdict, words)} ({', '.join(beside)}){marks}")
    for one in row.discs:
        beside = [*_sure(one, one.shown_set, words)]
        told = f" ({', '.join(beside)})" if beside else ""
        said.append(f"{_grade(one, words)}{told}{_marks(one.review, one.in_doubt, words)}")
    return f"{row.level}: {'; '.join(said)}."


def _grade(verdict: Verdict, words: Words) -> str:
    if verdict.grade is None:
        return words("text.no_grade_why", title=verdict.title, reason=verdict.reason)
    return words("text.grade", title=verdict.title, name=verdict.grade_in_words)


def _sure(verdict: Verdict, grade_set: Sequence[int], words: Words) -> Iterator[str]:
    if verdict.percent is not None:
        yield words("line.sure", percent=verdict.percent)
    if told := set_words(grade_set, words):
        yield words("text.set", set=told)


def _limits(
    grades: StudyGrades, rows: Sequence[LevelRow], refusals: Sequence[Refusals], words: Words
) -> Iterator[str]:
    yield words("text.worst")
    sources = "; ".join(words.sentence(one) for one in sources_of(grades))
    if sources:
        yield words("text.levels_known", how=sources)
    for warning in grades.warnings:
        yield f"{warning[:1].upper()}{warning[1:]}."
    for row in rows:
        shown = [(one.title, one.worst.doubts) for one in row.cells if one.worst is not None]
        shown += [(one.title, one.doubts) for one in row.discs]
        for title, doubts in shown:
            if doubts:
                told = "; ".join(words.sentence(one) for one in doubts)
                yield words("text.doubt", level=row.level, title=title, reason=told)
    for one in refusals:
        what = one.items[0].what
        more = words("refused.items", count=len(one.items)) if len(one.items) > 1 else what
        yield words("text.not_graded", what=more, reason=one.reason)
    yield words(
        "text.made_by",
        version=grades.software_version,
        model=grades.model.name,
        model_version=grades.model.version,
    )
