"""What ``lumbargrade grade`` prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from rich.table import Table
from rich.text import Text

from lumbargrade.grading.columns import Column, columns_of
from lumbargrade.grading.doubts import Marks, marks_of
from lumbargrade.grading.finding import SliceGrades, StudyGrades
from lumbargrade.grading.summary import sources_of, study_summary
from lumbargrade.grading.system import GradingSystem

_STYLES = ("green", "yellow", "dark_orange", "bold red")

_UNMARKED = Marks(wide=False, contradicted=False, doubt=False)

Systems = Mapping[str, GradingSystem]


def slice_table(grades: StudyGrades, systems: Systems) -> Table:
    """Return the grades of each slice, caudal to cranial, with their probabilities."""
    columns = columns_of(grades, systems)
    table = Table(header_style="bold", title_justify="left", caption_justify="left")
    table.add_column("level")
    table.add_column("slice", justify="right")
    for column in columns:
        table.add_column(column.title)
    previous = None
    for number, item in enumerate(grades.slices, 1):
        if number > 1 and item.level.block != previous:
            table.add_section()
        previous = item.level.block
        cells = [_cell(item, one) for one in columns]
        table.add_row(item.level.level or "unknown", str(number), *cells)
    notes = ["slices caudal to cranial", *(f"levels from {text}" for text in sources_of(grades))]
    found = [one for item in grades.slices for one in item.findings]
    if any(len(one.grade_set) > 1 for one in found):
        notes.append("1-2 = set of grades 1 or 2")
    marks = [_marks(item, one) for item in grades.slices for one in columns]
    if any(one.review for one in marks):
        notes.append("? = review needed")
    if any(one.doubt for one in marks):
        notes.append("~ = in doubt, the page says why")
    table.caption = "; ".join(notes)
    return table


def study_line(name: str, grades: StudyGrades, systems: Systems) -> str:
    """Return one line for a study: its worst grades, and what speaks against relying on them."""
    worst = {(one.system, one.side): one.grade for one in study_summary(grades)}
    parts = []
    for column in columns_of(grades, systems):
        grade = worst.get((column.system.code, column.side))
        parts.append(f"{column.title} {'-' if grade is None else grade}")
    said = [f"{name}: {len(grades.slices)} slices, worst " + ", ".join(parts)]
    marks = [[marks_of(found, item.measures) for found in item.findings] for item in grades.slices]
    asked = sum(any(one.review for one in own) for own in marks)
    doubted = sum(any(one.doubt for one in own) for own in marks)
    warned = len(grades.warnings) + sum(len(item.warnings) for item in grades.slices)
    said += [f"review needed: {_counted(asked, 'slice')}"] if asked else []
    said += [f"in doubt: {_counted(doubted, 'slice')}"] if doubted else []
    said += [f"{len(grades.not_graded)} not graded"] if grades.not_graded else []
    said += [_counted(warned, "warning")] if warned else []
    said.append("levels " + ", ".join(sources_of(grades)))
    word = str(grades.user_word)
    said += [f"said by the user: {word}"] if word else []
    return "; ".join(said)


def disc_lines(grades: StudyGrades, systems: Systems) -> Iterator[str]:
    """Yield a line for each system of the sagittal series: its grades by disc, caudal to cranial,
    by the names that readers give them.
    """
    for code in dict.fromkeys(one.system for disc in grades.discs for one in disc.findings):
        said = []
        for disc in grades.discs:
            for one in disc.findings:
                if one.system == code:
                    name = "-" if one.grade is None else systems[code].grades[one.grade].name
                    mark = "~" if one.doubts else ""
                    said.append(f"{disc.level.level or 'unknown'} {name}{mark}")
        yield f"{systems[code].name}: {', '.join(said)}"
    reasons = dict.fromkeys(one.reason for disc in grades.discs for one in disc.findings)
    yield from (f"discs are not graded: {reason}" for reason in reasons if reason)


def note_lines(grades: StudyGrades) -> Iterator[str]:
    """Yield what the user said, the warnings of the study, then those of its slices."""
    if word := str(grades.user_word):
        yield f"said by the user: {word}"
    yield from grades.warnings
    slices: dict[str, list[str]] = {}
    for number, item in enumerate(grades.slices, 1):
        for warning in item.warnings:
            slices.setdefault(warning, []).append(str(number))
    for warning, numbers in slices.items():
        yield f"slice{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}: {warning}"


def refusal_lines(grades: StudyGrades) -> Iterator[str]:
    """Yield one line per reason for which something was not graded."""
    for reason, count in Counter(item.reason for item in grades.not_graded).most_common():
        yield f"not graded: {count} x {reason}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number > 1 else ''}"


def _marks(item: SliceGrades, column: Column) -> Marks:
    found = item.finding(column.system.code, column.side)
    return _UNMARKED if found is None else marks_of(found, item.measures)


def _cell(item: SliceGrades, column: Column) -> Text:
    found = item.finding(column.system.code, column.side)
    if found is None or found.grade is None:
        return Text("-", style="dim")
    text = Text(str(found.grade), style=_STYLES[min(found.grade, len(_STYLES) - 1)])
    if found.probabilities:
        text.append(f"  {found.probabilities[found.grade]:.0%}", style="dim")
    if len(found.grade_set) > 1:  # short, so that four columns fit into 80 characters
        text.append(f" {min(found.grade_set)}-{max(found.grade_set)}")
    marks = _marks(item, column)
    if marks.doubt:
        text.append("~", style="bold")
    if marks.review:
        text.append("?", style="bold")
    return text
