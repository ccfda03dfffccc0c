"""The measures of a slice in words, each beside the grade that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from lumbargrade.grading.columns import Column
from lumbargrade.grading.finding import Cut, Measure, Side, SliceGrades
from lumbargrade.morphometry.kinds import KINDS, Kind
from lumbargrade.outputs.page.words.language import Words

BESIDE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "LDH": (
            "disc_displacement_mm",
            "intrafacet_depth_mm",
            "displacement_ratio",
            "displacement_apex_mm",
        ),
        "LCCS": (
            "sac_area_mm2",
            "sac_depth_mm",
            "sac_width_mm",
            "canal_depth_mm",
            "ventral_csf_mm",
            "root_share",
            "root_clusters",
        ),
        "LNRC": ("recess_depth_mm", "root_gap_mm", "root_displacement_mm"),
    }
)
"""Grading system -> the measures that a reader wants to see beside its grade, in this order."""

_UNITS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {"mm": (" mm", 1), "mm2": (" mm²", 0), "deg": ("°", 0), "1": ("", 2)}
)
"""UCUM unit -> how it is written, and the decimals that an outline is good for."""

_CHOICE = "this project's choice"
_COUNTS = frozenset({"root_clusters"})
_TOWARDS = "displacement_apex_mm"


@dataclass(frozen=True)
class Row:
    """One measure in words, or several that were not measured for one reason.

    ``value`` has its error and unit, and is empty where there is none; ``reason`` then says
    why. ``help_text`` is the definition; ``notes`` are the published limits that the value
    is beyond, each with its source.
    """

    title: str
    value: str
    reason: str = ""
    help_text: str = ""
    notes: tuple[str, ...] = ()


def rows_beside(item: SliceGrades, column: Column, words: Words) -> tuple[Row, ...]:
    """Return the measures that belong beside the grade of this column."""
    return _rows(_beside(item, column), column.side is None, words)


def other_rows(item: SliceGrades, columns: Sequence[Column], words: Words) -> tuple[Row, ...]:
    """Return the measures of a slice that stand beside no grade."""
    shown = [measure for column in columns for measure in _beside(item, column)]
    return _rows((one for one in item.measures if one not in shown), True, words)


def definitions(items: Iterable[SliceGrades]) -> tuple[Kind, ...]:
    """Return the kinds of which any of the slices has a measure, in the catalogue's order."""
    named = {measure.name for item in items for measure in item.measures}
    return tuple(kind for kind in KINDS.values() if kind.name in named)


def cut_in_words(cut: Cut | None, words: Words) -> str:
    """Return what a slice cuts, with its probability; "" where it is not known."""
    return "" if cut is None else words(f"cut.{cut.plane}", percent=100 * max(cut.probabilities))


def _beside(item: SliceGrades, column: Column) -> list[Measure]:
    wanted = BESIDE.get(column.system.code, ())
    found = [
        measure
        for measure in item.measures
        if measure.name in wanted and (column.side is None or measure.side == column.side)
    ]
    return sorted(found, key=lambda measure: wanted.index(measure.name))


def _rows(measures: Iterable[Measure], with_side: bool, words: Words) -> tuple[Row, ...]:
    """One row a kind, with both sides; what is missing for one reason shares a row at the end."""
    values: dict[str, list[Measure]] = {}
    missing: dict[str, list[str]] = {}
    for measure in measures:
        if measure.value is not None:
            values.setdefault(measure.name, []).append(measure)
            continue
        side = f", {words.sentence(measure.side)}" if measure.side and with_side else ""
        title = title_of(KINDS[measure.name], words)
        missing.setdefault(measure.reason, []).append(title + side)
    rows = [_row(KINDS[name], found, with_side, words) for name, found in values.items()]
    for reason, titles in missing.items():
        rows.append(Row("; ".join(titles), "", words.sentence(reason)))
    return tuple(rows)


def _row(kind: Kind, measures: Sequence[Measure], with_side: bool, words: Words) -> Row:
    said = []
    for measure in measures:
        value = _value(measure, kind.unit, measure.value or 0.0, words)
        if measure.side and with_side:
            value = words("measure.side", side=words.sentence(measure.side), value=value)
        said.append(value)
    notes = dict.fromkeys(note for measure in measures for note in _notes(measure, kind))
    return Row(title_of(kind, words), ", ".join(said), "", kind.help_text, tuple(notes))


def title_of(kind: Kind, words: Words) -> str:
    """Return the title of a kind of measure; short where the value says the side itself."""
    english = kind.title.partition(",")[0] if kind.name == _TOWARDS else kind.title
    return words.measures.get(kind.name, english)


def _value(measure: Measure, unit: str, value: float, words: Words) -> str:
    written, decimals = _UNITS[unit]
    if measure.name in _COUNTS:
        decimals = 0
    error = f" ± {measure.error:.{decimals}f}" if measure.error else ""
    if measure.name != _TOWARDS:
        return f"{value:.{decimals}f}{error}{written}"
    side = Side.LEFT if value > 0 else Side.RIGHT  # x grows to the patient's left
    length = f"{abs(value):.{decimals}f}{error}{written}"
    return words("measure.of_midline", value=length, side=words.sentence(side))


def _notes(measure: Measure, kind: Kind) -> tuple[str, ...]:
    """The published limit that a value is beyond."""
    passed = kind.cut_off(measure.value)
    if passed is None:
        return ()
    return (f"{passed.wording} ({source_in_words(passed.source)})".replace("mm2", "mm²"),)


def source_in_words(source: str) -> str:
    """Return a source as the page names it: a choice of this project is called one.

    Examples
    --------
    >>> source_in_words("limits of 4 to 5 mm are in use [design]")
    "limits of 4 to 5 mm are in use; this project's choice"
    """
    return re.sub(r"(?<![:;]) (?=\[design])", "; ", source).replace("[design]", _CHOICE)
