"""What ``lumbargrade grade`` prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from rich.table import Table
from rich.text import Text

from lumbargrade.grading.columns import Column, columns_of
from lumbargrade.grading.finding import Plane, SliceGrades, StudyGrades
from lumbargrade.grading.geometry_check import disagreement
from lumbargrade.grading.summary import patient_grades
from lumbargrade.grading.system import GradingSystem

_STYLES = ("green", "yellow", "dark_orange", "bold red")

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
    sources = sorted({item.level.source for item in grades.slices if item.level.level})
    notes = ["slices caudal to cranial", *(f"levels {text}" for text in sources)]
    found = [one for item in grades.slices for one in item.findings]
    if any(len(one.grade_set) > 1 for one in found):
        notes.append("1-2 = set of grades 1 or 2")
    if any(one.ask_reader for one in found) or any(map(_contradicted, grades.slices)):
        notes.append("? = review needed")
    if any(_doubted(item, one) for item in grades.slices for one in columns):
        notes.append("~ = in doubt, the slice does not cut a disc alone")
    table.caption = "; ".join(notes)
    return table


def study_line(name: str, grades: StudyGrades, systems: Systems) -> str:
    """Return one line for a study: its worst grades."""
    worst = patient_grades(grades)
    parts = []
    for column in columns_of(grades, systems):
        grade = worst.get((column.system.code, column.side))
        parts.append(f"{column.title} {'-' if grade is None else grade}")
    asked = _asked(grades)
    doubt = f"; review needed: {asked} slice{'s' if asked > 1 else ''}" if asked else ""
    return f"{name}: {len(grades.slices)} slices, worst " + ", ".join(parts) + doubt


def refusal_lines(grades: StudyGrades) -> Iterator[str]:
    """Yield one line per reason for which something was not graded."""
    for reason, count in Counter(item.reason for item in grades.not_graded).most_common():
        yield f"not graded: {count} x {reason}"


def _asked(grades: StudyGrades) -> int:
    """How many slices have a finding that needs review by a reader."""
    return sum(
        any(found.ask_reader for found in item.findings) or _contradicted(item)
        for item in grades.slices
    )


def _doubted(item: SliceGrades, column: Column) -> bool:
    """Whether there is a grade that needs a disc on a slice that does not cut a disc alone."""
    found = item.finding(column.system.code, column.side)
    graded = found is not None and found.grade is not None
    off_disc = item.cut is not None and item.cut.plane is not Plane.DISC
    return graded and off_disc and column.system.needs_disc


def _contradicted(item: SliceGrades) -> bool:
    return disagreement(item.findings, item.measures) is not None


def _cell(item: SliceGrades, column: Column) -> Text:
    found = item.finding(column.system.code, column.side)
    if found is None or found.grade is None:
        return Text("-", style="dim")
    text = Text(str(found.grade), style=_STYLES[min(found.grade, len(_STYLES) - 1)])
    if found.probabilities:
        text.append(f"  {found.probabilities[found.grade]:.0%}", style="dim")
    if len(found.grade_set) > 1:  # short, so that four columns fit into 80 characters
        text.append(f" {min(found.grade_set)}-{max(found.grade_set)}")
    if _doubted(item, column):
        text.append("~", style="bold")
    if found.ask_reader or disagreement([found], item.measures):
        text.append("?", style="bold")
    return text
