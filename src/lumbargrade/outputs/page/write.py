"""``report.html``: one page that needs nothing but itself."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from lumbargrade.files.clean_text import cleaned_text
from lumbargrade.grading.columns import columns_of
from lumbargrade.grading.grades_json import RESEARCH_USE
from lumbargrade.grading.summary import sources_of
from lumbargrade.outputs.page.content import cards_of, doubt_of, level_rows, refusals_of
from lumbargrade.outputs.page.drawing import legend_of
from lumbargrade.outputs.page.measures import definitions, source_in_words
from lumbargrade.study.graded import GradedStudy

FILE_NAME = "report.html"


def write(graded: GradedStudy, folder: Path) -> Path:
    """Write ``report.html`` into an existing folder and return its path."""
    path = folder / FILE_NAME
    path.write_text(render(graded), encoding="utf-8")
    return path


def render(graded: GradedStudy) -> str:
    """Return the page as text; everything that came from a file is cleaned and escaped."""
    grades = graded.grades
    columns = columns_of(grades, graded.systems)
    cards = cards_of(grades, columns, graded.pictures)
    return _template().render(
        grades=grades,
        notice=RESEARCH_USE,
        columns=columns,
        cards=cards,
        levels=level_rows(grades, columns, cards),
        refusals=refusals_of(grades),
        doubt_of=doubt_of,
        level_sources=sources_of(grades),
        with_sets=any(verdict.grade_set for card in cards for verdict in card.verdicts),
        systems=list(dict.fromkeys(column.system.code for column in columns)),
        wording=graded.systems,
        legend=legend_of(card.views.drawing for card in cards if card.views),
        kinds=definitions(grades.slices),
        source_in_words=source_in_words,
        style=_resource("report.css"),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FunctionLoader(_resource),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=cleaned_text,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")


def _resource(name: str) -> str:
    return files("lumbargrade.outputs.page").joinpath("templates", name).read_text(encoding="utf-8")
