"""``report.html``: one page that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from lumbargrade.grading.finding import StudyGrades
from lumbargrade.grading.grades_json import RESEARCH_USE
from lumbargrade.grading.system import GRADING_SYSTEMS, GradingSystem
from lumbargrade.outputs.page.content import cards_of, columns_of, doubt_of, level_rows, refusals_of
from lumbargrade.study.slice_picture import SlicePicture

FILE_NAME = "report.html"


def write(
    grades: StudyGrades,
    folder: Path,
    pictures: Sequence[SlicePicture] = (),
    systems: Mapping[str, GradingSystem] = GRADING_SYSTEMS,
) -> Path:
    """Write ``report.html`` into an existing folder and return its path.

    Parameters
    ----------
    grades : of one study.
    folder : existing folder.
    pictures : of the graded slices; slices without one are shown in words.
    systems : whose wording is shown, by code.
    """
    path = folder / FILE_NAME
    path.write_text(render(grades, pictures, systems), encoding="utf-8")
    return path


def render(
    grades: StudyGrades,
    pictures: Sequence[SlicePicture] = (),
    systems: Mapping[str, GradingSystem] = GRADING_SYSTEMS,
) -> str:
    """Return the page as text; everything that came from a file is escaped."""
    columns = columns_of(grades, systems)
    cards = cards_of(grades, columns, pictures)
    overlaid = {overlay.index for card in cards if card.views for overlay in card.views.overlays}
    return _template().render(
        grades=grades,
        notice=RESEARCH_USE,
        columns=columns,
        cards=cards,
        levels=level_rows(grades, columns, cards),
        refusals=refusals_of(grades),
        doubt_of=doubt_of,
        with_sets=any(verdict.grade_set for card in cards for verdict in card.verdicts),
        systems=list(dict.fromkeys(column.system.code for column in columns)),
        wording=systems,
        overlaid=sorted(overlaid),
        style=_resource("report.css"),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FunctionLoader(_resource),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")


def _resource(name: str) -> str:
    return files("lumbargrade.outputs.page").joinpath("templates", name).read_text(encoding="utf-8")
