"""The catalogue of measures as data: what each is, in which unit, by whose definition.

A kind is one table of ``kinds.toml``; its formula is the function of the same name in the
tables ``FORMULAS`` of this room.
"""

from __future__ import annotations

import operator
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from lumbargrade.grading.finding import Side

_HOLDS: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {"below": operator.lt, "at most": operator.le, "above": operator.gt}
)


@dataclass(frozen=True)
class CutOff:
    """A published limit of a measure: words beside a value, never a grade.

    Attributes
    ----------
    limit : in the unit of the kind.
    relation : ``"below"``, ``"at most"`` or ``"above"``: which side of the limit is meant.
    wording : what a value on that side is called.
    source : who says so.
    """

    limit: float
    relation: str
    wording: str
    source: str

    def holds(self, value: float) -> bool:
        """Say whether a value lies on the side that the words are about."""
        return _HOLDS[self.relation](value, self.limit)


@dataclass(frozen=True)
class Kind:
    """One kind of measure.

    Attributes
    ----------
    name : with its unit, such as ``"sac_area_mm2"``.
    title : as a heading shows it.
    unit : UCUM code, ``"1"`` for a ratio or a count.
    per_side : measured on the left and on the right.
    needs : the outlines without which it is missing.
    help_text : what it is, in a radiologist's words.
    formula, source : how it is calculated, and after whom.
    cut_offs : the most severe first.
    """

    name: str
    title: str
    unit: str
    per_side: bool
    needs: str
    help_text: str
    formula: str
    source: str
    cut_offs: tuple[CutOff, ...] = ()

    @property
    def sides(self) -> tuple[Side | None, ...]:
        """(left, right) for a measure with sides, else (None,)."""
        return (Side.LEFT, Side.RIGHT) if self.per_side else (None,)

    def cut_off(self, value: float | None) -> CutOff | None:
        """Return the most severe published limit that a value is beyond, if there is one.

        Examples
        --------
        >>> KINDS["sac_area_mm2"].cut_off(70.0).wording
        'below 75 mm2: absolute central stenosis'
        """
        if value is None:
            return None
        return next((one for one in self.cut_offs if one.holds(value)), None)


def _load() -> Mapping[str, Kind]:
    path = files("lumbargrade.morphometry") / "kinds.toml"
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["kinds"]
    return MappingProxyType({table["name"]: _kind(table) for table in tables})


def _kind(table: Mapping[str, Any]) -> Kind:
    cut_offs = tuple(
        CutOff(float(one["limit"]), one["is"], one["wording"], one["source"])
        for one in table.get("cut_offs", ())
    )
    plain = ("name", "title", "unit", "per_side", "needs", "formula", "source")
    return Kind(help_text=table["help"], cut_offs=cut_offs, **{key: table[key] for key in plain})


KINDS: Mapping[str, Kind] = _load()
"""Name -> kind, in the order of the file."""
