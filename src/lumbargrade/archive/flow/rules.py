"""Rules of inclusion and exclusion, read from TOML: who stays in a cohort, in which order.

A rule either looks at a column of the index, where it keeps the slices that hold to it, or
it drops patients who stand in the list of manual exclusions for one of its reasons. A
patient is counted at the rule that removes their last slice.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyarrow as pa

from lumbargrade.archive.index.columns import COLUMNS
from lumbargrade.errors import CohortError

STEPS = ("inclusion", "exclusion")
REASONS = ("fracture", "inflammation", "malignancy", "previous surgery", "artefact")
"""Why a reader excludes a patient by hand; ``more_reasons`` of a rules file adds others."""
COUNTS = ("slices_per_series", "slices_per_study", "slices_per_patient", "studies_per_patient")
"""Columns that are counted over what the rules above have left."""
OPERATORS = ("is", "is not", "one of", "none of", "at least", "at most", "between")
DEFAULT_RULES = "su2022"

_ORDERING = ("at least", "at most", "between")
_LISTS = ("one of", "none of", "between")
_KEYS = ("step", "reason", "column", "operator", "value", "unknown", "listed_for")


@dataclass(frozen=True)
class ColumnRule:
    """Keeps the slices whose column holds to the operator and value.

    Attributes
    ----------
    step : ``"inclusion"`` or ``"exclusion"``.
    reason : why a patient is out, as the flow says it.
    value : one value; of ``one of``, ``none of`` and ``between`` a tuple.
    keeps_unknown : whether a slice stays where the column is empty.
    """

    step: str
    reason: str
    column: str
    operator: str
    value: Any
    keeps_unknown: bool


@dataclass(frozen=True)
class ListRule:
    """Drops the patients who are listed for one of these reasons."""

    step: str
    reason: str
    listed_for: tuple[str, ...]


Rule = ColumnRule | ListRule


@dataclass(frozen=True)
class Rules:
    """All rules in their order.

    ``reasons`` are those that a list of manual exclusions may give, ``text`` the file as read.
    """

    name: str
    reasons: tuple[str, ...]
    rules: tuple[Rule, ...]
    text: str


def load_rules(name_or_path: str) -> Rules:
    """Read rules that come with the package (by name) or a TOML file.

    Raises CohortError if there are no such rules, or one of them is unknown or impossible; the
    message names the rule.
    """
    packaged = files("lumbargrade.archive.flow").joinpath(f"rules_{name_or_path}.toml")
    path = packaged if packaged.is_file() else Path(name_or_path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise CohortError(
            f"rules '{name_or_path}' are neither a readable file nor {DEFAULT_RULES}: give the "
            "path of a TOML file"
        ) from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CohortError(f"{path}: is not TOML: {error}") from None
    return _rules(data, str(path), text)


def _rules(data: Mapping[str, Any], where: str, text: str) -> Rules:
    unknown = sorted(data.keys() - {"name", "more_reasons", "rule"})
    if unknown:
        raise CohortError(
            f"{where}: unknown entry {unknown[0]!r}: use name, more_reasons and [[rule]]"
        )
    more, entries = data.get("more_reasons", []), data.get("rule", [])
    if not _is_texts(more):
        raise CohortError(f"{where}: 'more_reasons' must be a list of texts")
    if not isinstance(entries, list) or not entries:
        raise CohortError(f"{where}: has no rule: write one [[rule]] for each")
    reasons = (*REASONS, *more)
    rules = tuple(
        _rule(entry, reasons, f"{where}: rule {number}")
        for number, entry in enumerate(entries, start=1)
    )
    for number, one in enumerate(rules):
        if one.reason in (other.reason for other in rules[:number]):
            raise CohortError(
                f"{where}: rule {number + 1}: another rule has the reason {one.reason!r} too: "
                "give each rule its own reason"
            )
    return Rules(str(data.get("name", where)), reasons, rules, text)


def _rule(entry: Mapping[str, Any], reasons: tuple[str, ...], where: str) -> Rule:
    unknown = sorted(entry.keys() - set(_KEYS))
    if unknown:
        raise CohortError(f"{where}: unknown entry {unknown[0]!r}: use {', '.join(_KEYS)}")
    step, reason = entry.get("step"), entry.get("reason")
    if not isinstance(reason, str) or not reason.strip():
        raise CohortError(f"{where}: 'reason' must state why a patient is excluded")
    where = f"{where} ({reason})"
    if step not in STEPS:
        raise CohortError(f"{where}: step {step!r} is unknown: use {' or '.join(STEPS)}")
    if "listed_for" not in entry:
        return _column_rule(entry, where)
    both = sorted(entry.keys() & {"column", "operator", "value", "unknown"})
    if both:
        raise CohortError(f"{where}: has listed_for and {both[0]}: give one of them")
    listed = entry["listed_for"]
    if not _is_texts(listed) or not listed:
        raise CohortError(f"{where}: 'listed_for' must be a list of reasons")
    for one in listed:
        if one not in reasons:
            raise CohortError(
                f"{where}: reason {one!r} is unknown: use {', '.join(reasons)}, or add it to "
                "more_reasons"
            )
    return ListRule(step, reason, tuple(listed))


def _column_rule(entry: Mapping[str, Any], where: str) -> ColumnRule:
    column, operator, unknown = entry.get("column"), entry.get("operator"), entry.get("unknown")
    types = column_types()
    if column not in types:
        raise CohortError(f"{where}: column {column!r} is unknown: use {', '.join(types)}")
    if operator not in OPERATORS:
        raise CohortError(f"{where}: operator {operator!r} is unknown: use {', '.join(OPERATORS)}")
    if unknown not in (None, "in", "out"):
        raise CohortError(f"{where}: unknown = {unknown!r}: use 'in' or 'out'")
    if operator in _ORDERING and types[column] is not float:
        raise CohortError(f"{where}: {operator!r} needs a column of numbers, {column} is none")
    value = entry.get("value")
    values = value if operator in _LISTS else [value]
    if not isinstance(values, list) or not values or (operator == "between" and len(values) != 2):
        what = "two numbers [low, high]" if operator == "between" else "a list of values"
        raise CohortError(f"{where}: value {value!r}: {operator!r} needs {what}")
    for one in values:
        if not _fits(one, types[column]):
            raise CohortError(f"{where}: value {one!r}: {column} needs {_KINDS[types[column]]}")
    kept = tuple(values) if operator in _LISTS else value
    return ColumnRule(entry["step"], entry["reason"], column, operator, kept, unknown == "in")


_KINDS = {float: "a number", str: "a text", bool: "true or false"}


def column_types() -> dict[str, type]:
    """Return the columns that a rule may look at: name -> float, str or bool."""
    found: dict[str, type] = {}
    for column in COLUMNS:
        if pa.types.is_boolean(column.type):
            found[column.name] = bool
        elif pa.types.is_string(column.type):
            found[column.name] = str
        elif not pa.types.is_nested(column.type):
            found[column.name] = float
    return found | dict.fromkeys(COUNTS, float)


def _fits(value: Any, kind: type) -> bool:
    if kind is float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and math.isfinite(value)
    return type(value) is kind


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
