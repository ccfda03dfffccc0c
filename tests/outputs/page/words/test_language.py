from __future__ import annotations

import re
import string
from dataclasses import replace
from importlib.resources import files

import pytest

from lumbargrade.errors import OutputError
from lumbargrade.grading.columns import Column
from lumbargrade.grading.finding import Side
from lumbargrade.grading.level import LevelSource
from lumbargrade.grading.system import GRADING_SYSTEMS
from lumbargrade.morphometry.kinds import KINDS
from lumbargrade.outputs.page.words.language import languages, words_of

EN, DE = words_of(), words_of("de")
OTHERS = [one for one in languages() if one != "en"]


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_english_is_the_first_of_the_languages() -> None:
    assert languages()[0] == "en"
    assert "de" in languages()


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(OutputError, match="of the report is not known: use en or de"):
        words_of("xx")
    with pytest.raises(OutputError, match=r"language '\.\./en' of the report"):
        words_of("../en")


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_leaves_open_what_english_does(language: str) -> None:
    words = words_of(language)
    assert set(words.texts) == set(EN.texts)
    for key, text in words.texts.items():
        assert _fields(text) <= _fields(EN.texts[key]), key
    assert set(words.measures) <= set(KINDS)
    assert set(words.systems) <= set(GRADING_SYSTEMS)


def test_every_text_that_the_templates_name_is_there() -> None:
    folder = files("lumbargrade.outputs.page") / "templates"
    pages = [one.read_text("utf-8") for one in folder.iterdir() if one.name.endswith(".html")]
    named = {key for page in pages for key in re.findall(r"\bt\(\"([\w.]+)\"", page)}
    assert len(named) > 40
    assert [key for key in named if key not in EN] == []


def test_what_a_language_lacks_is_said_in_english() -> None:
    assert DE("line.sure", percent=97.4) == "97 %"
    assert DE.sentence("something that nobody has put into German") == (
        "something that nobody has put into German"
    )
    assert DE.sentence(LevelSource.SAGITTAL) == "sagittale Serie"


def test_a_system_is_translated_with_its_grades() -> None:
    german = DE.system(GRADING_SYSTEMS["LCCS"])
    assert (german.code, german.grades[3].name) == ("LCCS", "hochgradig")
    assert german.grades[3].help_text.startswith("Einzelne Wurzeln")
    assert DE.has_own(german)
    assert EN.system(GRADING_SYSTEMS["LCCS"]) is GRADING_SYSTEMS["LCCS"]


def test_a_models_own_wording_is_left_alone() -> None:
    known = GRADING_SYSTEMS["LCCS"]
    own = replace(known, grades=(*known.grades[:3], replace(known.grades[3], name="worst")))
    assert DE.system(own) is own
    assert not DE.has_own(own)
    assert not EN.has_own(own)
    assert not EN.has_own(replace(known, code="OWN"))


def test_a_column_has_the_patients_side_in_its_title() -> None:
    column = Column(GRADING_SYSTEMS["LNRC"], Side.LEFT)
    assert (EN.column(column), DE.column(column)) == ("LNRC left", "LNRC links")
    assert DE.output("LDH", None) == "LDH"
