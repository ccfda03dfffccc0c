"""Outlines that a person drew on slices: read from a JSON file, and written to one.

The file is a list of records, one a slice; ``docs/reference/measures.md`` names the keys.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lumbargrade.errors import OutlineError
from lumbargrade.files.write import write_json
from lumbargrade.grading.finding import Plane, Side
from lumbargrade.morphometry.outlines import Line, Outlines, Root
from lumbargrade.morphometry.record import check, check_sides, line, root

_SHOWN = 20
"""Faults that the error spells out; the others are counted."""
_DECIMALS = 3

DRAFT_QUALITY = 1
"""Quality of outlines that no person would defend: drafts that no one corrected, simulated
slices, poor pictures. They teach less, and test nothing."""


@dataclass(frozen=True)
class Tracing:
    """The outlines of one slice, and the slice.

    Attributes
    ----------
    file : the slice, as a path from the folder of the pictures.
    outlines : in mm from ``centre_px``.
    centre_px : (column, row) of the picture; (0, 0) is the centre of the first pixel.
    pixel_spacing_mm : of the picture, whose pixels are square.
    patient : who must not be learned from and tested on at once.
    level, contrast : such as ``"L4-L5"`` and ``"t2"``; empty where not known.
    plane : what the slice cuts, or None where it was not said.
    quality : 1 (poor) to 3 (would defend every line), or None where it was not said.
    facet_sure, sac_sure : whether the tracer is sure of facets and joints, and of the sac.
    note : the tracer's own words.
    """

    file: str
    outlines: Outlines
    centre_px: tuple[float, float]
    pixel_spacing_mm: float
    patient: str
    level: str = ""
    contrast: str = ""
    plane: Plane | None = None
    quality: int | None = None
    facet_sure: bool = True
    sac_sure: bool = True
    note: str = ""


def read_tracings(path: Path) -> tuple[Tracing, ...]:
    """Read a file of outlines, in its order.

    A wall of the canal that was drawn from left to right is turned round, and so is a joint
    whose lateral end comes first. A record without ``patient`` has as its patient what stands
    before the first ``_`` in the name of its file.

    Raises
    ------
    OutlineError
        If the file cannot be read, or a record has a fault; it names each fault with its
        record and key, what is wrong and what to do.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise OutlineError(f"{path}: the outlines cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise OutlineError(f"{path}: no JSON: write a list of records, one a slice") from None
    if not isinstance(data, list) or not all(isinstance(one, dict) for one in data):
        raise OutlineError(f"{path}: outlines are a list of records, one a slice")
    faults = [fault for number, one in enumerate(data, start=1) for fault in _faults(number, one)]
    if faults:
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise OutlineError(f"{path}: {'; '.join(faults[:_SHOWN])}{more}")
    return tuple(_tracing(one) for one in data)


def write_tracings(path: Path, tracings: Sequence[Tracing]) -> None:
    """Write a file that :func:`read_tracings` reads back, to a thousandth of a mm.

    Raises
    ------
    OutlineError
        If the file cannot be written.
    """
    try:
        write_json(path, [_record(one) for one in tracings])
    except OSError as error:
        raise OutlineError(f"{path}: the outlines cannot be written: {error.strerror}") from None


def _faults(number: int, record: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    name = record.get("file")
    where = f"record {number} ({name})" if isinstance(name, str) else f"record {number}"

    def tell(key: str, wrong: str) -> None:
        found.append(f"{where}: '{key}' {wrong}")

    check(record, tell)
    if not found:
        check_sides(record, tell)
    return found


# --- from plain data ---------------------------------------------------------------------------


def _tracing(record: Mapping[str, Any]) -> Tracing:
    column, row = record["centre_px"]
    stem = record["file"].replace("\\", "/").rsplit("/", 1)[-1]
    return Tracing(
        file=record["file"],
        outlines=_outlines(record),
        centre_px=(float(column), float(row)),
        pixel_spacing_mm=float(record["pixel_spacing_mm"]),
        patient=record.get("patient") or stem.partition("_")[0],
        level=record.get("level", ""),
        contrast=record.get("contrast", ""),
        plane=Plane(record["plane"]) if "plane" in record else None,
        quality=record.get("quality"),
        facet_sure=record.get("facet_sure", True),
        sac_sure=record.get("sac_sure", True),
        note=record.get("note", ""),
    )


def _outlines(record: Mapping[str, Any]) -> Outlines:
    def lines(stem: str) -> dict[Side, Line]:
        keys = {side: f"{stem}_{side.value}" for side in Side}
        return {side: line(record[key]) for side, key in keys.items() if key in record}

    def roots(stem: str) -> dict[Side, Root]:
        keys = {side: f"{stem}_{side.value}" for side in Side}
        return {side: root(record[key]) for side, key in keys.items() if key in record}

    disc, sac, wall = (
        line(record[key]) if key in record else None for key in ("disc", "sac", "canal_back")
    )
    if wall is not None and wall[0, 0] > wall[-1, 0]:
        wall = wall[::-1].copy()
    dots, groups = record.get("roots_in_sac"), record.get("clusters")
    return Outlines(
        disc=disc,
        sac=sac,
        canal_back=wall,
        facets=lines("bone"),
        joints={side: _medial_first(side, one) for side, one in lines("joint").items()},
        traversing_roots=roots("root"),
        exiting_roots=roots("exit"),
        roots_in_sac=None if dots is None else tuple(root(one) for one in dots),
        clusters=None if groups is None else tuple(line(one) for one in groups),
    )


def _medial_first(side: Side, joint: Line) -> Line:
    """The left joint begins on its right, and the right one on its left."""
    lateral_first = joint[0, 0] > joint[-1, 0] if side is Side.LEFT else joint[0, 0] < joint[-1, 0]
    return joint[::-1].copy() if lateral_first else joint


# --- to plain data -----------------------------------------------------------------------------


def _record(tracing: Tracing) -> dict[str, Any]:
    said = {
        "file": tracing.file,
        "patient": tracing.patient,
        "level": tracing.level,
        "contrast": tracing.contrast,
        "centre_px": list(tracing.centre_px),
        "pixel_spacing_mm": tracing.pixel_spacing_mm,
        "plane": None if tracing.plane is None else tracing.plane.value,
        "quality": tracing.quality,
        "facet_sure": tracing.facet_sure,
        "sac_sure": tracing.sac_sure,
        "note": tracing.note,
        **_drawn(tracing.outlines),
    }
    return {key: value for key, value in said.items() if value is not None and value != ""}


def _drawn(outlines: Outlines) -> dict[str, Any]:
    lines = {
        "disc": outlines.disc,
        "sac": outlines.sac,
        "canal_back": outlines.canal_back,
        **{f"bone_{side.value}": one for side, one in outlines.facets.items()},
        **{f"joint_{side.value}": one for side, one in outlines.joints.items()},
    }
    roots = {
        **{f"root_{side.value}": one for side, one in outlines.traversing_roots.items()},
        **{f"exit_{side.value}": one for side, one in outlines.exiting_roots.items()},
    }
    drawn: dict[str, Any] = {k: _points(one) for k, one in lines.items() if one is not None}
    drawn |= {key: _root(one) for key, one in roots.items()}
    if outlines.roots_in_sac is not None:
        drawn["roots_in_sac"] = [_root(one) for one in outlines.roots_in_sac]
    if outlines.clusters is not None:
        drawn["clusters"] = [_points(one) for one in outlines.clusters]
    return drawn


def _points(one: Line) -> list[list[float]]:
    return [[round(float(x), _DECIMALS), round(float(y), _DECIMALS)] for x, y in one]


def _root(one: Root) -> dict[str, Any]:
    x, y = one.centre_mm
    centre = [round(x, _DECIMALS), round(y, _DECIMALS)]
    return {"centre": centre, "diameter": round(one.diameter_mm, _DECIMALS)}
