"""``report.html``: one page that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from lumbargrade.files.clean_text import cleaned_text
from lumbargrade.grading.columns import Column, columns_of
from lumbargrade.grading.summary import sources_of
from lumbargrade.grading.system import GradingSystem
from lumbargrade.outputs.page.cards import Card, cards_of
from lumbargrade.outputs.page.findings import head_line
from lumbargrade.outputs.page.levels import LevelRow, doubt_of, level_rows
from lumbargrade.outputs.page.patient import patient_of, running_head
from lumbargrade.outputs.page.pictures.drawing import legend_of
from lumbargrade.outputs.page.pictures.sagittal import SagittalView, sagittal_of
from lumbargrade.outputs.page.refusals import refusals_of
from lumbargrade.outputs.page.script import policy_of, script_of
from lumbargrade.outputs.page.stack import stack_of
from lumbargrade.outputs.page.text_report import text_report
from lumbargrade.outputs.page.verdicts import disc_verdicts, number_of, tone_of
from lumbargrade.outputs.page.words.language import ENGLISH, Words, words_of
from lumbargrade.outputs.page.words.measures import definitions, source_in_words, title_of
from lumbargrade.outputs.page.words.shapes import shape_title
from lumbargrade.study.graded import GradedStudy

FILE_NAME = "report.html"
_STYLES = ("page.css", "stack.css", "print.css")


def write(graded: GradedStudy, folder: Path, language: str = ENGLISH) -> Path:
    """Write ``report.html`` into an existing folder and return its path.

    Raises OutputError if there is no file of words of this language.
    """
    path = folder / FILE_NAME
    path.write_text(render(graded, language), encoding="utf-8")
    return path


def render(graded: GradedStudy, language: str = ENGLISH) -> str:
    """Return the page as text; everything that came from a file is cleaned and escaped."""
    script = script_of(_resource)
    return _template().render(
        **_content(graded, words_of(language)),
        style="\n".join(_resource(name) for name in _STYLES),
        script=script,
        policy=policy_of(script),
    )


def _content(graded: GradedStudy, words: Words) -> dict[str, Any]:
    grades = graded.grades
    systems = {code: words.system(system) for code, system in graded.systems.items()}
    columns = columns_of(grades, systems)
    cards = cards_of(grades, columns, graded.pictures, words)
    levels = level_rows(grades, columns, cards, systems, words)
    head, refusals = head_line(levels, words), refusals_of(grades, words)
    sagittal = _sagittal(graded, cards)
    patient, kinds = patient_of(graded, words), definitions(grades.slices)
    return {
        "t": words,
        "grades": grades,
        "patient": patient,
        "running": running_head(patient, words),
        "head": head,
        "columns": columns,
        "levels": levels,
        "stack": stack_of(cards),
        **_beside_sagittal(sagittal, levels, systems, words),
        "sagittal": sagittal,
        "names": {card.number: card.level for card in cards},
        "refusals": refusals,
        "text": text_report(grades, patient, (head, levels, refusals), words),
        "doubt_of": lambda grade_set: doubt_of(grade_set, words),
        "level_sources": [words.sentence(one) for one in sources_of(grades)],
        "with_sets": any(one.grade_set for card in cards for one in card.verdicts),
        "systems": _shown_systems(columns, graded, systems),
        "legend": legend_of(card.views.drawing for card in cards if card.views),
        "kinds": kinds,
        "kind_titles": {kind.name: title_of(kind, words) for kind in kinds},
        "source_in_words": source_in_words,
        "shape_title": lambda shape: shape_title(shape, words),
        "tone_of": tone_of,
        "number_of": number_of,
    }


def _sagittal(graded: GradedStudy, cards: tuple[Card, ...]) -> SagittalView | None:
    by_slice = {one.identity: one for one in graded.pictures}
    pairs = [
        (card.number, by_slice[card.slice.identity])
        for card in reversed(cards)
        if card.slice.identity in by_slice
    ]
    return sagittal_of(graded.sagittal, graded.grades.discs, pairs)


def _beside_sagittal(
    sagittal: SagittalView | None,
    levels: Sequence[LevelRow],
    systems: dict[str, GradingSystem],
    words: Words,
) -> dict[str, Any]:
    """What stands beside the discs, and in the table for them."""
    shapes = () if sagittal is None else sagittal.discs
    graded = {place: disc_verdicts(one.disc, systems, words) for place, one in enumerate(shapes)}
    found = [one for row in levels for one in row.discs]
    found += [one for each in graded.values() for one in each]
    return {
        "disc_grades": graded,
        "with_discs": bool(found),
        "disc_columns": list(dict.fromkeys((one.title, one.column.system.name) for one in found)),
        "tones": {row.level: f"t{row.tone}" for row in levels if row.tone is not None},
        "targets": {row.level: row.main_number for row in levels},
    }


def _shown_systems(
    columns: tuple[Column, ...], graded: GradedStudy, systems: dict[str, GradingSystem]
) -> list[GradingSystem]:
    """The grading systems of which anything is shown."""
    codes = dict.fromkeys(column.system.code for column in columns)
    codes |= dict.fromkeys(one.system for disc in graded.grades.discs for one in disc.findings)
    return [systems[code] for code in codes if code in systems]


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
