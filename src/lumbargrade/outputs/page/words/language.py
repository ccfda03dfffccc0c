"""The words of the page in one language, from a file; what a file lacks is said in English.

A language is a TOML file beside ``en.toml``. It may also hold the wording of grading systems, the
titles of measures, and sentences that are made elsewhere in English, word by word.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from lumbargrade.errors import OutputError
from lumbargrade.grading.columns import Column
from lumbargrade.grading.finding import Side
from lumbargrade.grading.system import KNOWN_SYSTEMS, Grade, GradingSystem

ENGLISH = "en"
_FOLDER = "lumbargrade.outputs.page.words"


@dataclass(frozen=True)
class Words:
    """The words of one language; call it with a key, and with what the text leaves open.

    Attributes
    ----------
    language : as in HTML, such as ``"en"``.
    texts : key, such as ``"table.level"`` -> text.
    systems : code -> translated name, source, and names and help texts of the grades.
    measures : name of a kind of measure -> title.
    sentences : English sentence -> the same in this language.

    Examples
    --------
    >>> words_of("de")("title")
    'MRT der LWS: Grade'
    """

    language: str
    texts: Mapping[str, str]
    systems: Mapping[str, Mapping[str, Any]]
    measures: Mapping[str, str]
    sentences: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Return a text; KeyError if not even English has it."""
        text = self.texts[key]
        return text.format(**values) if values else text

    def __contains__(self, key: str) -> bool:
        return key in self.texts

    def sentence(self, english: str) -> str:
        """Return a sentence, a level or a side in this language; as it is where none is known."""
        return self.sentences.get(english, english)

    def system(self, system: GradingSystem) -> GradingSystem:
        """Return a grading system in this language.

        Only the wording that lumbargrade has itself is translated: a model may say something else
        under the same code, which stays as it is.
        """
        own = self.systems.get(system.code)
        known = KNOWN_SYSTEMS.get(system.code)
        if own is None or known is None or _names(known) != _names(system):
            return system
        names, helps = own.get("grades", ()), own.get("help", ())
        if len(names) != len(system.grades):
            return system
        grades = tuple(
            Grade(one.value, names[one.value], helps[one.value] if helps else one.help_text)
            for one in system.grades
        )
        name, source = own.get("name", system.name), own.get("source", system.source)
        return replace(system, name=name, source=source, grades=grades)

    def has_own(self, system: GradingSystem) -> bool:
        """Return whether a system, in this language, has the wording of lumbargrade itself."""
        known = KNOWN_SYSTEMS.get(system.code)
        return known is not None and _names(self.system(known)) == _names(system)

    def column(self, column: Column) -> str:
        """Return the short title of a column, such as ``LNRC left``."""
        return self.output(column.system.code, column.side)

    def output(self, code: str, side: Side | None) -> str:
        """Return the short title of a system, or of one side of it."""
        return code if side is None else f"{code} {self.sentence(str(side))}"


def _names(system: GradingSystem) -> list[str]:
    return [grade.name for grade in system.grades]


def languages() -> tuple[str, ...]:
    """Return the languages of which there is a file, English first."""
    names = sorted(one.name for one in files(_FOLDER).iterdir() if one.name.endswith(".toml"))
    codes = [name.removesuffix(".toml") for name in names]
    return (ENGLISH, *(code for code in codes if code != ENGLISH))


@cache
def words_of(language: str = ENGLISH) -> Words:
    """Return the words of a language; OutputError if there is no file of it."""
    if language not in languages():
        raise OutputError(
            f"language {language!r} of the report is not known: use {' or '.join(languages())}"
        )
    english, own = _file(ENGLISH), _file(language)
    return Words(
        language,
        _flat(english["texts"]) | _flat(own["texts"]),
        own.get("systems", {}),
        own.get("measures", {}),
        own.get("sentences", {}),
    )


def _file(language: str) -> dict[str, Any]:
    return tomllib.loads(files(_FOLDER).joinpath(f"{language}.toml").read_text(encoding="utf-8"))


def _flat(texts: Mapping[str, Any], above: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in texts.items():
        name = f"{above}{key}"
        found |= _flat(value, f"{name}.") if isinstance(value, Mapping) else {name: value}
    return found
