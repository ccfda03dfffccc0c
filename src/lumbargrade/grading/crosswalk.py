"""Crosswalks as data: which grades of a model answer to which grades of another system.

A crosswalk never changes a label. It states how a model's grades are merged so that they can
be set beside the grades of a public set, why so, and how the two differ.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lumbargrade.errors import GradingSystemError
from lumbargrade.grading.system import GRADING_SYSTEMS, KNOWN_SYSTEMS, GradingSystem

_WHOLE = ("name", "title", "source", "reach_mm", "reach_source", "maps")
_MAP = ("reference", "model", "merge", "why", "differs")


@dataclass(frozen=True)
class GradeMap:
    """One system of a set beside one system of the model.

    Attributes
    ----------
    reference, model : the two systems.
    merged : by grade of the model 0, 1, ..., the grade of ``reference`` that it becomes.
    why : where the merging comes from.
    differs : what the two systems do not have in common.

    Raises
    ------
    GradingSystemError
        If the merging does not keep the order of the grades, leaves a grade of either system
        out, or the reference has sides and the model's system has none.
    """

    reference: GradingSystem
    model: GradingSystem
    merged: tuple[int, ...]
    why: str
    differs: str

    def __post_init__(self) -> None:
        steps = range(len(self.reference.grades))
        given = list(self.merged)
        if len(given) != len(self.model.grades) or given != sorted(given):
            raise GradingSystemError(
                f"{self.name}: the merging must keep the order of the {len(self.model.grades)} "
                f"grades of {self.model.code}, and gives {given}"
            )
        if set(given) != set(steps):
            raise GradingSystemError(
                f"{self.name}: no grade of {self.model.code} becomes "
                f"{self._named(set(steps) - set(given))}: give each at least one"
            )
        if self.reference.per_side and not self.model.per_side:
            raise GradingSystemError(
                f"{self.name}: {self.reference.code} is graded per side and {self.model.code} is "
                "not: choose a system with sides"
            )

    @property
    def name(self) -> str:
        """What the comparison is called, such as ``"RSNACANAL / LCCS"``."""
        return f"{self.reference.code} / {self.model.code}"

    @property
    def merging(self) -> str:
        """The merging in words, such as ``"LCCS 0, 1 -> normal or mild; 2 -> moderate; ..."``."""
        parts = []
        for grade in self.reference.grades:
            mine = [str(own) for own, other in enumerate(self.merged) if other == grade.value]
            parts.append(f"{', '.join(mine)} -> {grade.name}")
        return f"{self.model.code} {'; '.join(parts)}"

    def cut(self, lowest: int) -> str:
        """Return what is at or above a grade of the reference in words.

        Examples
        --------
        >>> [load_crosswalk("rsna2024").maps[0].cut(lowest) for lowest in (1, 2)]
        ['moderate or worse', 'severe']
        """
        worst = lowest == len(self.reference.grades) - 1
        return f"{self.reference.grades[lowest].name}{'' if worst else ' or worse'}"

    def _named(self, grades: set[int]) -> str:
        return ", ".join(repr(self.reference.grades[one].name) for one in sorted(grades))


@dataclass(frozen=True)
class Crosswalk:
    """What a set's grades are compared with.

    ``reach_mm`` is how far from the marked place, along its normal, a slice may lie and still
    belong to the level; ``reach_source`` says where that comes from.
    """

    name: str
    title: str
    source: str
    reach_mm: float
    reach_source: str
    maps: tuple[GradeMap, ...]


def load_crosswalk(name_or_path: str | Path) -> Crosswalk:
    """Read a crosswalk that comes with the package, by name, or a TOML file.

    Raises GradingSystemError if there is no such file or name, or the file does not say what it
    must; the message names the file.
    """
    path: Path | Traversable = CROSSWALKS.get(str(name_or_path), Path(name_or_path))
    try:
        return _crosswalk(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise GradingSystemError(
            f"crosswalk {name_or_path}: no such file: give a TOML file, or one of "
            f"{', '.join(CROSSWALKS)}"
        ) from error
    except (OSError, ValueError, GradingSystemError) as error:
        raise GradingSystemError(f"crosswalk {name_or_path}: {error}") from error


def _crosswalk(data: Mapping[str, Any]) -> Crosswalk:
    _check_keys(data, _WHOLE, "the file")
    for key in ("name", "title", "source", "reach_source"):
        _check_text(data, key, "the file")
    reach = data["reach_mm"]
    if isinstance(reach, bool) or not isinstance(reach, int | float) or not 0 < reach < 100:
        raise GradingSystemError(f"'reach_mm' is {reach!r}: give a distance in mm, below 100")
    maps = data["maps"]
    if not (isinstance(maps, list) and maps and all(isinstance(one, dict) for one in maps)):
        raise GradingSystemError("'maps' must be a list of tables, written [[maps]]")
    return Crosswalk(
        name=data["name"],
        title=data["title"],
        source=data["source"],
        reach_mm=float(reach),
        reach_source=data["reach_source"],
        maps=tuple(_map(one, number) for number, one in enumerate(maps, start=1)),
    )


def _map(data: Mapping[str, Any], number: int) -> GradeMap:
    where = f"map number {number}"
    _check_keys(data, _MAP, where)
    for key in ("reference", "model", "why", "differs"):
        _check_text(data, key, where)
    reference = _system(data["reference"], KNOWN_SYSTEMS, where)
    model = _system(data["model"], GRADING_SYSTEMS, where)
    return GradeMap(
        reference, model, _merged(data["merge"], reference, model), data["why"], data["differs"]
    )


def _merged(merge: object, reference: GradingSystem, model: GradingSystem) -> tuple[int, ...]:
    """Return the grade of the reference by grade of the model."""
    name = f"{reference.code} / {model.code}"
    values = {grade.name: grade.value for grade in reference.grades}
    if not isinstance(merge, dict) or set(merge) - set(values):
        raise GradingSystemError(
            f"{name}: 'merge' is {merge!r}: give grades of {model.code} for each of "
            f"{', '.join(map(repr, values))}"
        )
    found: dict[int, int] = {}
    for step, grades in merge.items():
        for grade in grades if isinstance(grades, list) else [grades]:
            known = type(grade) is int and 0 <= grade < len(model.grades)
            if not known or grade in found:
                raise GradingSystemError(
                    f"{name}: {step!r} lists {grade!r}: list each grade of {model.code}, 0 to "
                    f"{len(model.grades) - 1}, once"
                )
            found[grade] = values[step]
    return tuple(found[grade] for grade in sorted(found))


def _system(code: str, known: Mapping[str, GradingSystem], where: str) -> GradingSystem:
    if code not in known:
        raise GradingSystemError(f"{where}: no system {code!r}: name one of {', '.join(known)}")
    return known[code]


def _check_keys(data: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    if missing := [key for key in keys if key not in data]:
        raise GradingSystemError(f"{where} lacks {missing}: add it")
    if unknown := sorted(set(data) - set(keys)):
        raise GradingSystemError(f"{where} has the unknown key {unknown}: remove it")


def _check_text(data: Mapping[str, Any], key: str, where: str) -> None:
    if not isinstance(data[key], str) or not data[key].strip():
        raise GradingSystemError(f"{where}: '{key}' must be a text, not {data[key]!r}")


CROSSWALKS: Mapping[str, Traversable] = MappingProxyType(
    {
        path.name.removesuffix(".toml"): path
        for path in sorted(
            (files("lumbargrade.grading") / "crosswalks").iterdir(), key=lambda one: one.name
        )
        if path.name.endswith(".toml")
    }
)
"""Name -> file, of every crosswalk that comes with the package."""
